import { AwsError } from '../errors.ts'
import type { RequestContext } from '../policy/condition.ts'
import { evaluate, type Question } from '../policy/evaluate.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { Principal } from './caller.ts'

/** One permission, as the service authorization reference names it. */
export interface Need {
  readonly action: string
  /** ARN, or `*`. */
  readonly resource: string
  readonly context?: RequestContext
  /** The policy of the resource itself, which may allow or deny too. */
  readonly resourcePolicy?: PolicyDocument | undefined
}

/** Refuses what the caller's policies, together with the resource's, do not allow. */
export function authorize(caller: Principal, need: Need): void {
  const refusal = reasonAgainst(caller, need)
  if (refusal !== undefined) throw accessDenied(caller, need, refusal)
}

/** Whether {@link authorize} would let the call pass. */
export const isAllowed = (caller: Principal, need: Need): boolean =>
  reasonAgainst(caller, need) === undefined

/** The text AWS gives to callers of the same account: S3 user guide, troubleshoot-403-errors.html. */
export const accessDenied = (caller: Principal, need: Need, reason: string): AwsError =>
  new AwsError(
    403,
    'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: ${need.action} on resource: ` +
      `"${need.resource}" ${reason}`,
  )

function reasonAgainst(caller: Principal, need: Need): string | undefined {
  const context = { 'aws:principalarn': [caller.arn], ...need.context }
  const { action, resource } = need
  const asker = { type: 'AWS' as const, names: caller.names }
  const own =
    caller.identity === 'administrator'
      ? 'allow'
      : evaluate(caller.identity, { action, resource, context })
  const theirs = evaluate(need.resourcePolicy ? [need.resourcePolicy] : [], {
    asker,
    action,
    resource,
    context,
  })
  if (own === 'deny') return 'with an explicit deny in an identity-based policy'
  if (theirs === 'deny') return 'with an explicit deny in a resource-based policy'
  if (theirs === 'allow') return undefined
  if (own === 'allow') return withinBoundary(caller, { action, resource, context })
  return `because no identity-based policy allows the ${action} action`
}

function withinBoundary({ boundary }: Principal, question: Question): string | undefined {
  const inside = boundary === undefined || evaluate([boundary], question) === 'allow'
  return inside ? undefined : `because no permissions boundary allows the ${question.action} action`
}
