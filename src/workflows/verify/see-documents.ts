import { DISCOVERY_PATH, keySetUrl } from '../../core/issuer.ts'
import { objectIn } from '../../core/json.ts'
import { Problem } from '../../core/problems/problem.ts'
import { fetchableKeySetUrl } from '../../core/verify/key-set-url.ts'
import { type Seen, seen, unseen } from '../../core/verify/link.ts'
import type { DocumentAnswer } from '../../core/verify/sights.ts'
import type { AnonymousFetch } from '../../ports/documents.ts'
import type { World } from '../../ports/world.ts'
import { closedKeySetHost } from './closed-key-set.ts'
import type { Walk } from './walk.ts'

/** The discovery document, as a stranger gets it. */
export const seeDiscovery = ({ world, given }: Walk): Promise<DocumentAnswer> =>
  ask(world, `${given.issuer}/${DISCOVERY_PATH}`)

/**
 * The key set that the discovery document names. Where it is known beforehand which one that will be,
 * both are asked for side by side.
 */
export async function seeKeySet({ world, given, sights }: Walk): Promise<Seen<DocumentAnswer>> {
  const likeliest = isOurs(given.file?.config.host.type) ? keySetUrl(given.issuer) : undefined
  const early = likeliest === undefined ? undefined : ask(world, likeliest)
  // Nobody waits for it where it turns out to be another one.
  early?.catch(() => undefined)
  const discovery = await sights.discovery()
  const url = discovery.kind === 'answered' ? namedIn(discovery) : undefined
  if (url === undefined) {
    return unseen(
      'the discovery document does not say where the keys are, or cannot be read',
      'Mend the discovery document first.',
    )
  }
  if ((await closedKeySetHost({ world, given }, url)) !== undefined) {
    return unseen(
      'the key set is said to be where nobody on the internet gets, and was not asked for',
      'Mend the discovery document first.',
    )
  }
  return seen(await (url === likeliest && early !== undefined ? early : ask(world, url)))
}

/** irsa puts it there; an API server has its own place. */
const isOurs = (host: string | undefined): boolean => host === 's3' || host === 'directory'

function namedIn({ status, body }: Extract<DocumentAnswer, { kind: 'answered' }>) {
  const document = status === 200 ? objectIn(body) : undefined
  return document && fetchableKeySetUrl(document)
}

type Stranger = Pick<World, 'fetch' | 'peek' | 'clock'>

/** Behind a certificate that fails there may be more to see, so it is put up with for once. */
async function ask(world: Stranger, url: string): Promise<DocumentAnswer> {
  try {
    return await timed(world, world.fetch, { url, verified: true })
  } catch (error) {
    const problem = expected(error)
    if (problem.code !== 'network/tls') return { kind: 'silent', url, problem }
    return timed(world, world.peek, { url, verified: false }).catch((again: unknown) => {
      expected(again)
      return { kind: 'silent', url, problem }
    })
  }
}

async function timed(
  { clock }: Stranger,
  get: AnonymousFetch,
  { url, verified }: { readonly url: string; readonly verified: boolean },
): Promise<DocumentAnswer> {
  const start = clock.now().getTime()
  const answer = await get(url)
  const milliseconds = clock.now().getTime() - start
  return { kind: 'answered', url, ...answer, milliseconds, verified }
}

function expected(error: unknown): Problem {
  if (error instanceof Problem && error.code !== 'interrupted') return error
  throw error
}
