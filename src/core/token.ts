import { SignJWT } from 'jose'
import type { Issuer } from './issuer.ts'
import type { PrivateKey } from './private-key.ts'
import { type ServiceAccount, subjectOf } from './service-account.ts'

export interface TokenRequest {
  readonly issuer: Issuer
  readonly serviceAccount: ServiceAccount
  readonly audience: string
  readonly issuedAt: Date
  readonly lifetimeSeconds: number
  /** A UUID, different in every token. */
  readonly id: string
}

/**
 * Signs a token as kube-apiserver does: header `alg` and `kid` alone, `aud` always a list, times in
 * whole seconds (kubernetes pkg/serviceaccount/claims.go and jwt.go). It is bound to no pod.
 */
export function signToken({ key, publicKey }: PrivateKey, request: TokenRequest): Promise<string> {
  const { issuer, serviceAccount, audience, issuedAt, lifetimeSeconds, id } = request
  const { namespace, name } = serviceAccount
  const now = Math.floor(issuedAt.getTime() / 1000)
  return new SignJWT({
    aud: [audience],
    exp: now + lifetimeSeconds,
    iat: now,
    iss: issuer,
    jti: id,
    'kubernetes.io': { namespace, serviceaccount: { name, uid: id } },
    nbf: now,
    sub: subjectOf(serviceAccount),
  })
    .setProtectedHeader({ alg: publicKey.alg, kid: publicKey.kid })
    .sign(key)
}
