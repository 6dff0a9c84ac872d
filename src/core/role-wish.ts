import { checkInlineSize } from './inline-policy.ts'
import { checkPolicyArn, MAX_ATTACHED, type RolePlace } from './managed-policy.ts'
import type { PolicyDocument } from './policy-document.ts'
import { tooManyPolicies } from './problems/policy.ts'
import { roleNameInvalid, roleNameNeeded, rolePathInvalid, trustTooLong } from './problems/role.ts'
import { isRoleName, isRolePath, roleNameFor } from './role.ts'
import { shownServiceAccount } from './service-account.ts'
import type { Subject } from './subject.ts'

/** What a role should be. */
export interface RoleWish {
  readonly name: string
  /** Somebody chose the name, so the role of that name is the one that is meant. */
  readonly named: boolean
  /** Undefined: wherever it is, and in the usual place if it has to be made. */
  readonly path: string | undefined
  readonly subjects: readonly Subject[]
  readonly audiences: readonly string[]
  /** ARNs of managed policies. */
  readonly policyArns: readonly string[]
  /** Inline policies by name. Undefined: nothing was said of them, so they stay as they are. */
  readonly policies: Readonly<Record<string, PolicyDocument>> | undefined
  readonly boundary: string | undefined
  /** Also a role that somebody else made. */
  readonly adopt: boolean
}

/** IAM user guide, reference_iam-quotas.html: the default, and the most to be had. */
export const TRUST_BY_DEFAULT = 2048
const MAX_TRUST = 4096

/**
 * The name that was chosen, or the one that follows from the service account.
 * @throws Problem `role/name-needed` for several, or a wildcard, since none of them is the one
 */
export function nameOf(
  chosen: string | undefined,
  issuerName: string | undefined,
  subjects: readonly Subject[],
): string {
  if (chosen !== undefined) return chosen
  const [subject, ...more] = subjects
  if (subject === undefined || subject.wildcard || more.length > 0) {
    throw roleNameNeeded(subjects.map(shownServiceAccount))
  }
  return roleNameFor(issuerName, subject)
}

/**
 * Refuses what IAM would, before anything is done; without a place, before anybody is asked.
 * @throws Problem `role/…`, `policy/…`
 */
export function checkWish(wish: RoleWish, place?: RolePlace): void {
  const { name, path, policyArns, policies = {}, boundary } = wish
  if (!isRoleName(name)) throw roleNameInvalid(name)
  if (path !== undefined && !isRolePath(path)) throw rolePathInvalid(path)
  for (const arn of [...policyArns, ...(boundary === undefined ? [] : [boundary])]) {
    checkPolicyArn(arn, place)
  }
  if (policyArns.length > MAX_ATTACHED) throw tooManyPolicies(name, policyArns.length)
  checkInlineSize(name, policies)
}

/**
 * The length of a trust policy as it is sent. That IAM leaves white space out is documented for
 * permission policies only; there is none in it but within texts.
 *
 * @throws Problem `role/trust-too-long` where no quota would do
 */
export function trustLength(name: string, trust: object): number {
  const { length } = JSON.stringify(trust)
  if (length > MAX_TRUST) throw trustTooLong(name, length)
  return length
}

/** For whom, and what it may do, in a line. */
export function describeWish({ subjects, policyArns, policies = {} }: RoleWish): string {
  const accounts = subjects.map(shownServiceAccount)
  const shown =
    accounts.length > 3 ? [...accounts.slice(0, 2), `${accounts.length - 2} more`] : accounts
  const may = [
    ...policyArns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
    ...Object.keys(policies),
  ]
  return [`for ${shown.join(', ')}`, ...(may.length > 0 ? [`with ${may.join(', ')}`] : [])].join(
    ' ',
  )
}
