import { lowerFirst } from '../words.ts'
import type { RoleArn } from '../role-arn.ts'
import { shownSubject } from '../service-account.ts'
import type { Finding, Remedy } from './finding.ts'
import { issuerDifference } from './issuer-difference.ts'
import { makingRole, mendingTrust, type RoleBackground } from './role-remedy.ts'
import { trustFaults } from './trust-faults.ts'
import type { TrustQuestion } from './trust-test.ts'

/** Where a role was named, and how it is put right there. */
export interface RolePlace {
  /** Such as `--role-arn` or the name of a file. */
  readonly from: string
  /** What names the right ARN in that place, where it is known. */
  readonly renaming: (arn?: string) => Remedy
}

/** What was named is no ARN of a role: STS and the SDKs take nothing else. */
export const notAnArn = (text: string, { from, renaming }: RolePlace): Finding => ({
  id: 'role/arn-invalid',
  severity: 'high',
  summary: `${from} names the role "${text}", which is not the ARN of a role`,
  why: 'It is arn:PARTITION:iam::ACCOUNT:role/NAME, with the path between role and NAME where the role has one. STS takes nothing else.',
  ...renaming(),
})

/** IAM knows no role of this name. */
export const roleMissing = (about: RoleBackground, { from }: RolePlace): Finding => ({
  id: 'role/missing',
  severity: 'high',
  summary: `There is no role ${about.role.name} in account ${about.role.account}`,
  why: `${from} names ${about.role.arn}. STS answers AccessDenied for a role that is not there, as for one that says no.`,
  ...makingRole(about),
})

/** A workload that was asked about by name has no role, and none is called as its would be. */
export function noneNamed(about: RoleBackground, shown: string): Finding {
  const { name, account } = about.role
  return {
    id: 'role/none-named',
    severity: 'high',
    summary: `No role is named for ${shown}, and there is none called ${name} in account ${account}`,
    why: 'Neither the service account nor its pods name one, nor do a flag or an irsa.yaml. Without a role there is nothing to exchange its tokens for.',
    ...makingRole(about),
  }
}

/** The role is there, but not as it was named. */
export function arnDiffers(arn: string, role: RoleArn, place: RolePlace): Finding {
  const { by, marked } = issuerDifference(arn, role.arn, {
    wanted: 'in IAM',
    found: 'as named',
  })
  return {
    id: 'role/arn-differs',
    severity: 'high',
    summary: `The role is ${arn}, not ${role.arn} as ${place.from} names it`,
    why: `STS finds a role by its whole ARN, path included, byte for byte; it differs by ${by}.\n${marked}`,
    ...place.renaming(arn),
  }
}

/** The partition of an ARN is that of the account, whatever the region. */
export const otherPartition = (role: RoleArn, partition: string, place: RolePlace): Finding => ({
  id: 'role/other-partition',
  severity: 'high',
  summary: `${place.from} names a role of the partition ${role.partition}, and the account is in ${partition}`,
  why: `Nothing of one partition is known in another: STS finds no such role.`,
  ...place.renaming(role.arn.replace(`arn:${role.partition}:`, `arn:${partition}:`)),
})

/** The role may be in order, in its own account; `proof` is what STS said to a token for it. */
export function otherAccount(
  role: RoleArn,
  account: string,
  proof: 'assumed' | 'refused' | 'unknown',
): Finding {
  const severity = { assumed: 'info', refused: 'high', unknown: 'medium' } as const
  return {
    id: 'role/other-account',
    severity: severity[proof],
    summary: `The role is in account ${role.account}, and these credentials are of ${account}`,
    why: 'A role can only be had with a token of an issuer whose provider is in the same account. A role of another account is then assumed by the first one.',
    fix: `Use credentials of account ${role.account} with --profile to look at it, or name a role of account ${account}.`,
  }
}

/** What the trust policy of a role is to be told, and what it says where that is nothing. */
export function judgeRoleTrust(
  policy: unknown,
  question: TrustQuestion,
  about: RoleBackground,
): { readonly proved: string; readonly findings: readonly Finding[] } {
  const { judged, faults } = trustFaults(policy, question)
  const findings = faults.map(({ id, severity, summary, why, mend }) => ({
    id,
    severity,
    summary: `${about.role.name}: ${lowerFirst(summary)}`,
    why,
    ...mendingTrust(about, policy, mend),
  }))
  const { subject, audiences } = question
  const whom =
    subject === undefined ? 'service accounts of this issuer' : `${shownSubject(subject)}`
  const what = audiences === undefined ? '' : ` with tokens for ${audiences.join(', ')}`
  const sure = judged.answer === 'lets-in' || subject === undefined
  return {
    proved: `${about.role.name} ${sure ? 'lets in' : 'may let in'} ${whom}${what}`,
    findings,
  }
}
