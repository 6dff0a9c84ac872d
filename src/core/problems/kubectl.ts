import { Problem } from './problem.ts'

const kubectl = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `kubectl/${code}`, what, why, fix, exit: 1, cause })

export const kubectlMissing = (cause: unknown): Problem =>
  kubectl(
    'missing',
    'kubectl was not found.',
    'The keys of the cluster are read through it: kubectl get --raw /openid/v1/jwks',
    'Install kubectl, or copy the public key from a control-plane node and pass it with --public-key FILE.',
    cause,
  )

export const kubectlFailed = (path: string, stderr: string, cause: unknown): Problem =>
  kubectl(
    'failed',
    `kubectl get --raw ${path} failed.`,
    stderr.trim() === '' ? 'It gave no reason.' : `It said: ${stderr.trim()}`,
    'Check the context with: kubectl config current-context',
    cause,
  )

export const kubectlTimeout = (path: string, seconds: number): Problem =>
  kubectl(
    'timeout',
    `kubectl get --raw ${path} gave no answer within ${seconds} seconds.`,
    'The API server of the current context does not answer.',
    'Check the context with: kubectl config current-context',
  )
