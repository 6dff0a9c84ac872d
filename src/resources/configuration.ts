import { formatConfig, parseConfig, updateConfigText } from '../adapters/config-file.ts'
import type { Config } from '../core/config.ts'
import type { Files } from '../ports/local.ts'
import type { Resource } from './resource.ts'

/** irsa.yaml itself. An existing one keeps its comments and order; only what differs is set. */
export function configurationResource(
  files: Files,
  path: string,
  shown: string,
  wish: Config,
): Resource<string> {
  const differing = async (text: string): Promise<Partial<Config>> => {
    const now = await parseConfig(text, shown)
    const fields = Object.keys(wish) as (keyof Config)[]
    return Object.fromEntries(
      fields
        .filter((field) => JSON.stringify(now[field]) !== JSON.stringify(wish[field]))
        .map((field) => [field, wish[field]]),
    )
  }
  return {
    kind: 'configuration',
    id: shown,
    read: async () => (await files.read(path))?.toString('utf8'),

    async compare(seen) {
      if (seen === undefined) return { action: 'create', detail: 'what follows, to be committed' }
      const fields = Object.keys(await differing(seen))
      return fields.length === 0
        ? { action: 'none' }
        : { action: 'update', detail: `sets ${fields.join(', ')}` }
    },

    async converge(seen) {
      if (seen === undefined) return files.create(path, await formatConfig(wish), 0o644)
      return files.replace(path, await updateConfigText(seen, await differing(seen)))
    },

    removal: async () => ({ action: 'none', detail: 'stays' }),
    remove: async () => undefined,
  }
}
