import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localFiles } from '../../src/adapters/files.ts'
import { generateRsaKeyPair } from '../../src/adapters/key-pair.ts'
import type { OidcProvider, ProviderStore } from '../../src/ports/aws.ts'
import { configurationResource } from '../../src/resources/configuration.ts'
import { keyPairResource } from '../../src/resources/key-pair.ts'
import { providerResource } from '../../src/resources/provider.ts'
import { temporaryFolder } from '../support/cli.ts'
import { putSigner, rsa, wholeSigner } from '../support/signers.ts'

const OLD = 'a'.repeat(40)
const NOW = 'b'.repeat(40)
const TAGS = { 'managed-by': 'irsa', 'irsa:name': 'blue' }

/** A provider kept in memory, and what was asked of it. */
function store(seen: OidcProvider | undefined) {
  const calls: unknown[][] = []
  const note =
    (name: string) =>
    async (...args: unknown[]): Promise<void> =>
      void calls.push([name, ...args])
  const provider: ProviderStore = {
    arn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com',
    read: async () => seen,
    create: note('create'),
    addAudience: note('addAudience'),
    setThumbprints: note('setThumbprints'),
    addTags: note('addTags'),
    remove: note('remove'),
  }
  return { provider, calls }
}

const SEEN: OidcProvider = { audiences: ['sts.amazonaws.com'], thumbprints: [NOW], tags: TAGS }

async function inLine(
  seen: OidcProvider | undefined,
  wish: {
    audiences?: string[]
    thumbprint?: Parameters<typeof providerResource>[1]['setup']['thumbprint']
  } = {},
) {
  const { provider, calls } = store(seen)
  const setup = {
    name: 'blue',
    audiences: wish.audiences ?? ['sts.amazonaws.com'],
    thumbprint: wish.thumbprint ?? { kind: 'auto' as const },
  }
  const readThumbprints = async () => [NOW]
  const resource = providerResource(provider, { setup, readThumbprints, after: [] })
  const verdict = await resource.compare(seen)
  if (verdict.action !== 'none') await resource.converge(seen)
  return { verdict, calls }
}

describe('the provider', () => {
  test('is made with audiences, thumbprint and tags in one call', async () => {
    const { calls } = await inLine(undefined)
    expect(calls).toEqual([
      ['create', { audiences: ['sts.amazonaws.com'], thumbprints: [NOW], tags: TAGS }],
    ])
  })

  test('that is right is left alone', async () => {
    const { verdict, calls } = await inLine(SEEN)
    expect([verdict.action, calls]).toEqual(['none', []])
  })

  test.each([
    ['an audience', { ...SEEN, audiences: ['vault'] }, {}, [['addAudience', 'sts.amazonaws.com']]],
    ['a new thumbprint', { ...SEEN, thumbprints: [OLD] }, {}, [['setThumbprints', [NOW, OLD]]]],
    [
      'a tag',
      { ...SEEN, tags: { 'managed-by': 'irsa' } },
      {},
      [['addTags', { 'irsa:name': 'blue' }]],
    ],
    [
      'thumbprints that were given',
      SEEN,
      { thumbprint: { kind: 'given' as const, thumbprints: [OLD] } },
      [['setThumbprints', [OLD]]],
    ],
    [
      'nothing with none',
      { ...SEEN, thumbprints: [OLD] },
      { thumbprint: { kind: 'none' as const } },
      [],
    ],
    [
      'the newest of six thumbprints',
      { ...SEEN, thumbprints: ['1', '2', '3', '4', '5'] },
      {},
      [['setThumbprints', [NOW, '1', '2', '3', '4']]],
    ],
  ])('lacks %s', async (_name, seen, wish, calls) => {
    expect((await inLine(seen, wish)).calls).toEqual(calls)
  })

  test('keeps foreign audiences and says so; a foreign provider goes too, with a word about it', async () => {
    const seen = { ...SEEN, audiences: ['sts.amazonaws.com', 'vault'] }
    const { verdict } = await inLine(seen)
    expect(verdict).toMatchObject({ action: 'none', notes: [expect.stringContaining('vault')] })
    const setup = { name: 'blue', audiences: [], thumbprint: { kind: 'none' as const } }
    const context = { setup, readThumbprints: async () => [NOW], after: [] }
    const resource = providerResource(store(seen).provider, context)
    expect(await resource.removal(seen)).toMatchObject({ action: 'delete' })
    expect(await resource.removal({ ...seen, tags: {} })).toMatchObject({
      action: 'delete',
      notes: ['was not made by irsa'],
    })
  })
})

describe('the key pair', () => {
  const pair = (folder: string, warn: (message: string) => void = () => undefined) =>
    keyPairResource(
      { files: localFiles, generateKeyPair: generateRsaKeyPair, progress: { warn } },
      {
        publicPath: join(folder, 'keys/sa-signer.pub'),
        privatePath: join(folder, 'keys/sa-signer.key'),
        shown: { public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' },
      },
      2048,
    )

  test('is completed where a run ended between its two files', async () => {
    await using folder = await temporaryFolder()
    const { secret, open } = wholeSigner(rsa())
    await putSigner(folder.path, { secret })
    const resource = pair(folder.path)
    const seen = await resource.read()
    expect(await resource.compare(seen)).toMatchObject({ action: 'update' })
    await resource.converge(seen)
    expect(await readFile(join(folder.path, 'keys/sa-signer.pub'), 'utf8')).toBe(open)
    expect(await readFile(join(folder.path, 'keys/sa-signer.key'), 'utf8')).toBe(secret)
    expect(await resource.compare(await resource.read())).toMatchObject({ action: 'none' })
  })

  test('is kept out of git, and nothing else in its folder is', async () => {
    await using folder = await temporaryFolder()
    await pair(folder.path).converge(undefined)
    expect(await readFile(join(folder.path, 'keys/.gitignore'), 'utf8')).toBe(
      '/sa-signer.key\n/.sa-signer.key.*.tmp\n',
    )
  })

  test.each([
    ['mine\n', 1],
    ['*.key\n', 0],
    ['*\n!*.pub\n!.gitignore\n', 0],
  ])('leaves a .gitignore that is there: %j', async (theirs, count) => {
    await using folder = await temporaryFolder()
    const warnings: string[] = []
    await putSigner(folder.path, {})
    await writeFile(join(folder.path, 'keys/.gitignore'), theirs)
    await pair(folder.path, (message) => warnings.push(message)).converge(undefined)
    expect(await readFile(join(folder.path, 'keys/.gitignore'), 'utf8')).toBe(theirs)
    expect(warnings).toHaveLength(count)
    for (const warning of warnings) {
      expect(warning).toContain('keys/.gitignore')
      expect(warning).toContain('/sa-signer.key')
    }
  })

  test('is known by the key that signs, whatever else its public file holds', async () => {
    await using folder = await temporaryFolder()
    const [old, now] = [wholeSigner(rsa()), wholeSigner(rsa())]
    await putSigner(folder.path, { secret: now.secret, open: old.open + now.open })
    const resource = pair(folder.path)
    const seen = await resource.read()
    const [, second] = seen?.kind === 'whole' ? seen.keys : []
    expect(seen).toMatchObject({ kind: 'whole', signer: { kid: second?.kid } })
    expect((await resource.compare(seen)).detail).toBe(`kid ${second?.kid}`)
  })

  test('that does not belong together is a problem', async () => {
    await using folder = await temporaryFolder()
    const [one, other] = [wholeSigner(rsa()), wholeSigner(rsa())]
    await putSigner(folder.path, { secret: one.secret, open: other.open })
    await expect(pair(folder.path).read()).rejects.toMatchObject({ code: 'signer/mismatch' })
  })
})

test('irsa.yaml keeps its comments; only what differs is set', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'irsa.yaml')
  const wish = {
    apiVersion: 'irsa/v1',
    name: 'blue',
    issuer: 'https://oidc.example.com',
    region: 'eu-west-3',
    host: { type: 's3', bucket: 'oidc-acme' },
    audiences: ['sts.amazonaws.com'],
    keys: [{ public: 'sa.pub' }],
    providers: [{ account: '111122223333', thumbprint: 'auto' }],
  } as const
  const resource = configurationResource(localFiles, path, 'irsa.yaml', wish)
  await resource.converge(undefined)
  const text = (await readFile(path, 'utf8')).replace('region:', '# here\nregion:')
  await writeFile(path, text)
  expect(await resource.compare(text)).toMatchObject({ action: 'none' })
  const more = { ...wish, audiences: ['sts.amazonaws.com', 'vault'] }
  const changed = configurationResource(localFiles, path, 'irsa.yaml', more)
  expect(await changed.compare(text)).toMatchObject({ action: 'update', detail: 'sets audiences' })
  await changed.converge(text)
  expect(await readFile(path, 'utf8')).toContain('# here\nregion: eu-west-3\n')
})
