import type { Env } from '../trusted-roots.ts'

/**
 * A key in the environment, which the SDK's chain would take first as well, unless a profile is
 * named (credential-provider-node). Taken here it spares loading the chain.
 */
export function credentialsIn(env: Env, profile: string | undefined) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (profile !== undefined || env['AWS_PROFILE'] || !accessKeyId || !secretAccessKey) return {}
  const sessionToken = env['AWS_SESSION_TOKEN']
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  }
}

/** The SDK's chain of credential providers, and what a client hands to it. */
type Chain<Init, Provider> = (init: Init & { clientConfig: ConnectionOptions }) => Provider

/** How a client connects. */
type ConnectionOptions = Readonly<Record<'requestHandler' | 'logger', object>>

/**
 * The SDK's own chain, with our connections for the clients inside of it: the ones for IAM Identity
 * Center take nothing over from the client that asks (credential-provider-sso, token-providers), and
 * would neither use the proxy nor trust AWS_CA_BUNDLE.
 */
export const chainThrough =
  <Init, Provider>(chain: Chain<Init, Provider>, clientConfig: ConnectionOptions) =>
  (init: Init): Provider =>
    chain({ ...init, clientConfig })
