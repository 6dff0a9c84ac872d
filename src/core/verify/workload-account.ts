import { Problem } from '../problems/problem.ts'
import { parseRoleArn } from '../role-arn.ts'
import { type ServiceAccount, shownServiceAccount } from '../service-account.ts'
import { shellWord } from '../shell.ts'
import { MIN_TOKEN_EXPIRATION } from '../web-identity.ts'
import type { Finding } from './finding.ts'
import type { Unseen } from './link.ts'
import type { WorkloadSeen } from './sights.ts'
import { EXPIRATION_ANNOTATION, ROLE_ANNOTATION } from '../annotations.ts'
import { bringTheirOwn } from './webhook-case.ts'

/** What is known of a service account, and of the role it is to have. */
export interface AccountCase {
  readonly workload: WorkloadSeen
  /** Undefined where it is not known; false where there is no such namespace. */
  readonly namespaceThere: boolean | undefined
  /** The ARN that a flag or irsa.yaml names; undefined where nothing does. */
  readonly roleArn: string | undefined
  /** The webhook gives its pods a role without an annotation, by its ConfigMap. */
  readonly mapped: boolean
  readonly commands: AccountCommands
}

/** With the options of this run filled in. */
export interface AccountCommands {
  /** Prints the service account with the role. */
  readonly printAccount: (roleArn: string) => string
  /** Makes a role, and prints the service account with it. */
  readonly createRole: string
}

/** Whether the service account is there, and says which role its pods get. */
export function accountFindings(it: AccountCase): readonly Finding[] {
  const { annotations } = it.workload
  if (annotations === undefined) {
    return [it.namespaceThere === false ? noNamespace(it) : noAccount(it)]
  }
  const arn = annotations[ROLE_ANNOTATION]
  if (arn === undefined) {
    return it.mapped || bringTheirOwn(it.workload) ? [] : [notAnnotated(it)]
  }
  const problem = arnProblem(arn)
  return [
    ...(problem === undefined ? [] : [malformed(it, arn, problem)]),
    ...expiration(annotations[EXPIRATION_ANNOTATION]),
  ]
}

/** The credentials at hand do not reach it; what they do reach is judged without it. */
export const accountUnread = (serviceAccount: ServiceAccount, { why }: Unseen): Finding => ({
  id: 'webhook/service-account-unread',
  severity: 'low',
  summary: `The service account ${shownServiceAccount(serviceAccount)} could not be read`,
  why: `${why}.`,
  fix: `Permit get of serviceaccounts in the namespace ${serviceAccount.namespace}.`,
})

/** Why this is no ARN of a role; undefined where it is one. */
export function arnProblem(arn: string): Problem | undefined {
  try {
    parseRoleArn(arn)
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

const noNamespace = ({ workload: { serviceAccount } }: AccountCase): Finding => ({
  id: 'webhook/namespace-missing',
  severity: 'high',
  summary: `There is no namespace ${serviceAccount.namespace} in the cluster`,
  why: 'So there is neither the service account nor a pod that runs as it. It may be the wrong cluster.',
  fix: "Check kubectl's context; if it is the right one",
  command: `kubectl create namespace ${shellWord(serviceAccount.namespace)}`,
})

const noAccount = (it: AccountCase): Finding => ({
  id: 'webhook/service-account-missing',
  severity: 'high',
  summary: `There is no service account ${shownServiceAccount(it.workload.serviceAccount)} in the cluster`,
  why: 'No pod can run as it, and nobody can request a token of it.',
  ...withRole(it, 'Make it', it.commands.printAccount),
})

const notAnnotated = (it: AccountCase): Finding => ({
  id: 'webhook/role-not-annotated',
  severity: 'high',
  summary: `The service account ${shownServiceAccount(it.workload.serviceAccount)} names no role`,
  why: `It has no annotation ${ROLE_ANNOTATION}, so the webhook leaves its pods alone: they start without role and token.`,
  ...withRole(it, 'Annotate it, then create its pods again', annotating(it)),
})

const malformed = (it: AccountCase, arn: string, problem: Problem): Finding => ({
  id: 'webhook/role-arn-malformed',
  severity: 'high',
  summary: `The service account ${shownServiceAccount(it.workload.serviceAccount)} is annotated with "${arn}", which is no ARN of a role`,
  why: `${problem.why} The webhook hands it to the pods all the same, and STS refuses it.`,
  ...withRole(
    it,
    'Annotate it with the right one, then create its pods again',
    annotating(it, ' --overwrite'),
  ),
})

const annotating =
  ({ workload: { serviceAccount } }: AccountCase, more = '') =>
  (roleArn: string): string =>
    `kubectl -n ${shellWord(serviceAccount.namespace)} annotate serviceaccount ${shellWord(serviceAccount.name)}${more} ${shellWord(`${ROLE_ANNOTATION}=${roleArn}`)}`

/** What is to be done where the role is known, and a role where it is not. */
const withRole = (
  { roleArn, commands }: AccountCase,
  fix: string,
  command: (roleArn: string) => string,
): Pick<Finding, 'fix' | 'command'> =>
  roleArn === undefined
    ? { fix: 'Make a role for it, and annotate it with that', command: commands.createRole }
    : { fix, command: command(roleArn) }

/** The webhook raises what is too short, and takes its default for what is no number (its pkg/annotations). */
function expiration(text: string | undefined): readonly Finding[] {
  if (text === undefined) return []
  const seconds = /^\d+$/.test(text) ? Number(text) : undefined
  if (seconds !== undefined && seconds >= MIN_TOKEN_EXPIRATION) return []
  return [
    {
      id: 'webhook/token-expiration',
      severity: seconds === undefined ? 'low' : 'info',
      summary: `The service account asks for tokens that are valid for "${text}" seconds`,
      why:
        seconds === undefined
          ? 'That is no number of seconds, and the webhook uses its default.'
          : `Kubernetes makes none under ${MIN_TOKEN_EXPIRATION} seconds, and the webhook asks for that.`,
      fix: `Annotate it with ${EXPIRATION_ANNOTATION} of ${MIN_TOKEN_EXPIRATION} or more, or not at all.`,
    },
  ]
}
