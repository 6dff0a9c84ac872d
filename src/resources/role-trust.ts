import { roleChangedMeanwhile } from '../core/problems/role.ts'
import { samePolicy } from '../core/policy-document.ts'
import { losers } from '../core/role-remarks.ts'
import type { RoleOwner } from '../core/role-standing.ts'
import { type RoleWish, trustLength } from '../core/role-wish.ts'
import type { Role } from '../core/role.ts'
import { ourMeaning, trustStatements, withTrust } from '../core/trust-policy.ts'
import type { RoleStore } from '../ports/aws.ts'
import { Conflict } from '../ports/conflict.ts'

/** Who loses a role as its plan was shown: nobody else may lose it without a word. */
export interface Agreement {
  /** What is said first is what the person agrees to; answers it as it was given. */
  on(losing: readonly string[]): readonly string[]
  /** @throws Problem `role/changed-meanwhile` */
  assert(losing: readonly string[]): void
}

export function agreement(name: string): Agreement {
  let agreed: readonly string[] | undefined
  return {
    on(losing) {
      agreed ??= losing
      return losing
    },
    assert(losing) {
      const more = losing.filter((account) => !agreed?.includes(account))
      if (more.length > 0) throw roleChangedMeanwhile(name, more)
    },
  }
}

/**
 * Sets our statements in the trust policy as it is now, not as it was when the plan was made: others
 * may have added theirs since, and IAM only takes it whole.
 *
 * @throws Conflict when somebody changed our statements meanwhile
 * @throws Problem `role/changed-meanwhile`, `role/trust-too-long`
 */
export async function setOurTrust(
  store: RoleStore,
  seen: Role,
  wish: RoleWish,
  { owner, agreed }: { readonly owner: RoleOwner; readonly agreed: Agreement },
): Promise<void> {
  const now = await store.trust(seen.name)
  agreed.assert(losers({ trust: now }, wish, owner))
  if (ourMeaning(now, owner) !== ourMeaning(seen.trust, owner)) {
    throw new Conflict(`the trust policy of ${seen.name} changed`)
  }
  const trust = withTrust(now, owner, trustStatements({ ...owner, ...wish }))
  if (trust === undefined) return
  trustLength(seen.name, trust)
  await store.setTrust(seen.name, trust)
}

/** What becomes of a role depends on everybody in it. @throws Conflict when that has changed. */
export async function assertTrustAsSeen(store: RoleStore, { name, trust }: Role): Promise<void> {
  if (!samePolicy(await store.trust(name), trust)) {
    throw new Conflict(`the trust policy of ${name} changed`)
  }
}
