import type { TokenClaims } from '../token-claims.ts'
import { isApiServer } from './token-audience.ts'

interface AudiencesKnown {
  readonly token: Pick<TokenClaims, 'issuer' | 'audiences'> | undefined
  /** Those that tokens are to be for, as somebody says. */
  readonly said: readonly string[] | undefined
  /** Those of the provider, where they are known. */
  readonly listed: readonly string[] | undefined
}

/**
 * The audiences that a trust policy is asked about: those of the token, else those that tokens are to
 * be for. What the provider does not take is a fault of the links `audience` and `token`, which no
 * role has to put up with, and so is a token for the API server. Undefined where none is left.
 */
export function audiencesToJudgeBy({
  token,
  said,
  listed = [],
}: AudiencesKnown): readonly string[] | undefined {
  const fits = (audience: string): boolean => listed.length === 0 || listed.includes(audience)
  const own = token?.audiences.filter(
    (audience) =>
      fits(audience) &&
      (listed.length > 0 || !isApiServer({ claims: { iss: token.issuer } }, audience)),
  )
  return [own, said?.filter(fits)].find((some) => some !== undefined && some.length > 0)
}
