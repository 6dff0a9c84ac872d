import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand } from '@aws-sdk/client-iam'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { clientsFor } from './clients.ts'

export const SUBJECT = 'system:serviceaccount:shop:app'
export const AUDIENCE = 'sts.amazonaws.com'

export interface Signer {
  readonly alg: string
  readonly kid: string
  readonly key: CryptoKey
  readonly jwk: JWK
}

export async function makeSigner(alg: string, kid = alg): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { alg, kid, key: privateKey, jwk }
}

/** A token as kube-apiserver issues them, but for what the test makes different. */
export function sign(
  { alg, kid, key }: Signer,
  iss: string,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss, sub: SUBJECT, aud: [AUDIENCE], iat: now, nbf: now, exp: now + 3600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg, kid, ...header }).sign(key)
}

export const discoveryOf = (issuer: string): Record<string, unknown> => ({
  issuer,
  jwks_uri: `${issuer}/keys.json`,
  authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: ['aud', 'exp', 'iat', 'iss', 'sub'],
})

/** A bucket of the sandbox whose objects everybody may read. */
export async function publicBucket(sandbox: Sandbox, Bucket: string): Promise<void> {
  const { s3 } = clientsFor(sandbox)
  await s3.send(new CreateBucketCommand({ Bucket }))
  const PublicAccessBlockConfiguration = { BlockPublicAcls: true, IgnorePublicAcls: true }
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  const Resource = `arn:aws:s3:::${Bucket}/*`
  const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }
  const Policy = JSON.stringify({ Statement })
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
}

/** The two documents of an issuer whose URL ends in `/<bucket>`. */
export async function publish(
  sandbox: Sandbox,
  issuer: string,
  { keys, discovery = {} }: { keys: readonly unknown[]; discovery?: Record<string, unknown> },
): Promise<void> {
  const Bucket = new URL(issuer).pathname.slice(1)
  const documents = {
    '.well-known/openid-configuration': { ...discoveryOf(issuer), ...discovery },
    'keys.json': { keys },
  }
  for (const [Key, document] of Object.entries(documents)) {
    const Body = JSON.stringify(document)
    await clientsFor(sandbox).s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  }
}

export const providerArn = (issuer: string): string =>
  `arn:aws:iam::111122223333:oidc-provider/${issuer.replace('https://', '')}`

export async function makeProvider(sandbox: Sandbox, Url: string, thumbprints: string[] = []) {
  const input = { Url, ClientIDList: [AUDIENCE], ThumbprintList: thumbprints }
  await clientsFor(sandbox).iam.send(new CreateOpenIDConnectProviderCommand(input))
}

/** A role that trusts the issuer as `Condition` says, and its ARN. */
export async function makeRole(
  sandbox: Sandbox,
  { name, issuer, condition }: { name: string; issuer: string; condition: object },
): Promise<string> {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: providerArn(issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const input = { RoleName: name, AssumeRolePolicyDocument }
  const created = await clientsFor(sandbox).iam.send(new CreateRoleCommand(input))
  return created.Role?.Arn ?? ''
}
