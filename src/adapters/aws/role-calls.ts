import { throttled } from '../../core/problems/credentials.ts'
import { policyMissing, policyTooLarge } from '../../core/problems/policy.ts'
import {
  documentRefused,
  roleInUse,
  roleLimit,
  roleProtected,
  trustTooLong,
} from '../../core/problems/role.ts'
import { Conflict } from '../../ports/conflict.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'
import type { IAMClient } from './sdk/iam.ts'

type Sdk = typeof import('./sdk/iam.ts')

/** What a call is about, for the words of a problem. */
export interface RoleAttempt {
  /** SDK command without `Command`. */
  readonly operation: string
  /** The role's name, or `*`. */
  readonly role: string
  /** NoSuchEntity is an answer, `undefined`, and not an error. */
  readonly absentIsFine?: true
}

export type CallIam = <T>(
  attempt: RoleAttempt,
  call: (iam: IAMClient, sdk: Sdk) => Promise<T>,
) => Promise<T | undefined>

/** Calls IAM about roles; what goes wrong comes out as a Conflict or a Problem. */
export function roleCalls(clients: Clients): CallIam {
  return async (attempt, call) => {
    try {
      const [client, sdk] = await Promise.all([clients.iam(), import('./sdk/iam.ts')])
      return await call(client, sdk)
    } catch (error) {
      if (attempt.absentIsFine && codeOf(error) === 'NoSuchEntity') return undefined
      throw roleError(error, attempt)
    }
  }
}

/** IAM API reference, "Errors" of the actions on roles. */
function roleError(error: unknown, { operation, role }: RoleAttempt): Error {
  const said = error instanceof Error ? error.message : ''
  switch (codeOf(error)) {
    case 'EntityAlreadyExists':
      return new Conflict(`${operation}: EntityAlreadyExists`, error)
    case 'NoSuchEntity':
      // Of the role itself it is a matter of time: just made, or just deleted by somebody else.
      return /\barn:/i.test(said)
        ? policyMissing(said, error)
        : new Conflict(`${operation}: NoSuchEntity`, error)
    case 'MalformedPolicyDocument': {
      const refused = documentRefused(role, said, error)
      // A provider that was just made is not known everywhere yet.
      return /principal.*federated/is.test(said) ? new Conflict(operation, refused) : refused
    }
    case 'LimitExceeded':
      return limitProblem(role, said, error)
    case 'DeleteConflict':
      return new Conflict(operation, roleInUse(role, said, error))
    case 'UnmodifiableEntity':
      return roleProtected(role, said, error)
    case 'Throttling':
      // The SDK has tried three times by now; a walk over many roles has more patience.
      return /^(Get|List)/.test(operation)
        ? throttled(operation, error)
        : new Conflict(operation, throttled(operation, error))
    default:
      return translate(error, { operation, resource: `role ${role}` })
  }
}

/** IAM user guide, reference_iam-quotas.html; the messages name the quota. */
function limitProblem(role: string, said: string, error: unknown): Error {
  if (said.includes('ACLSizePerRole')) return trustTooLong(role, undefined, error)
  if (/maximum policy size/i.test(said)) return policyTooLarge(role, undefined, error)
  return roleLimit(said, error)
}
