import { visibleLine } from '../core/visible.ts'
import type { PresentedCertificate } from '../ports/documents.ts'
import { fieldsView } from './fields-view.ts'

/** A chain as the server presented it, leaf first, and the thumbprint that follows from it. */
export function chainView(chain: readonly PresentedCertificate[], thumbprint: string): string {
  const certificates = chain.map(({ subject, issuer, notAfter, sha1 }, index) =>
    fieldsView([
      [`${index + 1}`, visibleLine(subject)],
      ['', `issued by ${visibleLine(issuer)}`],
      ['', `until ${notAfter}`],
      ['', `sha1 ${sha1}`],
    ]),
  )
  return `${certificates.join('')}thumbprint ${thumbprint}\n`
}
