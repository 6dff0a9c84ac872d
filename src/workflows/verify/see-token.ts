import { type Config, usualAudience } from '../../core/config.ts'
import { entryFor } from '../../core/role-entry.ts'
import {
  accountIn,
  parseServiceAccount,
  type ServiceAccount,
  shownServiceAccount,
} from '../../core/service-account.ts'
import { isWildcard } from '../../core/subject.ts'
import { signToken } from '../../core/token.ts'
import { trustStatementsOf } from '../../core/trust-statement.ts'
import { type Seen, seen, type Unseen, unseen } from '../../core/verify/link.ts'
import type { TokenSeen } from '../../core/verify/sights.ts'
import { requestToken } from '../request-token.ts'
import type { Given, Walk } from './walk.ts'

/** Long enough for the walk, and no longer. */
const SIGNED_FOR_S = 600

const NAME_ONE = 'Say which with --service-account NAMESPACE/NAME.'

/** The token that was given, signed here or made by the cluster. @throws Problem `kubectl/…`, `token/…` */
export async function seeToken(walk: Walk): Promise<Seen<TokenSeen>> {
  const { token, signer, serviceAccount } = walk.given
  if (token !== undefined) return seen({ text: token, origin: 'given', from: '--token' })
  if (signer !== undefined) return signedToken(walk, signer)
  if (serviceAccount !== undefined) return clusterToken(walk, serviceAccount)
  return unseen(
    'no token is given, and no service account to ask the cluster for one',
    'Pass --service-account or --token, or --sign with the private key at hand.',
  )
}

async function signedToken(
  walk: Walk,
  signer: NonNullable<Given['signer']>,
): Promise<Seen<TokenSeen>> {
  const { world, given } = walk
  const [account, audience] = await Promise.all([accountFor(walk), audienceFor(walk)])
  if (account === undefined) return unseen('nothing says of whom the token is to be', NAME_ONE)
  if (typeof audience !== 'string') return audience
  const text = await signToken(signer, {
    issuer: given.issuer,
    serviceAccount: account,
    audience,
    issuedAt: world.clock.now(),
    lifetimeSeconds: SIGNED_FOR_S,
    id: uuid(world.random),
  })
  const from = `a token of ${shownServiceAccount(account)}, signed here as kube-apiserver does`
  return seen({ text, origin: 'signed', from })
}

/** Whose token the role is likely to take: `--service-account`, else that of irsa.yaml, else of the trust policy. */
async function accountFor({ given, sights }: Walk): Promise<ServiceAccount | undefined> {
  if (given.serviceAccount !== undefined) return given.serviceAccount
  const named = given.file && namedIn(given.file.config, given.role?.name)
  if (named !== undefined) return parseServiceAccount(named)
  const role = await sights.role()
  if (role.kind === 'unseen' || role.value.found.kind !== 'there') return undefined
  return trustedAccount(role.value.found.trust)
}

/** The first one that irsa.yaml names whole, of the role where one is asked for. */
function namedIn(config: Config, role: string | undefined): string | undefined {
  const entries = role === undefined ? (config.roles ?? []) : [entryFor(config, { role })]
  return entries.flatMap((entry) => entry?.serviceAccounts ?? []).find((name) => !isWildcard(name))
}

/** The first service account that a trust policy names whole. */
const trustedAccount = (trust: unknown): ServiceAccount | undefined =>
  trustStatementsOf(trust)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ tests }) => tests.filter(({ key }) => key.toLowerCase().endsWith(':sub')))
    .flatMap(({ values }) => values.map(accountIn))
    .find((account) => account !== undefined)

/** Started with the likeliest audience, to save a round trip where nobody says otherwise. */
async function clusterToken(walk: Walk, account: ServiceAccount): Promise<Seen<TokenSeen>> {
  const { world, given } = walk
  if (!given.asksCluster) {
    return unseen('--no-cluster leaves the cluster out', 'Leave --no-cluster out, or pass --token.')
  }
  const ask = (audience: string) => requestToken(world, { account, audience, pod: given.pod })
  const likeliest = given.audience ?? (given.file && usualAudience(given.file.config.audiences))
  const early = likeliest === undefined ? undefined : ask(likeliest)
  early?.catch(() => undefined)
  const audience = await audienceFor(walk)
  if (typeof audience !== 'string') return audience
  const text = await (audience === likeliest && early !== undefined ? early : ask(audience))
  const from = `a token of ${shownServiceAccount(account)}, as the cluster makes it`
  return seen({ text, origin: 'cluster', from })
}

/** The audience that is said, else the only one that the provider has. */
async function audienceFor({ sights }: Walk): Promise<string | Unseen> {
  const audience = await sights.audience()
  if (audience.kind === 'seen') return audience.value.audience
  const provider = await sights.provider()
  const accepted = provider.kind === 'seen' ? (provider.value.provider?.audiences ?? []) : []
  const [only] = accepted
  if (only !== undefined && accepted.length === 1) return only
  return unseen('nothing says which audience the token is to be for', 'Say it with --audience.')
}

/** A UUID of version 4 (RFC 9562 section 5.4), which only has to differ from the others. */
function uuid(random: () => number): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')
  return `${digits(8)}-${digits(4)}-4${digits(3)}-a${digits(3)}-${digits(12)}`
}
