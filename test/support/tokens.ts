import { constants, type KeyObject, randomUUID, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { workplace, type Workplace } from './cli.ts'

/** What signs tokens, and what they name it. */
export interface Signer {
  readonly key: KeyObject
  readonly kid: string
}

/** An issuer that is whole, as `irsa init` leaves it, and the key of its API server. */
export async function issuerPlace(): Promise<{
  readonly place: Workplace
  readonly issuer: string
  readonly signer: Signer
}> {
  const place = await workplace()
  const { code, stderr } = await place.run(['init', '--name', 'blue', '--yes'])
  if (code !== 0) throw new Error(stderr)
  const config = await readFile(join(place.cwd, 'irsa.yaml'), 'utf8')
  const secret = await readFile(join(place.cwd, 'keys/sa-signer.key'), 'latin1')
  const { key, publicKey } = await readPrivateKey(secret, 'sa-signer.key')
  const issuer = /^issuer: (.*)$/m.exec(config)?.[1] ?? ''
  return { place, issuer, signer: { key, kid: publicKey.kid } }
}

/** Now, in seconds since 1970. */
export const seconds = (): number => Math.floor(Date.now() / 1000)

interface Whose {
  readonly issuer: string
  /** `system:serviceaccount:…` */
  readonly sub: string
  readonly audience: string
}

/** What kube-apiserver claims (kubernetes pkg/serviceaccount/claims.go), for an hour. */
export function kubeClaims({ issuer, sub, audience }: Whose) {
  const [, , namespace, name] = sub.split(':')
  const now = seconds()
  return {
    aud: [audience],
    exp: now + 3600,
    iat: now,
    iss: issuer,
    jti: randomUUID(),
    'kubernetes.io': { namespace, serviceaccount: { name, uid: randomUUID() } },
    nbf: now,
    sub,
  }
}

const part = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64url')

/** A token with whatever signature. */
export const encodeToken = (header: object, claims: object, signature: string): string =>
  `${part(header)}.${part(claims)}.${signature}`

/** A token that is signed as its header says, whether anybody takes that or not (RFC 7518 section 3.1). */
export function signedToken(
  header: { readonly alg: string; readonly [member: string]: unknown },
  claims: object,
  key: KeyObject,
): string {
  const { alg } = header
  const padding = alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {}
  const text = Buffer.from(`${part(header)}.${part(claims)}`)
  const options = { key, dsaEncoding: 'ieee-p1363' as const, ...padding }
  return `${text}.${sign(`sha${alg.slice(2)}`, text, options).toString('base64url')}`
}
