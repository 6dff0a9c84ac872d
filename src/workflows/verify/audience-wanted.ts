import { readClaims } from '../../core/token-claims.ts'
import type { AudienceSeen } from '../../core/verify/sights.ts'
import { isApiServer } from '../../core/verify/token-audience.ts'
import type { Walk } from './walk.ts'

/**
 * What tokens are to be for; where nobody says so, what the token at hand is for, unless that is the
 * API server itself, for which the link `token` has its own words. Never a default: kops differs.
 */
export async function wantedAudience({ sights }: Walk): Promise<AudienceSeen | undefined> {
  const audience = await sights.audience()
  if (audience.kind === 'seen') return audience.value
  const token = await sights.token()
  const claims = token.kind === 'seen' ? readClaims(token.value.text) : undefined
  if (claims === undefined) return undefined
  const about = { claims: { iss: claims.issuer } }
  const [only, ...others] = claims.audiences.filter((one) => !isApiServer(about, one))
  return only === undefined || others.length > 0
    ? undefined
    : { audience: only, by: 'token', from: 'the token at hand' }
}
