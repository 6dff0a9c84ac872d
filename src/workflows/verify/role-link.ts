import { Problem } from '../../core/problems/problem.ts'
import { DEFAULT_PATH } from '../../core/role.ts'
import { parseRoleArn, type RoleArn, roleArnOf } from '../../core/role-arn.ts'
import { shownServiceAccount } from '../../core/service-account.ts'
import { type Link, looked, skipped, unseen } from '../../core/verify/link.ts'
import {
  arnDiffers,
  judgeRoleTrust,
  noneNamed,
  notAnArn,
  otherAccount,
  otherPartition,
  roleMissing,
  type RolePlace,
} from '../../core/verify/role.ts'
import type { RoleBackground } from '../../core/verify/role-remedy.ts'
import type { RoleSeen } from '../../core/verify/sights.ts'
import type { TrustQuestion } from '../../core/verify/trust-test.ts'
import type { Caller } from '../../ports/aws.ts'
import { backgroundOf, placeOf, questionOf } from './role-background.ts'
import { entryAtHand, usualRole } from './see-role-name.ts'
import type { LookAt, Walk } from './walk.ts'

/** The role is there under the ARN that pods have, and its trust policy lets the token in. */
export const lookAtRole: LookAt = async (walk) => {
  const named = await walk.sights.roleName()
  if (named.kind === 'unseen') return (await withoutRole(walk)) ?? skipped('role', named)
  const place = placeOf(walk, named.value)
  const arn = readArn(named.value.text)
  if (arn === undefined) {
    return looked('role', '', { findings: [notAnArn(named.value.text, place)] })
  }
  const [role, account] = await Promise.all([walk.sights.role(), walk.sights.account()])
  if (role.kind === 'unseen') return skipped('role', role)
  if (account.kind === 'unseen') return skipped('role', account)
  const { caller } = account.value
  const elsewhere = await placedElsewhere(walk, arn, caller, place)
  if (elsewhere !== undefined) return elsewhere
  const question = await questionOf(walk, caller)
  return judged(role.value, question, await backgroundOf(walk, arn, question), place)
}

/** Undefined where it could not be seen whether there is a role, or nobody has asked for one by name. */
async function withoutRole(walk: Walk): Promise<Link | undefined> {
  const { given, sights } = walk
  if (given.serviceAccount === undefined || entryAtHand(given) !== undefined) return undefined
  const [usual, account] = await Promise.all([usualRole(walk), sights.account()])
  const isAbsent = usual?.there.kind === 'seen' && usual.there.value === undefined
  if (!isAbsent || account.kind === 'unseen') return undefined
  if (given.asksCluster && (await sights.workload()).kind === 'unseen') return undefined
  const { caller } = account.value
  const place = { ...caller, path: DEFAULT_PATH, name: usual.name }
  const role = parseRoleArn(roleArnOf(place))
  const about = await backgroundOf(walk, role, await questionOf(walk, caller))
  const finding = noneNamed(about, shownServiceAccount(given.serviceAccount))
  return looked('role', '', { findings: [finding] })
}

function readArn(text: string): RoleArn | undefined {
  try {
    return parseRoleArn(text)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** A role that these credentials cannot look at; only an exchange tells whether it is in order. */
async function placedElsewhere(
  { sights }: Walk,
  role: RoleArn,
  { partition, account }: Caller,
  place: RolePlace,
): Promise<Link | undefined> {
  if (role.partition !== partition) {
    return looked('role', '', { findings: [otherPartition(role, partition, place)] })
  }
  if (role.account === account) return undefined
  const exchange = await sights.exchange()
  const proof = exchange.kind === 'seen' ? exchange.value.answer.kind : 'unknown'
  const findings = [otherAccount(role, account, proof)]
  return looked('role', `STS gives ${role.arn} for the token`, { findings })
}

function judged(
  { role, found }: RoleSeen,
  question: TrustQuestion,
  about: RoleBackground,
  place: RolePlace,
): Link {
  if (found.kind === 'unknown') return skipped('role', unseen(found.why, found.takes))
  if (found.kind === 'none') return looked('role', '', { findings: [roleMissing(about, place)] })
  const { proved, findings } = judgeRoleTrust(found.trust, question, about)
  const differs = found.arn === role.arn ? [] : [arnDiffers(found.arn, role, place)]
  return looked('role', proved, {
    findings: [...differs, ...findings],
    evidence: [
      { label: `trust policy of ${found.arn}`, text: JSON.stringify(found.trust, undefined, 2) },
    ],
  })
}
