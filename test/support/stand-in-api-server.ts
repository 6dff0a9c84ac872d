import type { RequestListener } from 'node:http'
import { serveTls, type Listening } from './loopback-servers.ts'
import { issue, type MadeUp } from './made-up-chains.ts'

/** A cluster's CA, and the serving certificate of its API server. */
export interface ClusterPki {
  readonly ca: MadeUp
  readonly serving: MadeUp
}

export const API_SERVER = 'api.localhost'

export function clusterPki(): ClusterPki {
  const ca = issue({ name: 'kubernetes', ca: true })
  return { ca, serving: issue({ name: 'kube-apiserver', by: ca, names: [API_SERVER] }) }
}

/** What the discovery of an API server says and to whom; tests change it while it runs. */
export interface Discovery {
  /** None: the endpoints are left out, as without an https issuer. */
  issuer?: string | undefined
  jwksUri?: string | undefined
  keys: readonly unknown[]
  /** What strangers are told instead; undefined once the role is bound. */
  refusal?: 401 | 403 | undefined
  /** What the address answers that nobody has asked for. */
  redirect?: string | undefined
}

export interface StandIn extends Listening {
  readonly url: string
  readonly discovery: Discovery
  /** Paths that were asked for. */
  readonly asked: readonly string[]
}

/** The type that kube-apiserver serves its key set by; it answers 406 to whoever takes no such thing. */
const JWK_SET = 'application/jwk-set+json'

/** Both documents may be kept for an hour (kubernetes pkg/routes/openidmetadata.go, cacheControl). */
const headersOf = (path: string) => ({
  'content-type': path.endsWith('/jwks') ? JWK_SET : 'application/json',
  'cache-control': 'public, max-age=3600',
})

/** Plays the discovery endpoints of a kube-apiserver (kubernetes pkg/routes/openidmetadata.go). */
export async function standInApiServer(
  { ca, serving }: ClusterPki,
  { withCa = false } = {},
): Promise<StandIn> {
  const discovery: Discovery = { keys: [], refusal: 403 }
  const asked: string[] = []
  const listener: RequestListener = ({ url = '', headers }, response) => {
    asked.push(url)
    const { accept = '*/*' } = headers
    const [status, body] = answer(discovery, url, accept)
    const location = discovery.redirect === undefined ? {} : { location: discovery.redirect }
    response.writeHead(status, status === 200 ? headersOf(url) : location).end(JSON.stringify(body))
  }
  const cert = withCa ? serving.cert + ca.cert : serving.cert
  const server = await serveTls({ key: serving.key, cert }, listener)
  return { ...server, url: `https://${API_SERVER}:${server.port}`, discovery, asked }
}

function answer(
  { issuer, jwksUri, keys, refusal, redirect }: Discovery,
  path: string,
  accept: string,
): [status: number, body: unknown] {
  const status = (code: number): [number, unknown] => [code, { kind: 'Status', code }]
  if (redirect !== undefined) return status(302)
  if (refusal !== undefined) return status(refusal)
  if (issuer === undefined) return status(404)
  if (path === '/.well-known/openid-configuration') {
    const jwks_uri = jwksUri ?? `${issuer}/openid/v1/jwks`
    return [
      200,
      {
        issuer,
        jwks_uri,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
    ]
  }
  if (path !== '/openid/v1/jwks') return status(404)
  return accept.includes(JWK_SET) || accept.includes('*/*') ? [200, { keys }] : status(406)
}
