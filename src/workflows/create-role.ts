import { once } from '../core/once.ts'
import { roleAudienceUnknown, roleWithoutProvider } from '../core/problems/role.ts'
import { roleArnOf } from '../core/role-arn.ts'
import { checkWish, type RoleWish } from '../core/role-wish.ts'
import { DEFAULT_PATH, type Role } from '../core/role.ts'
import type { ServiceAccount } from '../core/service-account.ts'
import { serviceAccountManifest } from '../core/service-account-manifest.ts'
import { trustStatements, withTrust } from '../core/trust-policy.ts'
import type { RoleStore } from '../ports/aws.ts'
import type { World } from '../ports/world.ts'
import { issuerRoles } from '../resources/issuer-roles.ts'
import type { Resource } from '../resources/resource.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { type Approve, converge } from './converge.ts'
import { type IssuerAtHand, issuerAtHand, nameIssuer } from './issuer-at-hand.ts'
import { type RoleWishFlags, wishAtHand } from './role-wish-at-hand.ts'
import { roleSnippet } from './role-snippet.ts'
import { readToken, untilAssumed } from './use-token.ts'

/** The flags of `create-role`. */
export interface CreateRoleFlags extends RoleWishFlags {
  readonly issuer?: string
  /** A file, or `-`. */
  readonly token?: string
}

/** A role, and what the cluster needs to use it. */
export interface CreatedRole extends Applied {
  readonly roleArn: string
  /** The whole of it, with the statements of others. */
  readonly trustPolicy: object
  /** One manifest for each service account that is named. */
  readonly serviceAccounts: readonly Readonly<Record<string, unknown>>[]
  /** The first of them, if any is named. */
  readonly named: ServiceAccount | undefined
  /** What to put into the irsa.yaml at hand, where the role is not in there. */
  readonly snippet: string | undefined
  /** The flags that say something else than its entry in irsa.yaml, by which the next apply goes. */
  readonly beside: readonly string[]
}

/**
 * `irsa create-role`: one role for these service accounts. Where it stands in irsa.yaml, what is not
 * said by a flag is taken from there.
 */
export async function createRole(
  world: World,
  accounts: readonly string[],
  flags: CreateRoleFlags,
  approve: Approve,
): Promise<CreatedRole> {
  const about = await nameIssuer(world, flags.issuer)
  const each = [...new Set(accounts)]
  const { wish, inFile, beside } = await wishAtHand(world, each, flags, about.file)
  const hand = await issuerAtHand(world, about)
  checkWish(wish, hand.caller)
  const token =
    flags.token === undefined ? undefined : await readToken(world, flags.token, wish, hand)
  const owner = { ...hand, name: hand.file?.config.name }
  const { store, seen } = watched(hand.aws.roles())
  const assertProvider = providerCheck(hand, wish)
  const resources = issuerRoles({ roles: () => store }, owner, [wish], { assertProvider })
  const outcome = await convergeRole(world, hand, { wish, resources }, approve)
  const { name, path = DEFAULT_PATH } = wish
  const roleArn = seen.role?.arn ?? roleArnOf({ ...hand.caller, name, path })
  if (token !== undefined && outcome.kind === 'Applied') {
    await untilAssumed(world, hand.aws, { roleArn, token })
  }
  const { trust } = seen.role ?? {}
  const statements = trustStatements({ ...owner, ...wish })
  const named = wish.subjects.filter(({ wildcard }) => !wildcard)
  return {
    ...outcome,
    roleArn,
    trustPolicy: withTrust(trust, owner, statements) ?? Object(trust),
    serviceAccounts: named.map((subject) =>
      serviceAccountManifest(subject, { roleArn, audience: wish.audiences[0] }),
    ),
    named: named[0],
    snippet:
      hand.file && !inFile
        ? roleSnippet(wish, flags, { ...hand.file, cwd: world.cwd, actualPath: seen.role?.path })
        : undefined,
    beside,
  }
}

async function convergeRole(
  world: World,
  { file, caller: { account }, ...hand }: IssuerAtHand,
  { wish, resources }: { readonly wish: RoleWish; readonly resources: readonly Resource[] },
  approve: Approve,
): Promise<Applied> {
  const setup = {
    ...hand,
    name: file?.config.name,
    account,
    audiences: wish.audiences,
    thumbprint: { kind: 'none' } as const,
    signers: [],
  }
  const walk = { resources, documents: [], setup, aws: hand.aws }
  const outcome = await converge(world, walk, approve)
  return describeOutcome(world, outcome, { setup, providerArn: hand.providerArn })
}

/** Remembers the role as it was found, which may be under another path than it would be made. */
function watched(store: RoleStore) {
  const seen: { role?: Role | undefined } = {}
  const read: RoleStore['read'] = async (name) => (seen.role = await store.read(name))
  return { store: { ...store, read }, seen }
}

/** Looks for the provider while the role is looked at. */
function providerCheck(
  { aws, issuer, providerArn, caller }: IssuerAtHand,
  { audiences }: RoleWish,
): () => Promise<void> {
  const read = once(() => aws.provider(issuer, providerArn).read())
  // Whoever waits for it hears of a failure.
  read().catch(() => undefined)
  return async () => {
    const provider = await read()
    if (provider === undefined) throw roleWithoutProvider(issuer, caller.account)
    const unknown = audiences.find((audience) => !provider.audiences.includes(audience))
    if (unknown !== undefined) throw roleAudienceUnknown(unknown, issuer)
  }
}
