import { lastPresented } from '../core/thumbprint.ts'
import type { PresentedChain } from '../ports/documents.ts'
import type { World } from '../ports/world.ts'
import { addedRootWarning } from './thumbprint-reader.ts'

/** A server's chain, and the thumbprint of the last certificate in it. */
export interface InspectedCertificate extends PresentedChain {
  readonly thumbprint: string
}

/** Looks at a server's certificates and says what is wrong with them, but judges nothing. */
export async function inspectCertificate(
  { readChain, progress }: Pick<World, 'readChain' | 'progress'>,
  url: string,
): Promise<InspectedCertificate> {
  const presented = await readChain(url)
  const { sha1 } = lastPresented(presented)
  if (presented.trust.kind === 'added-root') progress.warn(addedRootWarning(presented.trust.root))
  if (presented.trust.kind === 'untrusted') {
    progress.warn(
      `The chain does not verify here: ${presented.trust.reason}. A proxy may be in between; then the thumbprint is the proxy's.`,
    )
  }
  return { ...presented, thumbprint: sha1 }
}
