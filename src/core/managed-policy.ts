import { policyArnInvalid, policyArnOtherPlace } from './problems/policy.ts'

/** The account a role lives in. */
export interface RolePlace {
  readonly account: string
  readonly partition: string
}

/** IAM user guide, reference_iam-quotas.html: managed policies of one role, and the most to be had. */
export const ATTACHED_BY_DEFAULT = 10
export const MAX_ATTACHED = 20

const POLICY_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}|aws):policy\/(?:[\u0021-\u007e]+\/)?[\w+=,.@-]+$/

export const isPolicyArn = (text: string): boolean => POLICY_ARN.test(text)

/**
 * Checks the ARN of a managed policy: AWS's own, or one of the role's account, where that is known.
 * @throws Problem `policy/arn-invalid`, `policy/elsewhere`
 */
export function checkPolicyArn(arn: string, place: RolePlace | undefined): void {
  const [, where, owner] = POLICY_ARN.exec(arn) ?? []
  if (owner === undefined) throw policyArnInvalid(arn, place?.partition ?? 'aws')
  if (place === undefined) return
  const { account, partition } = place
  if (where !== partition) {
    const fitting = arn.replace(/^arn:[^:]*/, `arn:${partition}`)
    throw policyArnOtherPlace(arn, `the partition ${where}`, partition, fitting)
  }
  if (owner !== 'aws' && owner !== account) {
    const fitting = arn.replace(/::\d{12}:/, `::${account}:`)
    throw policyArnOtherPlace(arn, `account ${owner}`, account, fitting)
  }
}
