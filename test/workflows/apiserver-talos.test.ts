import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import type { Stage } from '../../src/core/apiserver/names.ts'
import { CREATE, KEEP, NEW, OLD, parse, render } from './apiserver.ts'
import { comments, expectGolden, first, MOVE } from './apiserver-golden.ts'

/** All that these tests look at, of all formats. */
interface Machine {
  issuer: { issuerURL: string; privateKey: string }
  accepted: { publicKeys: string[]; issuers: string[]; audiences: string[] }
  cluster: { apiServer: { extraArgs: object }; serviceAccount: { key: string } }
  configuration: { anonymous: { conditions: { path: string }[] } }
}

/** The one of Talos 1.14 that has the keys. */
const documentOf = (text: string): Machine => {
  const document = parse<Machine>(text).find((one) => 'issuer' in one)
  if (document === undefined) throw new Error('there is no document with an issuer')
  return document
}

const pem = (name: string) => `-----BEGIN PUBLIC KEY-----\n${name}\n-----END PUBLIC KEY-----\n`
const SECRET = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'
const KNOWN: Partial<ApiServerInput> = {
  ...MOVE,
  keyFiles: [{ publicFrom: 'a.pub', privateFrom: 'a.key', publicPem: pem('ours') }],
  previousPublicPems: [pem('theirs'), pem('ours')],
}

const CASES: [string, Partial<ApiServerInput>][] = ['1.13.2', '1.12'].flatMap((platformVersion) =>
  (
    [
      ['new', CREATE],
      ['own-key', KEEP],
      ['accept', { ...MOVE, stage: 'accept' }],
      ['sign', { ...MOVE, stage: 'sign' }],
      ['finish', { ...MOVE, stage: 'finish' }],
    ] as const
  ).map(([label, input]): [string, Partial<ApiServerInput>] => [
    `${label}-${platformVersion.slice(0, 4)}`,
    { ...input, platformVersion },
  ]),
)

test.each([
  ...CASES,
  ['sign-known', { ...KNOWN, stage: 'sign', privatePem: SECRET }],
  ['served', { ...MOVE, stage: 'sign', servesDocuments: true }],
] as [string, Partial<ApiServerInput>][])('golden file: %s', async (label, input) => {
  await expectGolden('talos', label, input)
})

describe('Talos 1.14', () => {
  test.each<[Stage, string, string[] | undefined]>([
    ['accept', OLD, [NEW]],
    ['sign', NEW, [OLD]],
    ['finish', NEW, undefined],
  ])('stage %s: issuerURL is %s, and %j are accepted', (stage, issuerURL, issuers) => {
    const config = documentOf(render('talos', { ...MOVE, stage }).text)
    expect(config).toMatchObject({ apiVersion: 'v1alpha1', kind: 'KubeServiceAccountConfig' })
    expect(config.issuer.issuerURL).toBe(issuerURL)
    expect(config.accepted.issuers).toEqual(issuers)
    expect(config.accepted.audiences).toEqual([OLD])
  })

  test.each<Stage>(['accept', 'sign', 'finish'])('%s replaces what is there', (stage) => {
    const [document, key, config, ...more] = parse(render('talos', { ...MOVE, stage }).text)
    const name = { apiVersion: 'v1alpha1', kind: 'KubeServiceAccountConfig' }
    expect(document).toEqual({ ...name, $patch: 'delete' })
    expect(key).toEqual({ cluster: { serviceAccount: { $patch: 'delete' } } })
    expect(config).toMatchObject(name)
    expect(more).toEqual([])
  })

  test('a new cluster sets nothing but the issuer and the key', () => {
    const [config, ...more] = parse<Machine>(render('talos', { privatePem: SECRET }).text)
    expect(more).toEqual([])
    expect(config?.issuer).toEqual({ issuerURL: NEW, privateKey: SECRET })
    expect(config?.accepted).toBeUndefined()
  })

  test('accept keeps the private key that is there, and takes our public one', () => {
    const { text } = render('talos', { ...KNOWN, stage: 'accept', privatePem: SECRET })
    const config = documentOf(text)
    expect(config.issuer.privateKey).toMatch(/^REPLACE-THIS-LINE with the key that signs now/)
    expect(config.accepted.publicKeys).toEqual([pem('ours')])
    expect(text).not.toContain('AAAA')
  })

  test.each<Stage>(['sign', 'finish'])('%s goes on verifying with the previous key', (stage) => {
    const config = documentOf(render('talos', { ...KNOWN, stage }).text)
    expect(config.accepted.publicKeys).toEqual([pem('theirs')])
  })

  test('several previous keys stay all, because any of them may sign now', () => {
    const previousPublicPems = [pem('one'), pem('two')]
    const accept = documentOf(
      render('talos', { ...KNOWN, stage: 'accept', previousPublicPems }).text,
    )
    expect(accept.accepted.publicKeys).toEqual([pem('ours'), pem('one'), pem('two')])
    const kept = documentOf(render('talos', { ...KEEP, previousPublicPems }).text)
    expect(kept.accepted.publicKeys).toEqual([pem('one'), pem('two')])
  })

  test('finish has a line for a previous key that is not known but named', () => {
    const named = { ...MOVE, stage: 'finish', previousKeyFiles: ['/any'] } as const
    const config = documentOf(render('talos', named).text)
    expect(config.accepted.publicKeys[0]).toMatch(/^REPLACE-THIS-LINE/)
    const dropped = documentOf(render('talos', { ...MOVE, stage: 'finish' }).text)
    expect(dropped.accepted.publicKeys).toBeUndefined()
  })

  test('a key that the cluster showed alone, and that is ours, needs no line for another', () => {
    const alone = { ...KNOWN, stage: 'sign', previousPublicPems: [pem('ours')] } as const
    expect(documentOf(render('talos', alone).text).accepted.publicKeys).toBeUndefined()
    const unseen = { ...alone, previousPublicPems: undefined }
    const [key] = documentOf(render('talos', unseen).text).accepted.publicKeys
    expect(key).toMatch(/^REPLACE-THIS-LINE with the public half/)
  })

  test('a cluster that serves the documents lets STS ask for them, and for nothing else', () => {
    const { text, flags } = render('talos', { servesDocuments: true })
    const [, server, authentication] = parse<Machine>(text)
    expect(server).toMatchObject({
      kind: 'KubeAPIServerConfig',
      extraArgs: { 'service-account-jwks-uri': `${NEW}/openid/v1/jwks` },
    })
    const conditions = authentication?.configuration.anonymous.conditions
    expect(conditions?.map(({ path }) => path)).toEqual([
      '/.well-known/openid-configuration',
      '/openid/v1/jwks',
      '/livez',
      '/readyz',
      '/healthz',
    ])
    expect(flags.map(({ name }) => name)).not.toContain('anonymous-auth')
  })
})

describe('Talos before 1.14', () => {
  test.each([
    ['1.13.0', [NEW, OLD]],
    ['1.12.9', NEW],
  ])('%s: the issuers are %j', (platformVersion, expected) => {
    const { cluster } = first<Machine>(
      render('talos', { ...KEEP, stage: 'sign', platformVersion }).text,
    )
    expect(cluster).toEqual({ apiServer: { extraArgs: { 'service-account-issuer': expected } } })
  })

  test('the key is base64 of the PEM, and only when it is to sign', () => {
    const input = { ...KNOWN, platformVersion: '1.13', privatePem: SECRET }
    const accept = first<Machine>(render('talos', { ...input, stage: 'accept' }).text)
    expect(accept.cluster.serviceAccount).toBeUndefined()
    const sign = first<Machine>(render('talos', { ...input, stage: 'sign' }).text)
    const { key } = sign.cluster.serviceAccount
    expect(Buffer.from(key, 'base64').toString()).toBe(SECRET)
  })

  test('without --include-private-key the place says how to make it', () => {
    const { text, files } = render('talos', { platformVersion: '1.12' })
    expect(first<Machine>(text).cluster.serviceAccount.key).toContain(
      'base64 -w0 keys/sa-signer.key',
    )
    expect(files).toEqual([{ path: 'cluster.serviceAccount.key', from: 'keys/sa-signer.key' }])
  })

  test('says what one issuer and one key cost, and from when on they do not', () => {
    const { text, warnings } = render('talos', {
      ...MOVE,
      stage: 'sign',
      platformVersion: '1.12',
    })
    expect(warnings.join()).toContain('one issuer at a time')
    expect(warnings.join()).toContain('verifies with one key')
    expect(comments(text)).toContain('Talos 1.13 takes lists')
    expect(comments(text)).toContain('From Talos 1.14 on')
  })

  test('a cluster that serves the documents takes anonymous requests', () => {
    const input = { platformVersion: '1.13', servesDocuments: true }
    const { cluster } = first<Machine>(render('talos', input).text)
    expect(cluster.apiServer.extraArgs).toEqual({
      'service-account-issuer': NEW,
      'service-account-jwks-uri': `${NEW}/openid/v1/jwks`,
      'anonymous-auth': 'true',
    })
  })
})
