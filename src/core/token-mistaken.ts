import { objectIn } from './json.ts'
import { isObject } from './jwk.ts'
import { cut } from './visible.ts'
import { tokenJsonSerialised, tokenMistaken } from './problems/token.ts'

/** What somebody took for a token, and what to do about it where that is not to ask for one. */
export interface Mistaken {
  readonly what: string
  readonly fix?: string
}

const SECRET: Mistaken = {
  what: 'the manifest of a secret',
  fix: 'Ask the cluster for a token that STS takes: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com',
}
const ONLY_THE_TOKEN = 'Give the text of status.token alone: jq -r .status.token'

/** By how it starts or by a line of it; the first that fits. */
const LOOKS: readonly (readonly [RegExp, Mistaken])[] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/, { what: 'a private key in PEM' }],
  [/-----BEGIN CERTIFICATE-----/, { what: 'a certificate in PEM' }],
  [/-----BEGIN /, { what: 'something in PEM' }],
  [/^kind: *Config$/m, { what: 'a kubeconfig' }],
  [/^kind: *Secret$/m, SECRET],
  [/^kind: *(TokenRequest|ExecCredential)$/m, { what: 'the whole answer of the API server' }],
  [/^apiVersion: /m, { what: 'a Kubernetes manifest' }],
  [/aws_secret_access_key|aws_session_token/i, { what: 'AWS credentials' }],
  [/^(AKIA|ASIA)[A-Z0-9]{16}\b/, { what: 'an AWS access key' }],
  [/^k8s-aws-v1\./, { what: 'a token of the EKS authenticator, which is a presigned URL' }],
  [/^(ssh-|ecdsa-sha2-)/, { what: 'an SSH key' }],
  [/^<(!doctype|html|\?xml)/i, { what: 'a web page' }],
]

/** What a text looks like that is no token; undefined where it looks like nothing else. */
export const somethingElse = (text: string): Mistaken | undefined =>
  LOOKS.find(([shape]) => shape.test(text))?.[1]

/** @throws Problem `token/json-serialised`, `token/mistaken` for whatever is JSON */
export function refuseJson(text: string, place: string): void {
  if (!text.startsWith('{')) return
  const members = objectIn(text) ?? {}
  // RFC 7515 section 7.2: `payload` with `signature` or `signatures`.
  if (typeof members['payload'] === 'string') throw tokenJsonSerialised(place)
  const { what, fix } = jsonLooks(members)
  throw tokenMistaken(place, what, fix)
}

function jsonLooks(members: Readonly<Record<string, unknown>>): Mistaken {
  const has = (name: string): boolean => Object.hasOwn(members, name)
  const { kind, status } = members
  if (isObject(status) && typeof status['token'] === 'string') {
    return { what: `a ${cut(String(kind ?? 'document'), 60)} in JSON`, fix: ONLY_THE_TOKEN }
  }
  if (kind === 'Secret') return SECRET
  if (kind === 'Config') return { what: 'a kubeconfig' }
  if (has('ciphertext')) return { what: 'an encrypted token (JWE) in JSON' }
  if (has('kty')) return { what: 'a key (JWK)' }
  if (has('keys')) return { what: 'a key set (JWKS)' }
  if (has('Credentials') || has('AccessKeyId')) return { what: 'AWS credentials' }
  if (has('iss') || has('sub')) return { what: 'the claims of a token without its signature' }
  return { what: 'JSON' }
}
