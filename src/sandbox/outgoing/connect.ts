import { createHash, type X509Certificate } from 'node:crypto'
import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls'

/** AWS re:Post, iam-sts-invalididentitytoken: an issuer that takes longer than 5 s fails. */
export const PATIENCE_MS = 5000

interface Visitor {
  /** The roots that are trusted. */
  readonly trust: SecureContext
  /** Ends the visit early. */
  readonly signal: AbortSignal
}

/** A TLS connection to an issuer, whatever its certificate is worth. */
export interface Connection {
  readonly socket: TLSSocket
  /** Whether the chain leads to a trusted root and names the host. */
  readonly trusted: boolean
  /** Whether the leaf names the host. */
  readonly named: boolean
  /** SHA-1 of the last certificate presented, 40 lower-case hex digits. */
  readonly thumbprint: string
}

/** Connects to the URL's host with SNI. @throws what the network throws */
export function connectTo(url: URL, { trust, signal }: Visitor): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const socket = connect({
    host,
    port: Number(url.port || 443),
    // RFC 6066 section 3: no literal addresses in SNI.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: trust,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    lookup: loopbackLookup,
  })
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      const named = checkServerIdentity(host, socket.getPeerCertificate()) === undefined
      const thumbprint = lastPresented(socket)
      resolve({ socket, trusted: socket.authorized, named, thumbprint })
    })
    if (signal.aborted) socket.destroy(signal.reason as Error)
  })
}

/** IAM user guide, id_roles_providers_create_oidc_verify-thumbprint.html: the last one counts. */
function lastPresented(socket: TLSSocket): string {
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate()
  while (certificate?.issuerCertificate) certificate = certificate.issuerCertificate
  return createHash('sha1')
    .update(certificate?.raw ?? '')
    .digest('hex')
}

/** RFC 6761 section 6.3: names below localhost are loopback; many resolvers do not know. */
const loopbackLookup: LookupFunction = (hostname, options, callback) => {
  if (!/(^|\.)localhost$/.test(hostname)) {
    lookup(hostname, options, callback)
    return
  }
  const address: LookupAddress = { address: '127.0.0.1', family: 4 }
  if (options.all) callback(null, [address])
  else callback(null, address.address, address.family)
}
