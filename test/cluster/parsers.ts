import { startProgram } from '../support/cli.ts'
import type { Parts } from './install.ts'
import { parts } from './parts.ts'

/** What go/formats/main.go reads. */
export type Format =
  | 'cluster-api-v1beta1'
  | 'cluster-api-v1beta2'
  | 'gardener'
  | 'kind'
  | 'kops'
  | 'openshift'
  | 'secret'

/** What a platform's own types object to in YAML, a fragment or whole; empty when to nothing. */
export async function objectionsTo(text: string, format: Format): Promise<string> {
  const { stderr } = await startProgram([parts.formats, format], { cwd: '/', input: text }).ended
  return stderr
}

/**
 * What becomes of a control-plane node's configuration by patches for Talos, one after the other,
 * validated; or what Talos objects to. With `setUpWith`, such as `v1.13`, of a cluster that this
 * version has set up.
 */
export async function talosWith(
  patches: readonly string[],
  talos: keyof Parts['talos'],
  setUpWith?: string,
): Promise<{ readonly configuration: string; readonly objections: string }> {
  const command = [parts.talos[talos], ...(setUpWith === undefined ? [] : [setUpWith])]
  const input = JSON.stringify(patches)
  const { stdout, stderr } = await startProgram(command, { cwd: '/', input }).ended
  return { configuration: stdout, objections: stderr }
}
