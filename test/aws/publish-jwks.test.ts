import { GetObjectCommand } from '@aws-sdk/client-s3'
import { ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { iam, readAnonymously, withoutMoto, writesDuring } from './moto.ts'
import { changed, openWorkspace, type Workspace } from './workspace.ts'

const SECOND = ['--public-key', 'second/sa-signer.pub']

describe.skipIf(withoutMoto)('publish-jwks', () => {
  test('adds a key to the published ones, and adds it once', async () => {
    await using cluster = await openWorkspace()
    const { bucket, issuer, keys } = await cluster.init('--name', 'merging')
    const [first] = keys
    const { kid } = await cluster.json('generate-keypair', '--out-dir', 'second')

    const published = await cluster.json('publish-jwks', ...SECOND)
    expect(published).toMatchObject({ kind: 'Applied', issuer, bucket, providerArn: null })
    expect(changed(published)).toEqual(['update object keys.json'])
    expect(await publishedKids(cluster, bucket)).toEqual([first.kid, kid].toSorted())
    const { body } = await readAnonymously(`${issuer}/keys.json`)
    expect(kidsOf(body)).toEqual([first.kid, kid].toSorted())

    const writes = await writesDuring(() => cluster.json('publish-jwks', ...SECOND))
    expect(writes).toEqual([])
    // What others published is no reason for a difference.
    expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)
  })

  test('removes keys with --prune alone, which names them and asks', async () => {
    await using cluster = await openWorkspace()
    const { bucket, keys } = await cluster.init('--name', 'pruning')
    const { kid } = await cluster.json('generate-keypair', '--out-dir', 'second')
    await cluster.json('publish-jwks', ...SECOND)

    const writes = await writesDuring(async () => {
      const { code, stderr } = await cluster.irsa('publish-jwks', ...SECOND, '--prune')
      expect(code).toBe(2)
      expect(stderr).toContain(`removes the key ${keys[0].kid}`)
      expect(stderr).toContain('usage/yes-required')
      await cluster.json('publish-jwks', ...SECOND, '--prune', '--dry-run')
    })
    expect(writes).toEqual([])

    await cluster.json('publish-jwks', ...SECOND, '--prune', '--yes')
    expect(await publishedKids(cluster, bucket)).toEqual([kid])
  })

  test('needs no irsa.yaml: flags make the bucket, the documents, and nothing in IAM', async () => {
    await using ci = await openWorkspace('us-east-1')
    await ci.json('generate-keypair')
    const flags = ['--bucket', 'irsa-flags-alone', '--public-key', 'keys/sa-signer.pub']
    const writes = await writesDuring(() => ci.json('publish-jwks', ...flags))
    expect(writes).toEqual([
      'PUT /irsa-flags-alone',
      'PUT /irsa-flags-alone?publicAccessBlock',
      'PUT /irsa-flags-alone?policy',
      expect.stringMatching(/^PUT .*\.(json|well-known\/openid-configuration)$/),
      expect.stringMatching(/^PUT .*\.(json|well-known\/openid-configuration)$/),
    ])
    const { OpenIDConnectProviderList = [] } = await iam.send(
      new ListOpenIDConnectProvidersCommand({}),
    )
    expect(OpenIDConnectProviderList.filter(({ Arn }) => Arn?.includes('flags-alone'))).toEqual([])
    expect(await writesDuring(() => ci.json('publish-jwks', ...flags))).toEqual([])
  })

  test('keeps every key of processes that publish at the same time', async () => {
    await using ci = await openWorkspace()
    const folders = ['a', 'b', 'c', 'd']
    const pairs = await Promise.all(
      folders.map((folder) => ci.json('generate-keypair', '--out-dir', folder)),
    )
    await Promise.all(
      pairs.map(({ publicKeyFile }) =>
        ci.json('publish-jwks', '--bucket', 'irsa-crowded', '--public-key', publicKeyFile),
      ),
    )
    const kids = pairs.map(({ kid }): string => kid)
    expect(await publishedKids(ci, 'irsa-crowded')).toEqual(kids.toSorted())
  })
})

const kidsOf = (text: string): string[] =>
  (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)

async function publishedKids({ s3 }: Workspace, Bucket: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'keys.json' }))
  return kidsOf((await Body?.transformToString()) ?? '')
}
