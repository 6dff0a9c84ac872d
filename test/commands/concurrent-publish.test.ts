import { generateKeyPairSync, createHash, type KeyObject } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { spki } from '../support/pem-forms.ts'

const PUBLISHERS = 20
const BUCKET = 'oidc-together'

/** RSA and all three curves in turn, so that the algorithms have to be brought together as well. */
function publicKeys(): KeyObject[] {
  const curves = ['P-256', 'P-384', 'P-521']
  return Array.from({ length: PUBLISHERS }, (_, index) => {
    const namedCurve = curves[index % 4]
    return namedCurve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
      : generateKeyPairSync('ec', { namedCurve }).publicKey
  })
}

/** As kube-apiserver derives it (facts: SHA-256 of the SubjectPublicKeyInfo). */
const kidOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url')

async function publishTogether({ cwd, run }: Workplace): Promise<string[]> {
  const keys = publicKeys()
  await Promise.all(
    keys.map((key, index) => writeFile(join(cwd, `k${index}.pub`), spki(key), { mode: 0o644 })),
  )
  const runs = keys.map((_, index) =>
    run(['publish-jwks', '--bucket', BUCKET, '--public-key', `k${index}.pub`]),
  )
  for (const { code, stderr } of await Promise.all(runs)) {
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  }
  return keys.map(kidOf)
}

async function served({ aws }: Workplace, path: string) {
  const [object] = aws.state.buckets.get(BUCKET)?.objects.get(path) ?? []
  return JSON.parse(object?.body.toString('utf8') ?? '')
}

async function expectAllPublished(place: Workplace, kids: readonly string[]): Promise<void> {
  const keySet = await served(place, 'keys.json')
  expect(keySet.keys.map(({ kid }: { kid: string }) => kid)).toEqual(kids.toSorted())
  const discovery = await served(place, '.well-known/openid-configuration')
  expect(discovery.issuer).toBe(`${place.aws.url}/${BUCKET}`)
  expect(discovery.id_token_signing_alg_values_supported.toSorted()).toEqual([
    'ES256',
    'ES384',
    'ES512',
    'RS256',
  ])
}

test('20 runs of publish-jwks at once, with a key each, on a bucket that none has made yet', async () => {
  await using place = await workplace()
  await expectAllPublished(place, await publishTogether(place))
  expect(place.aws.state.buckets.size).toBe(1)
}, 120_000)

test('20 runs of publish-jwks at once, with a key each, beside a key that is published', async () => {
  await using place = await workplace()
  const first = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  await writeFile(join(place.cwd, 'first.pub'), spki(first))
  const run = await place.run(['publish-jwks', '--bucket', BUCKET, '--public-key', 'first.pub'])
  expect(run).toMatchObject({ code: 0 })
  const kids = await publishTogether(place)
  await expectAllPublished(place, [kidOf(first), ...kids])
}, 120_000)
