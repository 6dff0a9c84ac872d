import { dirname, isAbsolute, join } from 'node:path'
import { Problem } from '../../core/problems/problem.ts'
import { shellWord } from '../../core/shell.ts'
import type { DocumentPlace } from '../../core/verify/document-place.ts'
import { readKeyPair } from '../../resources/signer-keys.ts'
import { signerFiles } from '../setup.ts'
import type { Walk } from './walk.ts'

/**
 * How to replace each pair of irsa.yaml's by a new one, by kid: its files go, so that irsa makes new
 * ones, and the key set goes, since irsa makes no pair beside published keys.
 */
export async function renewals(
  { world, given: { file } }: Walk,
  { remove, publish }: DocumentPlace,
): Promise<ReadonlyMap<string, string>> {
  if (file === undefined || remove === undefined || publish === undefined) return new Map()
  const pairs = file.config.keys.map(async (entry) => {
    if (entry.private === undefined) return []
    const state = await readKeyPair(world.files, signerFiles(entry, file.folder)).catch(unreadable)
    const paths = [entry.private, entry.public].map((path) => shellWord(besides(file.shown, path)))
    const command = `rm ${paths.join(' ')} && ${remove} && ${publish}`
    const keys = state.kind === 'absent' ? [] : state.keys
    return keys.map(({ kid }) => [kid, command] as const)
  })
  return new Map((await Promise.all(pairs)).flat())
}

/** The link signer-key says what is wrong with the files. */
function unreadable(error: unknown): { readonly kind: 'absent' } {
  if (error instanceof Problem && error.code !== 'interrupted') return { kind: 'absent' }
  throw error
}

/** A path that irsa.yaml names, as it is from where irsa was started. */
export const besides = (config: string, path: string): string =>
  isAbsolute(path) ? path : join(dirname(config), path)
