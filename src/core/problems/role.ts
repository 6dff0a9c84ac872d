import { shellWord } from '../shell.ts'
import { type ExitCode, Problem } from './problem.ts'

interface Text {
  readonly what: string
  readonly why: string
  readonly fix: string
  readonly cause?: unknown
}

const problem = (code: string, exit: Exclude<ExitCode, 0>, text: Text): Problem =>
  new Problem({ code: `role/${code}`, exit, ...text })

export const roleArnInvalid = (text: string): Problem =>
  problem('arn-invalid', 2, {
    what: `"${text}" is not the ARN of an IAM role.`,
    why: 'It is arn:PARTITION:iam::ACCOUNT:role/NAME, with the path between role and NAME where the role has one.',
    fix: 'Copy it from AWS; it looks like arn:aws:iam::111122223333:role/irsa/shop-checkout.',
  })

export const roleNameInvalid = (name: string): Problem =>
  problem('name-invalid', 2, {
    what: `"${name}" cannot be the name of a role.`,
    why: 'IAM takes 1 to 64 letters, digits and characters of _+=,.@- for it.',
    fix: 'Choose another with --role-name, or leave it out.',
  })

export const rolePathInvalid = (path: string): Problem =>
  problem('path-invalid', 2, {
    what: `"${path}" cannot be the path of a role.`,
    why: 'A path starts and ends with a slash, has no blanks, and at most 512 characters.',
    fix: 'Write it like --path /irsa/, or leave it out.',
  })

export const roleWildcard = (text: string): Problem =>
  problem('wildcard', 2, {
    what: `"${text}" stands for more than one service account.`,
    why: 'Whoever may make a service account that matches could have the role, so it is only done when asked for: --allow-wildcard, or allowWildcard: true in irsa.yaml.',
    fix: 'Name the service accounts one by one, or add --allow-wildcard.',
  })

export const roleNameNeeded = (subjects: readonly string[]): Problem =>
  problem('name-needed', 2, {
    what: 'This role needs a name.',
    why: `A role is named after its one service account, and this one is for ${subjects.join(', ')}.`,
    fix: 'Add --role-name.',
  })

export const rolePathDiffers = (name: string, actual: string, wished: string): Problem =>
  problem('path-differs', 2, {
    what: `The role ${name} is under ${actual}, not under ${wished}.`,
    why: 'IAM cannot move a role, and its ARN may stand in many places.',
    fix: `Leave the path out to keep the role where it is, or choose another --role-name.`,
  })

export const roleForeign = (name: string, issuer?: string): Problem =>
  problem('foreign', 2, {
    what: `The role ${name} belongs to ${issuer === undefined ? 'somebody else' : `another issuer, ${issuer}`}.`,
    why: 'It does not have the tags and the trust by which irsa knows the roles it made for this issuer.',
    fix: 'Choose another name with --role-name. If the role is yours, add --adopt, or adopt: true in irsa.yaml; only what has to do with this issuer is changed then.',
  })

export const roleOfOthers = (name: string, subjects: readonly string[]): Problem =>
  problem('other-accounts', 2, {
    what: `The role ${name} is there already, for ${subjects.join(', ')}.`,
    why: 'Different service accounts can come to the same name of a role, and those that have it would lose it.',
    fix: 'Choose another name with --role-name, or the same one, if this role is meant.',
  })

export const roleForMore = (
  name: string,
  others: readonly string[],
  given: readonly string[],
): Problem =>
  problem('more-accounts', 2, {
    what: `The role ${name} is for ${others.join(', ')}, and only ${given.join(', ')} was named.`,
    why: 'Whoever has the role would lose it.',
    fix: `Name all of them, or the role alone: --role-name ${shellWord(name)}. To take it from some only, run irsa create-role with those that keep it, and with that name.`,
  })

export const roleChangedMeanwhile = (name: string, losing: readonly string[]): Problem =>
  problem('changed-meanwhile', 1, {
    what: `The role ${name} was changed after the plan was shown.`,
    why: `It would be taken away from ${losing.join(', ')}, which the plan did not say.`,
    fix: 'Run the same command again, and look at its plan.',
  })

export const roleNotInFile = (file: string, name: string, subjects: readonly string[]): Problem =>
  problem('not-in-file', 2, {
    what: `${file} does not give the role ${name} to ${subjects.join(', ')}.`,
    why: 'What is made here and not there, the next irsa apply would take away again.',
    fix: `Put the service account under the role in ${file}, then run irsa apply; or choose another --role-name.`,
  })

export const roleWithoutProvider = (issuer: string, account: string): Problem =>
  problem('no-provider', 1, {
    what: `Account ${account} has no IAM OIDC provider for ${issuer}.`,
    why: 'A role can only trust the service accounts of an issuer that IAM knows in its own account.',
    fix: `Make it first: irsa create-provider --issuer ${shellWord(issuer)}`,
  })

export const roleAudienceUnknown = (audience: string, issuer: string): Problem =>
  problem('audience-unknown', 2, {
    what: `The IAM OIDC provider of ${issuer} does not accept the audience ${audience}.`,
    why: 'STS refuses tokens for audiences that the provider does not list, whatever the role says.',
    fix: `Add it first: irsa create-provider --issuer ${shellWord(issuer)} --audience ${shellWord(audience)}`,
  })

export const trustTooLong = (name: string, size: number | undefined, cause?: unknown): Problem =>
  problem('trust-too-long', 2, {
    what: `The trust policy of the role ${name} is too long${size === undefined ? '' : `: ${size} characters`}.`,
    why: 'IAM takes 2,048 characters, and with a raised quota (Role trust policy length, L-C07B4B0D) up to 4,096. Every service account takes some 40 of them.',
    fix: 'Ask AWS for the quota, or give some of the service accounts a role of their own. Where all of one namespace may have the role, those of the future too, NAMESPACE/* with --allow-wildcard is shorter.',
    cause,
  })

export const roleLimit = (said: string, cause: unknown): Problem =>
  problem('limit', 1, {
    what: 'A limit of IAM was reached.',
    why: `An account holds 1,000 roles, a role 10 managed policies and 50 tags, unless AWS raised it. IAM said: ${said}`,
    fix: 'Remove what is not needed any more, or ask AWS for a higher quota. What was made stays, and the same command goes on from there.',
    cause,
  })

export const documentRefused = (name: string, said: string, cause: unknown): Problem =>
  problem('document-refused', 2, {
    what: `IAM does not take a policy of the role ${name}.`,
    why: `It said: ${said}`,
    fix: 'Correct the policy file it is about. Where the trust policy has a statement of others about somebody who is gone, take that out: aws iam get-role shows it.',
    cause,
  })

export const roleInUse = (name: string, said: string, cause: unknown): Problem =>
  problem('in-use', 1, {
    what: `The role ${name} cannot be deleted yet.`,
    why: `Something was added to it meanwhile, or hangs on it. IAM said: ${said}`,
    fix: 'Remove that, then run the same command again.',
    cause,
  })

export const roleInInstanceProfile = (name: string, profiles: readonly string[]): Problem =>
  problem('in-instance-profile', 1, {
    what: `The role ${name} is in the instance profile ${profiles.join(', ')}.`,
    why: 'Machines may run with it, and irsa has not put it there.',
    fix: 'Remove it from there if nothing needs it (aws iam remove-role-from-instance-profile), then run the same command again.',
  })

export const roleProtected = (name: string, said: string, cause: unknown): Problem =>
  problem('protected', 2, {
    what: `The role ${name} is AWS's own.`,
    why: `Only the service it is linked to can change it. IAM said: ${said}`,
    fix: 'Choose another name with --role-name.',
    cause,
  })

export const tokenUnfit = (reason: string): Problem =>
  problem('token-unfit', 2, {
    what: 'This token cannot get the role.',
    why: reason,
    fix: 'Make one for the service account and the audience of the role: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com',
  })

export const tokenRefused = (role: string, code: string, said: string): Problem =>
  problem('token-refused', 1, {
    what: `STS does not take the token for the role ${role}.`,
    why: `It said ${code}: ${said}. Waiting would not change that; the role is there all the same.`,
    fix: 'Check that the documents of the issuer are public and hold the key that signed it (irsa plan), and that the token is new.',
  })

export const notAssumedYet = (role: string, seconds: number, said: string): Problem =>
  problem('not-assumed-yet', 1, {
    what: `The role ${role} could not be assumed within ${seconds} seconds.`,
    why: `IAM tells every region of a new role, which mostly takes seconds. STS kept saying: ${said}. A service control policy of the organization says the same for ever.`,
    fix: 'Run the same command again in a few minutes; the role is there, and nothing is made twice.',
  })
