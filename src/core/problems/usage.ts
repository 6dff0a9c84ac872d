import { Problem } from './problem.ts'

const usage = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `usage/${code}`, what, why, fix, exit: 2 })

/** Whatever the argument parser refuses; its own words name the option. */
export const badUsage = (message: string, command: string): Problem =>
  usage(
    'invalid',
    message,
    'The command line could not be read, so nothing was done.',
    `See ${command} --help.`,
  )

export const variableInvalid = (variable: string, value: string, reason: string): Problem =>
  usage(
    'variable-invalid',
    `${variable} is "${value}", which does not fit.`,
    `${reason} A variable stands for the option of its name, and what it says is not guessed.`,
    `Set ${variable} to something that fits, or unset it.`,
  )

export const answerMissing = (flag: string, question: string): Problem =>
  usage(
    'answer-missing',
    `${flag} required when not running interactively, or with --yes.`,
    `irsa would have asked: ${question} Nobody is there to be asked, and nothing is guessed.`,
    `Add ${flag} to the command, or set ${variableOf(flag)}.`,
  )

export const confirmationMissing = (): Problem =>
  usage(
    'yes-required',
    '--yes required when not running interactively.',
    'The plan changes your AWS account, and there is no terminal to ask on.',
    'Look at the plan with --dry-run, then add --yes.',
  )

export const confirmNameMissing = (name: string): Problem =>
  usage(
    'confirm-required',
    '--confirm required when not running interactively, or with --yes.',
    'destroy takes the credentials away from every pod that uses this issuer; --yes alone is not enough for that.',
    `Look at the plan with --dry-run, then add --confirm ${name}.`,
  )

export const confirmNameWrong = (given: string, name: string): Problem =>
  usage(
    'confirm-mismatch',
    `"${given}" is not the name of this issuer.`,
    'destroy only goes on when the name in irsa.yaml is given exactly.',
    `If this is the one to destroy: --confirm ${name}`,
  )

export const flagMissing = (flag: string, why: string): Problem =>
  usage('flag-missing', `${flag} is missing.`, why, `Add ${flag}, or set ${variableOf(flag)}.`)

export const flagsConflict = (one: string, other: string, why: string): Problem =>
  usage(
    'flags-conflict',
    `${one} and ${other} cannot be used together.`,
    why,
    'Leave one of them out.',
  )

export const endpointInvalid = (endpoint: string): Problem =>
  usage(
    'endpoint-invalid',
    `"${endpoint}" is not the URL of an AWS endpoint.`,
    'An endpoint starts with https:// or http://. It comes from --endpoint-url, or from AWS_ENDPOINT_URL and its forms for single services.',
    'Write the whole URL, such as --endpoint-url https://localhost:4566, or leave it out to use AWS itself.',
  )

export const endpointUnsupported = (cause: Error): Problem =>
  new Problem({
    code: 'usage/endpoint-unsupported',
    what: 'The settings for the AWS endpoint do not go together.',
    why: cause.message,
    fix: 'Leave out one of them: AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, or the --endpoint-url.',
    exit: 2,
    cause,
  })

export const regionInvalid = (region: string): Problem =>
  usage(
    'region-invalid',
    `"${region}" is not the name of a region.`,
    'Regions have lower-case letters, digits and hyphens; the name becomes part of hosts and of the issuer.',
    'Write it as AWS does, such as --region eu-west-1.',
  )

export const nameInvalid = (name: string): Problem =>
  usage(
    'name-invalid',
    `"${name}" does not fit as the name of an issuer.`,
    'The name becomes part of the bucket name and of tags: lower-case letters, digits and hyphens, at most 32, starting and ending with a letter or digit.',
    'Choose another one, such as --name production.',
  )

export const declined = (): Problem =>
  new Problem({
    code: 'usage/declined',
    what: 'Nothing was changed.',
    why: 'The question was answered with no.',
    fix: 'Run the same command again when you want it done.',
    exit: 1,
  })

export const interrupted = (): Problem =>
  new Problem({
    code: 'interrupted',
    what: 'Interrupted.',
    why: 'What was done so far stays, and none of it needs to be undone.',
    fix: 'Run the same command again to go on where it stopped.',
    exit: 130,
  })

const variableOf = (flag: string): string =>
  `IRSA_${flag.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`
