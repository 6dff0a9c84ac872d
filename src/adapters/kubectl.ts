import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { checkKubectlWords } from '../core/kubectl-words.ts'
import { kubectlFailed, kubectlMissing, kubectlTimeout } from '../core/problems/kubectl.ts'
import type { Kubectl } from '../ports/local.ts'

const TIMEOUT_SECONDS = 20

/** Pods of a large cluster, as JSON. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Asks the API server of the current context, with the credentials that kubectl has, and nobody else:
 * a name that would be an option is refused.
 */
export const kubectl: Kubectl = async (args, signal) => {
  checkKubectlWords(args)
  const call = ['kubectl', ...args].join(' ')
  try {
    const { stdout } = await promisify(execFile)('kubectl', [...args], {
      timeout: TIMEOUT_SECONDS * 1000,
      maxBuffer: MOST_BYTES,
      ...(signal === undefined ? {} : { signal }),
    })
    return stdout
  } catch (error) {
    signal?.throwIfAborted()
    const { code, killed, stderr } = error as {
      code?: unknown
      killed?: boolean
      stderr?: string
    }
    if (code === 'ENOENT') throw kubectlMissing(call, error)
    if (killed === true) throw kubectlTimeout(call, TIMEOUT_SECONDS)
    throw kubectlFailed(call, withoutLog(stderr ?? ''), error)
  }
}

/** The lines that kubectl's libraries log (klog's header: severity, month, day) say nothing new. */
const withoutLog = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !/^[IWEF]\d{4} /.test(line))
    .join('\n')
