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

export const kubectlFailed = (call: string, stderr: string, cause: unknown): Problem =>
  kubectl(
    'failed',
    `${call} failed.`,
    stderr.trim() === '' ? 'It gave no reason.' : `It said: ${stderr.trim()}`,
    'Check the context with: kubectl config current-context',
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

export const clusterTellsNothing = (): Problem =>
  kubectl(
    'tells-nothing',
    'The cluster does not tell these credentials which issuer it uses.',
    'They may read neither the pods of the API server nor its discovery document, and may not request a token.',
    'Use credentials that may, or name what the cluster uses with --previous-issuer and --previous-key-file.',
  )
