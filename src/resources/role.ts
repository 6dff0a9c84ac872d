import type { Lanes } from '../core/lanes.ts'
import { describeMissing, missingOf, type RoleMissing } from '../core/role-differences.ts'
import { losers, remarksOn } from '../core/role-remarks.ts'
import { assertOurs, type RoleOwner, roleTags } from '../core/role-standing.ts'
import { describeWish, type RoleWish } from '../core/role-wish.ts'
import { DEFAULT_PATH, type Role } from '../core/role.ts'
import { OWNER_TAG } from '../core/setup.ts'
import type { Subject } from '../core/subject.ts'
import { trustPolicy } from '../core/trust-policy.ts'
import type { RoleStore } from '../ports/aws.ts'
import type { Resource } from './resource.ts'
import { removeRole, roleRemoval } from './role-removal.ts'
import { agreement, assertTrustAsSeen, setOurTrust } from './role-trust.ts'

export interface RoleContext {
  readonly owner: RoleOwner
  readonly after: readonly Resource[]
  readonly lanes?: Lanes | undefined
  /** @throws Problem where the role could trust nobody yet. */
  readonly assertProvider?: (() => Promise<void>) | undefined
  /** A removal is for these alone; without them for whoever has the role. */
  readonly accounts?: readonly Subject[] | undefined
}

/** An IAM role for service accounts. Only its own parts are brought in line; others' stay. */
export function roleResource(
  store: RoleStore,
  wish: RoleWish,
  { owner, after, lanes, assertProvider, accounts }: RoleContext,
): Resource<Role> {
  const { name, adopt } = wish
  const removal = { adopt, accounts, owner }
  const agreed = agreement(name)
  return {
    kind: 'role',
    id: name,
    after,
    lanes,
    read: () => store.read(name),

    async compare(seen) {
      const role = seen ?? nothingYet(wish)
      if (seen !== undefined) assertOurs(seen, wish, owner)
      await assertProvider?.()
      const notes = remarksOn(role, wish, owner)
      const takesFrom = agreed.on(losers(role, wish, owner))
      if (seen === undefined) return { action: 'create', detail: describeWish(wish), notes }
      const differences = describeMissing(missingOf(seen, wish, owner))
      if (differences === '') return { action: 'none', detail: describeWish(wish), notes }
      return { action: 'update', detail: differences, notes, takesFrom }
    },

    async converge(seen) {
      if (seen === undefined) return create(store, wish, owner)
      const missing = missingOf(seen, wish, owner)
      await mend(store, name, missing)
      if (missing.trust !== undefined) await setOurTrust(store, seen, wish, { owner, agreed })
    },

    async removal(seen) {
      agreed.on(losers(seen, NOBODY, owner))
      return roleRemoval(store, seen, removal)
    },

    async remove(seen) {
      await assertTrustAsSeen(store, seen)
      agreed.assert(losers(seen, NOBODY, owner))
      await removeRole(store, seen, removal)
    },
  }
}

const NOBODY: Pick<RoleWish, 'subjects'> = { subjects: [] }

/** For what is to be said of a role that is not there: it has nothing of others. */
const nothingYet = ({ name, path = DEFAULT_PATH }: RoleWish): Role => ({
  arn: '',
  name,
  path,
  trust: undefined,
  boundary: undefined,
  tags: OWNER_TAG,
  attached: [],
  inline: {},
})

async function create(store: RoleStore, wish: RoleWish, owner: RoleOwner): Promise<void> {
  const { name, policyArns, policies = {} } = wish
  await store.create({
    name,
    path: wish.path ?? DEFAULT_PATH,
    trust: trustPolicy({ ...owner, ...wish }),
    boundary: wish.boundary,
    tags: roleTags(owner),
  })
  const attach = [...new Set(policyArns)]
  await mend(store, name, { ...RIGHT, attach, put: policies })
}

const RIGHT = { boundary: undefined, attach: [], put: {}, drop: [], tags: {}, untag: [] }

/** The boundary comes before what it bounds, and the tags first: they say what a removal may touch. */
async function mend(
  store: RoleStore,
  name: string,
  { tags, boundary, attach, put, drop, untag }: Omit<RoleMissing, 'trust'>,
): Promise<void> {
  if (Object.keys(tags).length > 0) await store.addTags(name, tags)
  if (boundary !== undefined) await store.setBoundary(name, boundary)
  for (const arn of attach) await store.attach(name, arn)
  // What goes makes room for what comes.
  for (const policy of drop) await store.removeInline(name, policy)
  if (untag.length > 0) await store.removeTags(name, untag)
  for (const [policy, document] of Object.entries(put)) {
    await store.putInline(name, policy, document)
  }
}
