// What somebody does who follows a blog post: the programs that it names, one after the other. In
// its favour, nothing is charged for a shell, for base64url, hex and cutting text, or for thinking;
// and it does not look whether the documents are served, as irsa does.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, withoutShim } from './programs.js'

export const NEEDS = ['ssh-keygen', 'openssl', 'jq', 'aws']
export const BUCKET = 'bench-by-hand'
export const AUDIENCE = 'sts.amazonaws.com'

/** Calls of aws-cli below, each one signed request. */
export const AWS_CALLS = 7

const aws = withoutShim('aws')

/**
 * Ends where `irsa init` ends.
 * @param {{ issuer: URL, cwd: string, env: Record<string, string> }} place an empty folder, and an
 *   AWS with nothing in it
 */
export function byHand({ issuer, cwd, env }) {
  const tool = (program, args, input) => run(program, args, { cwd, env, input }).stdout
  const publicKey = makeKeys(tool, cwd)
  writeDocuments(tool, cwd, issuer, keyOf(tool, publicKey))
  tool(aws, ['sts', 'get-caller-identity'])
  publish(tool, env.AWS_REGION)
  const thumbprint = thumbprintOf(tool, issuer)
  const about = ['--client-id-list', AUDIENCE, '--thumbprint-list', thumbprint]
  tool(aws, ['iam', 'create-open-id-connect-provider', '--url', issuer.href, ...about])
}

function makeKeys(tool, cwd) {
  const file = 'sa-signer.key'
  tool('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'pem', '-N', '', '-f', file])
  const publicKey = tool('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${file}.pub`])
  writeFileSync(join(cwd, 'sa-signer-pkcs8.pub'), publicKey)
  return publicKey
}

function keyOf(tool, publicKey) {
  const der = tool('openssl', ['pkey', '-pubin', '-outform', 'DER'], publicKey)
  const kid = tool('openssl', ['dgst', '-sha256', '-binary'], der).toString('base64url')
  const modulus = tool('openssl', ['rsa', '-pubin', '-noout', '-modulus'], publicKey).toString()
  const text = tool('openssl', ['rsa', '-pubin', '-noout', '-text'], publicKey).toString()
  const n = fromHex(modulus.trim().replace('Modulus=', ''))
  const e = fromHex(/Exponent: \d+ \(0x([\da-f]+)\)/.exec(text)[1])
  return { kid, n, e }
}

const fromHex = (hex) =>
  Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')

function writeDocuments(tool, cwd, issuer, { kid, n, e }) {
  const discovery = `{issuer: $issuer, jwks_uri: ($issuer + "/keys.json"),
    authorization_endpoint: "urn:kubernetes:programmatic_authorization",
    response_types_supported: ["id_token"], subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"], claims_supported: ["aud", "exp", "iat", "iss", "sub"]}`
  const keys = '{keys: [{use: "sig", kty: "RSA", alg: "RS256", kid: $kid, n: $n, e: $e}]}'
  const values = { kid, n, e }
  const jq = (filter, named) =>
    tool('jq', ['-n', ...Object.entries(named).flatMap((pair) => ['--arg', ...pair]), filter])
  writeFileSync(join(cwd, 'discovery.json'), jq(discovery, { issuer: issuer.href }))
  writeFileSync(join(cwd, 'keys.json'), jq(keys, values))
}

function publish(tool, region) {
  const s3 = (call, ...args) => tool(aws, ['s3api', call, '--bucket', BUCKET, ...args])
  const put = (key, body) =>
    s3('put-object', '--key', key, '--body', body, '--content-type', 'application/json')
  s3('create-bucket', '--create-bucket-configuration', `LocationConstraint=${region}`)
  s3('put-public-access-block', '--public-access-block-configuration', ACCESS_BLOCK)
  s3('put-bucket-policy', '--policy', POLICY)
  put('.well-known/openid-configuration', 'discovery.json')
  put('keys.json', 'keys.json')
}

const ACCESS_BLOCK =
  'BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false'

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: ['.well-known/openid-configuration', 'keys.json'].map(
      (key) => `arn:aws:s3:::${BUCKET}/${key}`,
    ),
  },
})

/** Of the last certificate that the server presents. */
function thumbprintOf(tool, { hostname, port }) {
  const args = ['-connect', `${hostname}:${port || 443}`, '-servername', hostname, '-showcerts']
  const shown = tool('openssl', ['s_client', ...args]).toString()
  const last = shown.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g).at(-1)
  const line = tool('openssl', ['x509', '-fingerprint', '-sha1', '-noout'], last).toString()
  return line.trim().replace(/^.*=/, '').replaceAll(':', '')
}
