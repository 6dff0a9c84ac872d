import type { LinkId } from '../../core/verify/link.ts'
import { lookAtApiServer } from './api-server-link.ts'
import { lookAtAudience } from './audience-link.ts'
import { lookAtDiscovery } from './discovery-link.ts'
import { lookAtJwks } from './jwks-link.ts'
import { lookAtProvider } from './provider-link.ts'
import { lookAtRole } from './role-link.ts'
import { lookAtSignerKey } from './signer-key-link.ts'
import { lookAtSts } from './sts-link.ts'
import { lookAtTls } from './tls-link.ts'
import { lookAtToken } from './token-link.ts'
import type { LookAt } from './walk.ts'
import { lookAtWebhook } from './webhook-link.ts'

/** What looks at each link of the chain. */
export const LINKS: Readonly<Record<LinkId, LookAt>> = {
  'signer-key': lookAtSignerKey,
  tls: lookAtTls,
  discovery: lookAtDiscovery,
  jwks: lookAtJwks,
  provider: lookAtProvider,
  audience: lookAtAudience,
  apiserver: lookAtApiServer,
  webhook: lookAtWebhook,
  token: lookAtToken,
  role: lookAtRole,
  sts: lookAtSts,
}
