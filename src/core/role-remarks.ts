import { INLINE_PREFIX } from './inline-policy.ts'
import { ATTACHED_BY_DEFAULT } from './managed-policy.ts'
import { ownInline, type RoleOwner, standingOf } from './role-standing.ts'
import { type RoleWish, TRUST_BY_DEFAULT, trustLength } from './role-wish.ts'
import type { Role } from './role.ts'
import { shownSubject, subjectOf } from './service-account.ts'
import { shellWord } from './shell.ts'
import { remarksOnSubjects } from './subject.ts'
import { othersTrusted } from './trust-others.ts'
import { trustedSubjects, trustStatements, withTrust } from './trust-policy.ts'

/** What is there, is not in the wish and stays, with how to take it away. */
export function remarksOn(role: Role, wish: RoleWish, owner: RoleOwner): readonly string[] {
  const { name } = role
  const own = ownInline(role, owner)
  const attached = role.attached.filter((arn) => !wish.policyArns.includes(arn))
  const inline = Object.keys(role.inline).filter(
    (one) => !own.includes(one) && !(one in (wish.policies ?? {})),
  )
  return [
    ...remarksOnSubjects(wish.subjects),
    ...remarksOnSize(role, wish, owner),
    ...losers(role, wish, owner).map((account) => `takes it away from ${account}`),
    ...othersTrusted(role.trust, owner).map((who) => `also trusts ${who}`),
    ...attached.map((arn) => `keeps ${arn}, which is not in the wish: ${detaching(name, arn)}`),
    ...inline.map((one) => `keeps the inline policy ${one}: ${deletingInline(name, one)}`),
    ...(role.boundary !== undefined && wish.boundary === undefined
      ? [`keeps the permissions boundary ${role.boundary}, which is not in the wish`]
      : []),
  ]
}

const detaching = (role: string, arn: string): string =>
  `aws iam detach-role-policy --role-name ${shellWord(role)} --policy-arn ${shellWord(arn)}`

const deletingInline = (role: string, policy: string): string =>
  `aws iam delete-role-policy --role-name ${shellWord(role)} --policy-name ${shellWord(policy)}`

/** The service accounts that have the role, and would not have it any more. */
export function losers(
  role: Pick<Role, 'trust'>,
  { subjects }: Pick<RoleWish, 'subjects'>,
  owner: RoleOwner,
): readonly string[] {
  const wished = new Set(subjects.map(subjectOf))
  return trustedSubjects(role.trust, owner)
    .filter((sub) => !wished.has(sub))
    .map(shownSubject)
}

/** Quotas that AWS raises on request. */
function remarksOnSize(role: Role, wish: RoleWish, owner: RoleOwner): readonly string[] {
  const statements = trustStatements({ ...owner, ...wish })
  const trust = withTrust(role.trust, owner, statements) ?? Object(role.trust)
  const length = trustLength(role.name, trust)
  const attached = new Set([...role.attached, ...wish.policyArns]).size
  return [
    ...(length > TRUST_BY_DEFAULT
      ? [
          `its trust policy has ${length} characters: more than ${TRUST_BY_DEFAULT} need a raised quota`,
        ]
      : []),
    ...(attached > ATTACHED_BY_DEFAULT
      ? [
          `it has ${attached} managed policies: more than ${ATTACHED_BY_DEFAULT} need a raised quota`,
        ]
      : []),
  ]
}

/** What stays on a role that loses irsa's parts only, with how to take away what irsa may have put. */
export function remarksOnStaying(role: Role, owner: RoleOwner): readonly string[] {
  if (standingOf(role, owner) === 'foreign') return []
  const own = ownInline(role, owner)
  const unrecorded = Object.keys(role.inline).filter(
    (one) => one.startsWith(INLINE_PREFIX) && !own.includes(one),
  )
  return [
    ...role.attached.map(
      (arn) => `keeps ${arn}, whoever attached it: ${detaching(role.name, arn)}`,
    ),
    ...unrecorded.map((one) => `keeps the inline policy ${one}: ${deletingInline(role.name, one)}`),
    ...(role.boundary === undefined ? [] : [`keeps the permissions boundary ${role.boundary}`]),
  ]
}
