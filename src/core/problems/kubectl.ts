import { withoutSecrets } from '../secrets.ts'
import { cut } from '../visible.ts'
import { Problem } from './problem.ts'

const kubectl = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `kubectl/${code}`, what, why, fix, exit: 1, cause })

/** @param call the whole command, as a person would type it */
export const kubectlMissing = (call: string, cause: unknown): Problem =>
  kubectl(
    'missing',
    'kubectl was not found.',
    `The cluster is asked through it: ${call}`,
    'Install kubectl, or pass what it would have said: each flag that it stands in for is in --help.',
    cause,
  )

/** Credential plugins and proxies write on its standard error too, and not always with care. */
const LONGEST = 2_000

export const kubectlFailed = (call: string, stderr: string, cause: unknown): Problem =>
  kubectl(
    'failed',
    `${call} failed.`,
    stderr.trim() === ''
      ? 'It gave no reason.'
      : `It said: ${cut(withoutSecrets(stderr.trim()), LONGEST)}`,
    'Check the context with: kubectl config current-context',
    cause,
  )

/** @param said what came of asking without one */
export const kubectlNoContext = (said: string, cause: unknown): Problem =>
  kubectl(
    'no-context',
    'kubectl has no current context.',
    `So it is not known which cluster is meant. ${said}`,
    'Choose one with kubectl config use-context, or name its file in KUBECONFIG.',
    cause,
  )

export const kubectlTimeout = (call: string, seconds: number): Problem =>
  kubectl(
    'timeout',
    `${call} gave no answer within ${seconds} seconds.`,
    'The API server of the current context does not answer.',
    'Check the context with: kubectl config current-context',
  )

export const kubectlUnreadable = (call: string, cause: unknown): Problem =>
  kubectl(
    'unreadable',
    `${call} printed no JSON.`,
    'Something else than the API server answered, or kubectl is not kubectl.',
    `Look at what it prints: ${call}`,
    cause,
  )

/** @param call the whole command, as a person would type it */
export const kubectlUnexpected = (call: string): Problem =>
  kubectl(
    'unexpected',
    `${call} printed something else than it was asked for.`,
    'The JSON is not of the shape that Kubernetes gives it, so something else than the API server answered.',
    `Look at what it prints: ${call}`,
  )

/** @param word as it would have stood in the command */
export const kubectlForeignOption = (word: string): Problem =>
  kubectl(
    'foreign-option',
    `kubectl was not asked about "${word.slice(0, 80)}".`,
    'A name begins with a hyphen, so kubectl would take it for an option, and could send its credentials somewhere else.',
    'Look at who gave something in the cluster that name: no object of Kubernetes can have it.',
  )

export const clusterTellsNothing = (): Problem =>
  kubectl(
    'tells-nothing',
    'The cluster does not tell these credentials which issuer it uses.',
    'They may read neither the pods of the API server nor its discovery document, and may not request a token.',
    'Use credentials that may, or name what the cluster uses with --previous-issuer and --previous-key-file.',
  )
