import { join, resolve } from 'node:path'
import type { Change } from '../../core/change.ts'
import { manifestFilesDiffer } from '../../core/problems/webhook.ts'
import { Conflict } from '../../ports/conflict.ts'
import type { World } from '../../ports/world.ts'
import { ignoreSecret } from '../../resources/ignore-secret.ts'
import { filled, type ManifestFile } from './manifest-files.ts'

export interface Folder {
  /** As the user named it. */
  readonly outDir: string
  /** Whether a kustomization.yaml is written beside the files. */
  readonly kustomize: boolean
  /** Whether files of an earlier run may be replaced, as a renewal does. */
  readonly replace: boolean
}

interface Target extends ManifestFile {
  readonly path: string
  readonly change: Change
}

/**
 * Writes one file per object, the one with the private key for its owner alone. Where a file is there
 * with another content nothing is written, unless it may be replaced.
 *
 * @throws Problem `webhook/files-differ`
 */
export async function writeManifests(
  world: World,
  documents: readonly ManifestFile[],
  folder: Folder,
): Promise<readonly Change[]> {
  const files = folder.kustomize ? [...documents, kustomization(world, documents)] : documents
  const targets = await Promise.all(files.map((file) => target(world, file, folder.outDir)))
  const differing = targets.filter(({ change }) => change.action === 'update')
  if (!folder.replace && differing.length > 0) {
    throw manifestFilesDiffer(differing.map(({ change }) => change.id))
  }
  if (world.options.dryRun !== true) for (const each of targets) await write(world, each)
  return targets.map(({ change }) => change)
}

async function target(
  { cwd, files }: World,
  document: ManifestFile,
  outDir: string,
): Promise<Target> {
  const path = resolve(cwd, outDir, document.file)
  const before = (await files.read(path))?.toString('utf8')
  const action = before === undefined ? 'create' : before === document.text ? 'none' : 'update'
  return {
    ...document,
    path,
    change: { action, resource: 'manifest', id: join(outDir, document.file) },
  }
}

async function write(
  { files, progress }: World,
  { path, text, secret, change }: Target,
): Promise<void> {
  const mode = secret ? 0o600 : 0o644
  if (secret) await ignoreSecret(files, path, change.id, progress)
  if (change.action === 'none') return
  if (change.action === 'update') return files.replace(path, text, mode)
  try {
    await files.create(path, text, mode)
  } catch (error) {
    throw error instanceof Conflict ? manifestFilesDiffer([change.id]) : error
  }
}

const kustomization = (
  { template }: Pick<World, 'template'>,
  documents: readonly ManifestFile[],
): ManifestFile =>
  filled(template, 'kustomization', {
    set: [{ at: ['resources'], value: documents.map(({ file }) => file) }],
  })
