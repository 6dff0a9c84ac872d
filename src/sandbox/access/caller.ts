import type { Credential, Role, State } from '../model.ts'
import { storedPolicy, type PolicyDocument } from '../policy/document.ts'

interface Anonymous {
  readonly kind: 'anonymous'
}

/** Somebody whose signature was right. */
export interface Principal {
  readonly kind: 'principal'
  readonly account: string
  readonly arn: string
  readonly userId: string
  /** Every spelling of a policy's Principal that means this caller. */
  readonly names: readonly string[]
  /** `administrator` may do everything that no Deny forbids. */
  readonly identity: 'administrator' | readonly PolicyDocument[]
  /** A role's permissions boundary: what `identity` allows must be allowed here too. */
  readonly boundary: PolicyDocument | undefined
}

export type Caller = Anonymous | Principal

export const ANONYMOUS: Anonymous = { kind: 'anonymous' }

/** Who signs with this credential, with what IAM says about them at this moment. */
export function principalOf(credential: Credential, state: State): Principal {
  const { account, partition } = state
  const about = { kind: 'principal' as const, account }
  const root = [account, `arn:${partition}:iam::${account}:root`]
  if (credential.kind === 'user') {
    const arn = `arn:${partition}:iam::${account}:user/${credential.name}`
    const identity = credential.policy ? [credential.policy] : 'administrator'
    const { userId } = credential
    return { ...about, arn, userId, names: [arn, ...root], identity, boundary: undefined }
  }
  const { roleName, roleId, sessionName } = credential
  const arn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${sessionName}`
  const role = state.roles.get(roleName.toLowerCase())
  // A role made anew under the same name is another role: its id differs.
  const current = role?.id === roleId ? role : undefined
  return {
    ...about,
    arn,
    userId: `${roleId}:${sessionName}`,
    names: current ? [arn, current.arn, ...root] : [arn, ...root],
    identity: current ? policiesOf(state, current) : [],
    boundary: current?.boundary ? managed(state, current.boundary) : undefined,
  }
}

const policiesOf = (state: State, { inline, attached }: Role): PolicyDocument[] => [
  ...[...inline.values()].map(storedPolicy),
  ...[...attached].map((arn) => managed(state, arn)),
]

/** A managed policy that the sandbox only knows by name grants nothing. */
const managed = (state: State, arn: string): PolicyDocument =>
  state.managedPolicies.get(arn) ?? { Statement: [] }
