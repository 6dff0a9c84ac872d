import { dirname, resolve } from 'node:path'
import { parseConfig } from '../adapters/config-file.ts'
import type { Config } from '../core/config.ts'
import { configMissing } from '../core/problems/config.ts'
import type { World } from '../ports/world.ts'

/** An irsa.yaml as it was read. */
export interface ConfigFile {
  readonly path: string
  /** As the user named it. */
  readonly shown: string
  readonly folder: string
  readonly text: string
  readonly config: Config
}

type ConfigWorld = Pick<World, 'cwd' | 'files' | 'options'>

/** Where irsa.yaml is, or will be. */
export function configPlace({ cwd, options }: ConfigWorld) {
  const path = resolve(cwd, options.config)
  return { path, shown: options.config, folder: dirname(path) }
}

/** The irsa.yaml at hand, if there is one. @throws Problem `config/…` */
export async function loadConfig(world: ConfigWorld): Promise<ConfigFile | undefined> {
  const place = configPlace(world)
  const text = (await world.files.read(place.path))?.toString('utf8')
  if (text === undefined) return undefined
  return { ...place, text, config: await parseConfig(text, place.shown) }
}

/** The irsa.yaml at hand. @throws Problem `config/missing` and the others */
export async function requireConfig(world: ConfigWorld): Promise<ConfigFile> {
  const file = await loadConfig(world)
  if (file === undefined) throw configMissing(world.options.config)
  return file
}
