import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { expectRefusal } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
})

afterAll(() => place[Symbol.asyncDispose]())

/** As on AWS itself, where no port is allowed. The endpoint is the only thing that is taken away. */
const ON_AWS = { AWS_ENDPOINT_URL: '' }

const ISSUERS = [
  ['plain http', 'http://oidc.example.com', 'issuer/not-https', /https/],
  ['another scheme', 'ftp://oidc.example.com', 'issuer/not-https', /https/],
  ['no scheme', 'oidc.example.com', 'issuer/not-a-url', /--issuer https:/],
  ['words', 'my cluster', 'issuer/not-a-url', /--issuer https:/],
  ['nothing', '', 'issuer/not-a-url', /--issuer https:/],
  ['a query', 'https://oidc.example.com/?a=b', 'issuer/has-query', /Leave it out/],
  ['an empty query', 'https://oidc.example.com?', 'issuer/has-query', /oidc\.example\.com$/m],
  ['a fragment', 'https://oidc.example.com/#top', 'issuer/has-fragment', /Leave it out/],
  ['a user name', 'https://me@oidc.example.com', 'issuer/has-user-name', /Leave it out/],
  ['a port', 'https://oidc.example.com:8443', 'issuer/has-port', /port 443/],
  ['the usual port', 'https://oidc.example.com:443', 'issuer/has-port', /port 443/],
  ['a trailing slash', 'https://oidc.example.com/', 'issuer/trailing-slash', /example\.com$/m],
  ['two of them below a path', 'https://a.example/b//', 'issuer/trailing-slash', /a\.example\/b$/m],
  ['an upper-case host', 'https://OIDC.example.com', 'issuer/upper-case', /https:\/\/oidc\.ex/],
  ['an upper-case scheme', 'HTTPS://oidc.example.com', 'issuer/upper-case', /https:\/\/oidc\.ex/],
  ['dots in the path', 'https://oidc.example.com/a/../b', 'issuer/not-canonical', /com\/b/],
  ['umlauts', 'https://öidc.example.com', 'issuer/not-canonical', /xn--/],
  ['256 characters', `https://oidc.example.com/${'a'.repeat(231)}`, 'issuer/too-long', /255/],
] as const

describe.each([
  [['build-documents', '--public-key', 'sa.pub']],
  [['create-provider', '--thumbprint', 'none']],
])('irsa %j', (args) => {
  test.each(ISSUERS)('refuses an issuer with %s, and asks nobody about it', async (...row) => {
    const [, issuer, code, says] = row
    const seen = place.aws.requests.length
    const expected = { code, exit: 2, env: ON_AWS, says: [says] } as const
    const text = await expectRefusal(place, [...args, `--issuer=${issuer}`], expected)
    expect(text).toContain(issuer.slice(0, 60))
    expect(place.aws.requests).toHaveLength(seen)
  })
})

describe.each([
  ['publish-jwks', '--directory', 'public', '--public-key', 'sa.pub'],
  ['init', '--name', 'blue', '--directory', 'public', '--public-key', 'sa.pub', '--yes'],
])('irsa %s', (...args) => {
  const elsewhere = ISSUERS.filter(([, , code]) => code !== 'issuer/has-port')
  test.each(elsewhere)('refuses an issuer with %s', async (_, issuer, code, says) => {
    await expectRefusal(place, [...args, `--issuer=${issuer}`], { code, exit: 2, says: [says] })
  })
})

test('255 characters are not too long', async () => {
  const issuer = `https://oidc.example.com/${'a'.repeat(230)}`
  const args = ['build-documents', '--dry-run', '--public-key', 'sa.pub', '--issuer', issuer]
  expect(await place.run(args, ON_AWS)).toMatchObject({ code: 0 })
})

test('no issuer at all names the flag and its variable', async () => {
  const expected = {
    code: 'usage/flag-missing',
    exit: 2,
    says: ['--issuer', 'IRSA_ISSUER'],
  } as const
  await expectRefusal(place, ['build-documents', '--public-key', 'sa.pub'], expected)
  await expectRefusal(place, ['create-provider'], expected)
})

test.each([
  ['not a thumbprint', ['abc'], 'thumbprint/invalid'],
  ['SHA-256 instead of SHA-1', ['a'.repeat(64)], 'thumbprint/invalid'],
  ['auto beside another', ['auto', 'a'.repeat(40)], 'thumbprint/mixed'],
  ['six of them', [...'abcdef'].map((digit) => digit.repeat(40)), 'thumbprint/too-many'],
])('a thumbprint that is %s is refused', async (_, thumbprints, code) => {
  const flags = thumbprints.flatMap((thumbprint) => ['--thumbprint', thumbprint])
  const args = ['create-provider', '--issuer', 'https://oidc.example.com', ...flags]
  await expectRefusal(place, args, { code, exit: 2 })
})

test('an audience of 256 characters does not fit', async () => {
  const args = ['create-provider', '--issuer', 'https://oidc.example.com', '--thumbprint', 'none']
  const expected = { code: 'provider/audience-invalid', exit: 2, says: ['--audience'] } as const
  await expectRefusal(place, [...args, '--audience', 'a'.repeat(256)], expected)
})
