import type { Issuer } from '../core/issuer.ts'
import { once } from '../core/once.ts'
import { thumbprintOf } from '../core/thumbprint.ts'
import type { World } from '../ports/world.ts'

/** Reads the issuer's thumbprint once, and says so when the trust hangs on an added root. */
export function thumbprintReader(
  { readChain, progress }: Pick<World, 'readChain' | 'progress'>,
  issuer: Issuer,
): () => Promise<readonly string[]> {
  return once(async () => {
    const presented = await readChain(issuer)
    const thumbprint = thumbprintOf(presented)
    if (presented.trust.kind === 'added-root') {
      progress.warn(addedRootWarning(presented.trust.root))
    }
    return [thumbprint]
  })
}

/** A private CA, or a proxy in between: only the reader can tell which. */
export const addedRootWarning = (root: string): string =>
  `The certificate verifies only through a root that was added on this machine: ${root}. ` +
  "If that is not the issuer's own CA, a proxy is in between, and the thumbprint is the proxy's."
