import type { Authority } from '../../core/webhook/authorities.ts'
import type { ServingCertificate } from '../../ports/local.ts'

/** Where the webhook's certificate comes from, and what the API server verifies it with. */
export type Serving =
  | {
      readonly kind: 'self-signed'
      readonly made: ServingCertificate
      /** Of the installation that is there, to be trusted beside the new one. */
      readonly trusted: readonly Authority[]
    }
  | { readonly kind: 'cert-manager' }
  | { readonly kind: 'existing'; readonly trusted: readonly Authority[] }

/** What the API server is to trust, the newest first; cert-manager fills in its own. */
export const trustedPems = (serving: Serving): string[] => {
  if (serving.kind === 'cert-manager') return []
  const pems = serving.trusted.map(({ pem }) => pem)
  return serving.kind === 'existing' ? pems : [serving.made.authority, ...pems]
}
