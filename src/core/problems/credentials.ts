import { Problem } from './problem.ts'

const denied = (code: string, what: string, why: string, fix: string, cause: unknown): Problem =>
  new Problem({ code: `aws/${code}`, what, why, fix, exit: 4, cause })

export const noCredentials = (cause: unknown): Problem =>
  denied(
    'no-credentials',
    'No AWS credentials were found.',
    'Neither the environment, nor the shared configuration files, nor an instance or container role has any.',
    'Log in (aws sso login, aws configure), set AWS_PROFILE or pass --profile, or try without an account: irsa demo',
    cause,
  )

export const credentialsUnobtainable = (reason: string, cause: unknown): Problem =>
  denied(
    'credentials-unobtainable',
    'AWS credentials are set up here, but none could be obtained.',
    `Where they come from, it went wrong: ${reason}`,
    'Log in again (aws sso login, or however they are obtained); a proxy or a firewall may be in the way as well. Check with: aws sts get-caller-identity',
    cause,
  )

export const unknownProfile = (profile: string, cause: unknown): Problem =>
  new Problem({
    code: 'aws/unknown-profile',
    what: `There is no usable AWS profile "${profile}".`,
    why: 'Neither ~/.aws/config nor ~/.aws/credentials (or the files that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name) gives credentials for it.',
    fix: 'List the profiles with: aws configure list-profiles',
    exit: 4,
    cause,
  })

export const expiredCredentials = (cause: unknown): Problem =>
  denied(
    'expired-credentials',
    'The AWS credentials have expired.',
    'They are temporary ones, and their time is over.',
    'Log in again (aws sso login, or however they were obtained), then run the same command.',
    cause,
  )

export const rejectedCredentials = (code: string, cause: unknown): Problem =>
  denied(
    'rejected-credentials',
    'AWS does not accept these credentials.',
    `It answered ${code}: the access key is unknown or switched off, belongs to another partition, or the secret does not belong to it. A region that is not enabled for the account answers the same.`,
    'Check which ones are used: aws sts get-caller-identity',
    cause,
  )

export const clockSkew = (cause: unknown): Problem =>
  new Problem({
    code: 'aws/clock-skew',
    what: "This machine's clock differs from AWS's by more than it tolerates.",
    why: 'Every request is signed with the time, and AWS refuses signatures that are more than 15 minutes off.',
    fix: 'Set the clock (timedatectl set-ntp true), then run the same command.',
    exit: 1,
    cause,
  })

export const noRegion = (): Problem =>
  new Problem({
    code: 'aws/no-region',
    what: 'No AWS region was given.',
    why: 'Neither --region, nor irsa.yaml, nor AWS_REGION, nor the AWS profile names one.',
    fix: 'Add --region, such as --region eu-west-1.',
    exit: 2,
  })

export const accessDenied = (permission: string, resource: string, cause: unknown): Problem =>
  denied(
    'access-denied',
    `These credentials may not call ${permission}.`,
    `AWS refused it for ${resource}${saying(cause)}`,
    `Give the caller the permission ${permission} on it, or use other credentials with --profile.`,
    cause,
  )

export const unexpectedAnswer = (operation: string, status: number, cause: unknown): Problem =>
  new Problem({
    code: 'aws/unexpected-answer',
    what: `AWS refused ${operation}.`,
    why: `It answered with status ${status}${saying(cause)}`,
    fix: 'Run the same command again; add --debug to see every request.',
    exit: 1,
    cause,
  })

export const throttled = (operation: string, cause: unknown): Problem =>
  new Problem({
    code: 'aws/throttled',
    what: `AWS keeps putting off ${operation}: too many requests at once.`,
    why: 'The limit is shared by everything that runs in this account.',
    fix: 'Wait a minute, then run the same command again.',
    exit: 1,
    cause,
  })

/** What AWS itself said; the SDK's own words about an answer without any help nobody. */
const saying = (cause: unknown): string =>
  cause instanceof Error && !/^$|^UnknownError$|@aws-sdk/.test(cause.message)
    ? `: ${cause.message}`
    : ', without giving a reason.'
