import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { kubectlFailed, kubectlMissing, kubectlTimeout } from '../core/problems/kubectl.ts'
import type { KubectlGetRaw } from '../ports/local.ts'

const TIMEOUT_SECONDS = 20

/** Asks the API server of the current context, with the credentials that kubectl has. */
export const kubectlGetRaw: KubectlGetRaw = async (path, signal) => {
  try {
    const { stdout } = await promisify(execFile)('kubectl', ['get', '--raw', path], {
      timeout: TIMEOUT_SECONDS * 1000,
      maxBuffer: 1024 * 1024,
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
    if (code === 'ENOENT') throw kubectlMissing(error)
    if (killed === true) throw kubectlTimeout(path, TIMEOUT_SECONDS)
    throw kubectlFailed(path, stderr ?? '', error)
  }
}
