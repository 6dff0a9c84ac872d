import { importJWK, type CryptoKey, type JWK } from 'jose'
import type { Cloud } from '../cloud.ts'
import { AwsError } from '../errors.ts'
import type { Provider } from '../model.ts'
import { connectTo, PATIENCE_MS, type Connection } from '../outgoing/connect.ts'
import { getOver } from '../outgoing/get.ts'
import { invalidToken, noVerificationKey } from './errors.ts'
import type { Token } from './token.ts'

/** IAM user guide, id_roles_providers_create_oidc.html: 100 RSA and 100 EC keys. */
const MAX_KEYS = 100

type Json = Readonly<Record<string, unknown>>

/**
 * Visits the issuer and brings the key that the token names: discovery document, then key set, each
 * within 5 s and without redirects. STS caches what it fetched; the sandbox looks every time.
 */
export async function fetchKey(token: Token, provider: Provider, cloud: Cloud): Promise<CryptoKey> {
  const visit = (url: string): Promise<Json> => fetchJson(url, provider, cloud)
  const discovery = await visit(`${provider.url}/.well-known/openid-configuration`)
  const keySet = await visit(checkDiscovery(discovery, provider.url))
  const jwk = pickKey(keySet, token)
  try {
    const key = await importJWK(jwk, token.alg)
    if (!(key instanceof Uint8Array) && key.type === 'public') return key
  } catch {
    // A key that cannot be used is as good as none.
  }
  throw noVerificationKey()
}

/**
 * The members that the same page requires, and what they have to say, but for `claims_supported`:
 * EKS's own issuers list iss and sub alone, and those of kube-apiserver, which Zalando and kops were
 * seen to use with AWS, list none at all (kubernetes pkg/serviceaccount/openidmetadata.go).
 */
function checkDiscovery(document: Json, issuer: string): string {
  const names = (member: string, value: string): boolean => {
    const list = document[member]
    return Array.isArray(list) && list.includes(value)
  }
  const complete =
    document['issuer'] === issuer &&
    names('response_types_supported', 'id_token') &&
    names('subject_types_supported', 'public') &&
    Array.isArray(document['id_token_signing_alg_values_supported'])
  const keys = document['jwks_uri']
  if (!complete || typeof keys !== 'string' || !keys.startsWith('https://'))
    throw noVerificationKey()
  return keys
}

function pickKey(keySet: Json, { alg, kid }: Token): JWK {
  const keys = (Array.isArray(keySet['keys']) ? keySet['keys'] : []) as JWK[]
  const kty = alg.startsWith('RS') ? 'RSA' : 'EC'
  const ofType = keys.filter((key) => key?.kty === kty)
  if (ofType.length > MAX_KEYS) throw noVerificationKey()
  const key = ofType.find((key) => kid !== undefined && key.kid === kid)
  if (!key || (key.alg ?? alg) !== alg || (key.use ?? 'sig') !== 'sig') throw noVerificationKey()
  return key
}

async function fetchJson(address: string, provider: Provider, cloud: Cloud): Promise<Json> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const signal = AbortSignal.any([cloud.closing, patience])
  try {
    const url = new URL(address)
    const connection = await connectTo(url, { trust: cloud.trust(), signal })
    checkTrust(connection, provider)
    const { status, body } = await getOver(connection, url)
    const value: unknown = status === 200 ? JSON.parse(body) : undefined
    if (typeof value === 'object' && value !== null) return value as Json
  } catch (error) {
    if (error instanceof AwsError) throw error
    if (!(error instanceof SyntaxError || patience.aborted)) throw unreachable(address, error)
  }
  throw noVerificationKey()
}

/** Thumbprints count only where the chain does not lead to a trusted root (since 2024-08). */
function checkTrust({ socket, trusted, named, thumbprint }: Connection, provider: Provider): void {
  if (trusted || (named && provider.thumbprints.includes(thumbprint))) return
  socket.destroy()
  const text = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
  throw invalidToken(text)
}

function unreachable(address: string, error: unknown): AwsError {
  const reason = error instanceof Error ? error.message : String(error)
  const text = `The identity provider could not be reached at ${address}: ${reason}`
  return new AwsError(400, 'IDPCommunicationError', text)
}
