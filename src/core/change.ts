/** The kinds of resource irsa looks after; the names are part of the JSON contract. */
export type ResourceKind =
  | 'configuration'
  | 'manifest'
  | 'key-pair'
  | 'public-key'
  | 'bucket'
  | 'public-access-block'
  | 'bucket-policy'
  | 'object'
  | 'provider'
  | 'role'

export type Action = 'create' | 'update' | 'delete' | 'none'

/** What a walk over the resources found to do, or did, for one of them. */
export interface Change {
  readonly action: Action
  readonly resource: ResourceKind
  readonly id: string
  /** One line for people: what it is, or what differs. */
  readonly detail?: string | undefined
  /** What is there, is not ours and stays, or what deserves a second look. */
  readonly notes?: readonly string[] | undefined
  /** It is there, and stays although the issuer goes. */
  readonly kept?: true | undefined
  /** It could not be looked at; `detail` says why. */
  readonly unreadable?: true | undefined
  /** The kids of published keys that go: tokens signed with them stop working. */
  readonly removesKeys?: readonly string[] | undefined
  /** The service accounts that lose a role they have, as `NAMESPACE/NAME`. */
  readonly takesFrom?: readonly string[] | undefined
}

export const isChange = (change: Change): boolean => change.action !== 'none'

/** How many of each action, for the closing line of a plan. */
export function countActions(changes: readonly Change[]): Record<Action, number> {
  const counts = { create: 0, update: 0, delete: 0, none: 0 }
  for (const { action } of changes) counts[action] += 1
  return counts
}
