import { DEFAULT_AUDIENCE, usualAudience } from '../../core/config.ts'
import type { ServiceAccount } from '../../core/service-account.ts'
import { shellWord } from '../../core/shell.ts'
import type { TokenAnatomy } from '../../core/token-anatomy.ts'
import type { Remedy } from '../../core/verify/finding.ts'
import type { TokenSeen } from '../../core/verify/sights.ts'
import { audiencesOf, isApiServer } from '../../core/verify/token-audience.ts'
import { accountOf } from '../../core/verify/token-subject.ts'
import type { World } from '../../ports/world.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import type { ConfigFile } from '../load-config.ts'
import { tokenCommand } from '../request-token.ts'
import type { Walk } from './walk.ts'

/** What a new token is to be like, as far as it was asked for. */
export interface FreshToken {
  readonly account: ServiceAccount
  readonly audience: string | undefined
  readonly pod: string | undefined
  /** The file to write it into. */
  readonly into: string | undefined
}

/** Gets a token from the cluster in the place of another one, by irsa.yaml where there is one. */
export function freshToken(
  wish: FreshToken,
  token: TokenAnatomy,
  file: Pick<ConfigFile, 'config'> | undefined,
): Remedy {
  const named = wish.audience ?? (file && usualAudience(file.config.audiences))
  const own = audiencesOf(token).find((one) => !isApiServer(token, one))
  const asked = tokenCommand({ ...wish, audience: named ?? own ?? DEFAULT_AUDIENCE })
  const into = wish.into === undefined ? '' : ` > ${shellWord(wish.into)}`
  return { fix: 'Use a new one of the cluster', command: `${asked}${into}` }
}

/** The same in a walk, where one was given; others are made anew by every walk. */
export function renewedToken(
  { given }: Pick<Walk, 'given'>,
  { origin }: Pick<TokenSeen, 'origin'>,
  token: TokenAnatomy,
  wanted: string | undefined = given.audience,
): Remedy {
  const account = given.serviceAccount ?? accountOf(token)
  if (origin !== 'given' || account === undefined) {
    return { fix: 'Look at what signs the tokens of this cluster, and at its clock.' }
  }
  const wish = { account, audience: wanted, pod: given.pod, into: given.tokenFile }
  return freshToken(wish, token, given.file)
}

/** What has the API server write the issuer as it is published: that of irsa.yaml, or another one. */
export const mendedSpelling = (
  world: Pick<World, 'options'>,
  issuer: string | undefined,
): Remedy => ({
  fix: 'Give the API server the issuer as it is published, with the flags that this prints',
  command: `irsa print-apiserver-flags --for auto${
    issuer === undefined ? '' : ` --issuer ${shellWord(issuer)}`
  }${optionsAsGiven(world, ['config'])}`,
})

/** How the key that signed a token gets published. `configured` says that it is one of irsa.yaml's. */
export function publishedKey(
  walk: Pick<Walk, 'world' | 'given'>,
  seen: TokenSeen,
  token: TokenAnatomy,
  configured: boolean,
): Remedy {
  const { world, given } = walk
  if (configured) {
    return { fix: 'Publish it', command: applyCommand(world) }
  }
  if (seen.origin === 'given') return renewedToken(walk, seen, token)
  const whose = given.signer === undefined ? 'the API server' : '--signing-key'
  return {
    fix: `Publish the public key of ${whose} with irsa publish-jwks, or sign with one that is published.`,
  }
}
