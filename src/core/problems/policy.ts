import { Problem, type ProblemText } from './problem.ts'

const problem = (code: string, text: Omit<ProblemText, 'code' | 'exit'>): Problem =>
  new Problem({ code: `policy/${code}`, exit: 2, ...text })

export const policyArnInvalid = (arn: string, partition: string): Problem =>
  problem('arn-invalid', {
    what: `"${arn}" is not the ARN of a managed policy.`,
    why: "It is arn:PARTITION:iam::ACCOUNT:policy/NAME, with aws as the account of AWS's own policies.",
    fix: `Copy it from AWS; it looks like arn:${partition}:iam::aws:policy/AmazonS3ReadOnlyAccess.`,
  })

export const policyArnOtherPlace = (
  arn: string,
  theirs: string,
  ours: string,
  fitting: string,
): Problem =>
  problem('elsewhere', {
    what: `The policy ${arn} is of ${theirs}, and the role is in ${ours}.`,
    why: "IAM attaches policies of AWS and of the role's own account only, and every partition has its own.",
    fix: `Give the one that is there, such as ${fitting}.`,
  })

export const policyMissing = (said: string, cause: unknown): Problem =>
  problem('missing', {
    what: 'A managed policy that the role is to have does not exist.',
    why: `IAM said: ${said}`,
    fix: 'Correct its ARN, or make the policy; list them with: aws iam list-policies',
    cause,
  })

export const policyMalformed = (place: string, detail: string, cause?: unknown): Problem =>
  problem('malformed', {
    what: `${place} is not a policy for a role.`,
    why: detail,
    fix: 'Correct the file; it looks like {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}',
    cause,
  })

export const policyTooLarge = (role: string, size: number | undefined, cause?: unknown): Problem =>
  problem('too-large', {
    what: `The inline policies of the role ${role} are too long${size === undefined ? '' : `: ${size} characters together`}.`,
    why: 'IAM takes 10,240 for all of one role, white space not counted.',
    fix: 'Make a managed policy of the largest (up to 6,144 characters each: aws iam create-policy) and pass its ARN with --policy-arn, or say more with fewer statements.',
    cause,
  })

export const tooManyPolicies = (role: string, count: number): Problem =>
  problem('too-many', {
    what: `The role ${role} is to have ${count} managed policies.`,
    why: 'IAM attaches 10 to a role, and 20 where AWS raised the quota.',
    fix: 'Put several of them into one policy, or into a policy file: --policy-file.',
  })

export const policyFilesAlike = (one: string, other: string, name: string): Problem =>
  problem('files-alike', {
    what: `The policy files ${one} and ${other} come to the same name.`,
    why: `The role would keep both as ${name}, so that one of them would be lost.`,
    fix: 'Rename one of the files, then run the same command again.',
  })

export const policyNameTaken = (role: string, name: string): Problem =>
  problem('name-taken', {
    what: `The role ${role} has an inline policy ${name} already, which is not of irsa.`,
    why: 'The name of a policy comes from its file, and writing it would replace that of somebody else.',
    fix: 'Rename the policy file. If nothing needs the other one, remove that with aws iam delete-role-policy first.',
  })
