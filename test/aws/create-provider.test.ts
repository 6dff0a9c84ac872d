import {
  CreateOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { ACCOUNT, iam, moto, requestsDuring, withoutMoto, writesDuring } from './moto.ts'
import { changed, openWorkspace } from './workspace.ts'

/** Publishes an issuer, as somebody else may have done: irsa makes no provider of one that is silent. */
async function publish(ci: Awaited<ReturnType<typeof openWorkspace>>, bucket: string) {
  await ci.json('generate-keypair')
  await ci.json('publish-jwks', '--bucket', bucket, '--public-key', 'keys/sa-signer.pub')
}

/** An issuer in a bucket of moto's, and the ARN that follows from it. */
const elsewhere = (path: string) => {
  const issuer = `${moto.endpoint}/${path}`
  const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.replace('https://', '')}`
  return { issuer, arn }
}

const provider = (arn: string) =>
  iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))

describe.skipIf(withoutMoto)('create-provider', () => {
  test('makes the provider of any issuer, with the thumbprint of its server', async () => {
    const { issuer, arn } = elsewhere('vault')
    await using ci = await openWorkspace()
    await publish(ci, 'vault')
    const flags = ['--issuer', issuer, '--audience', 'sts.amazonaws.com', '--audience', 'vault']
    const applied = await ci.json('create-provider', ...flags)
    expect(applied).toMatchObject({ kind: 'Applied', bucket: null, providerArn: arn })
    expect(applied.thumbprints).toEqual([moto.thumbprint])
    expect(await provider(arn)).toMatchObject({
      ClientIDList: ['sts.amazonaws.com', 'vault'],
      ThumbprintList: [moto.thumbprint],
      Tags: [{ Key: 'managed-by', Value: 'irsa' }],
    })
    expect(await writesDuring(() => ci.json('create-provider', ...flags))).toEqual([])
  })

  test('keeps the audiences of others, and sets thumbprint and tags of its own', async () => {
    const { issuer, arn } = elsewhere('by-hand')
    const before = { ClientIDList: ['kubernetes', 'sts.amazonaws.com'] }
    const ThumbprintList = ['a'.repeat(40)]
    await iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer, ...before, ThumbprintList }),
    )
    await using ci = await openWorkspace()
    const thumbprint = ['--thumbprint', 'b'.repeat(40)]
    const applied = await ci.json('create-provider', '--issuer', issuer, ...thumbprint)
    expect(changed(applied)).toEqual([`update provider ${arn}`])
    expect(await provider(arn)).toMatchObject({ ...before, ThumbprintList: ['b'.repeat(40)] })
  })

  test('leaves the certificate to IAM with --thumbprint none', async () => {
    const { issuer } = elsewhere('unlooked')
    await using ci = await openWorkspace()
    const flags = ['--issuer', issuer, '--thumbprint', 'none']
    const requests = await requestsDuring(async () => {
      expect((await ci.json('create-provider', ...flags)).thumbprints).toEqual([])
    })
    const creation = requests.find(({ what }) => what === 'iam CreateOpenIDConnectProvider')
    expect(creation?.body).not.toContain('ThumbprintList')
  })

  test('sends a missing audience, which moto has no ear for', async () => {
    const { issuer, arn } = elsewhere('audience')
    await using ci = await openWorkspace()
    await publish(ci, 'audience')
    await ci.json('create-provider', '--issuer', issuer)
    const requests = await requestsDuring(async () => {
      const added = ['--issuer', issuer, '--audience', 'vault']
      // AWS answers 200 (IAM, API_AddClientIDToOpenIDConnectProvider).
      expect(await ci.problem('create-provider', ...added)).toMatchObject({
        code: 'aws/unexpected-answer',
        exit: 1,
      })
    })
    const addition = requests.find(({ writes }) => writes)
    expect(addition?.what).toBe('iam AddClientIDToOpenIDConnectProvider')
    expect(Object.fromEntries(new URLSearchParams(addition?.body))).toMatchObject({
      OpenIDConnectProviderArn: arn,
      ClientID: 'vault',
    })
  })

  test('is named by print-apiserver-flags as the issuer of tokens', async () => {
    await using cluster = await openWorkspace()
    const { issuer } = await cluster.init('--name', 'flags')
    const printed = await cluster.json('print-apiserver-flags', '--for', 'kubeadm')
    expect(printed).toMatchObject({ kind: 'ApiServerFlags', for: 'kubeadm' })
    expect(printed.flags).toContainEqual({ name: 'service-account-issuer', value: issuer })
    const { stdout } = await cluster.irsa('print-apiserver-flags', '--for', 'flags')
    expect(stdout).toContain(`--service-account-issuer=${issuer}\n`)
    expect(stdout).not.toMatch(/^--api-audiences=.*sts\.amazonaws\.com/m)
  })
})
