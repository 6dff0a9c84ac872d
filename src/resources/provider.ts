import { isOurs, type Setup } from '../core/setup.ts'
import { ownershipTags } from '../core/setup.ts'
import type { OidcProvider, ProviderStore } from '../ports/aws.ts'
import type { Resource } from './resource.ts'

/** IAM keeps at most five (IAM, API_CreateOpenIDConnectProvider). */
const MAX_THUMBPRINTS = 5

export interface ProviderContext {
  readonly setup: Pick<Setup, 'name' | 'audiences' | 'thumbprint'>
  /** The thumbprints of the issuer as it is served now; seldom more than one. */
  readonly readThumbprints: () => Promise<readonly string[]>
  readonly after: readonly Resource[]
}

/** What a provider lacks. */
interface Missing {
  readonly audiences: readonly string[]
  readonly thumbprints: readonly string[] | undefined
  readonly tags: Readonly<Record<string, string>>
}

/** The IAM OIDC provider: everything it lacks is added, nothing that others added is taken away. */
export function providerResource(
  store: ProviderStore,
  { setup, readThumbprints, after }: ProviderContext,
): Resource<OidcProvider> {
  const tags = ownershipTags(setup.name)
  const thumbprints = async (seen: readonly string[]): Promise<readonly string[]> => {
    const { thumbprint: choice } = setup
    if (choice.kind === 'none') return seen
    if (choice.kind === 'given') return choice.thumbprints
    const current = await readThumbprints()
    if (current.every((one) => seen.includes(one))) return seen
    // The newest first; an issuer behind several front ends may need more than one.
    return [...new Set([...current, ...seen])].slice(0, MAX_THUMBPRINTS)
  }
  const missing = async (seen: OidcProvider): Promise<Missing> => {
    const wished = await thumbprints(seen.thumbprints)
    const same = wished.toSorted().join() === seen.thumbprints.toSorted().join()
    return {
      audiences: setup.audiences.filter((audience) => !seen.audiences.includes(audience)),
      thumbprints: same ? undefined : wished,
      tags: Object.fromEntries(
        Object.entries(tags).filter(([key, value]) => seen.tags[key] !== value),
      ),
    }
  }
  return {
    kind: 'provider',
    id: store.arn,
    after,
    read: () => store.read(),

    async compare(seen) {
      const detail = `audience ${setup.audiences.join(', ')}`
      if (seen === undefined) return { action: 'create', detail }
      const foreign = seen.audiences.filter((audience) => !setup.audiences.includes(audience))
      const notes = foreign.map(
        (audience) => `keeps the audience ${audience}, which is not in the wish`,
      )
      const differences = describe(await missing(seen))
      if (differences === '') return { action: 'none', detail, notes }
      return { action: 'update', detail: differences, notes }
    },

    async converge(seen) {
      if (seen === undefined) {
        const { audiences } = setup
        return store.create({ audiences, thumbprints: await thumbprints([]), tags })
      }
      const lacks = await missing(seen)
      for (const audience of lacks.audiences) await store.addAudience(audience)
      if (lacks.thumbprints !== undefined) await store.setThumbprints(lacks.thumbprints)
      if (Object.keys(lacks.tags).length > 0) await store.addTags(lacks.tags)
    },

    // Whoever made it: without the documents it would trust whoever serves their URL next.
    removal: async (seen) => ({
      action: 'delete',
      detail: 'every pod that uses this issuer loses its credentials',
      notes: isOurs(seen.tags) ? [] : ['was not made by irsa'],
    }),
    remove: () => store.remove(),
  }
}

function describe({ audiences, thumbprints, tags }: Missing): string {
  return [
    ...audiences.map((audience) => `adds the audience ${audience}`),
    ...(thumbprints === undefined ? [] : [`sets the thumbprint ${thumbprints.join(', ')}`]),
    ...(Object.keys(tags).length > 0 ? ['adds the tags of irsa'] : []),
  ].join('; ')
}
