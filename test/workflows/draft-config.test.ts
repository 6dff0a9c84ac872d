import { describe, expect, test } from 'vitest'
import { parseConfig, formatConfig } from '../../src/adapters/config-file.ts'
import type { Config } from '../../src/core/config.ts'
import { draftConfig } from '../../src/workflows/draft-config.ts'
import type { Answers } from '../../src/workflows/init-answers.ts'
import type { InitFlags } from '../../src/workflows/init-flags.ts'

const ACCOUNT = '111122223333'
const HERE = { cwd: '/ops', folder: '/ops', shown: 'irsa.yaml' }
const BELOW = { cwd: '/ops', folder: '/ops/blue', shown: 'blue/irsa.yaml' }

function answers(given: Partial<Answers> & { region?: string; endpoint?: string } = {}): Answers {
  const { region = 'eu-west-3', endpoint, ...rest } = given
  const caller = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ci`, partition: 'aws' }
  return {
    name: 'blue',
    // Only these members of the account are looked at.
    connection: { aws: { customS3Endpoint: endpoint }, caller, region } as Answers['connection'],
    host: { type: 's3', bucket: 'oidc-acme' },
    publicKeys: [],
    fromCluster: false,
    ...rest,
  }
}

const draft = (
  flags: InitFlags = {},
  {
    given = answers(),
    before,
    place = HERE,
    cluster = [] as readonly string[],
  }: {
    given?: Answers
    before?: Config
    place?: typeof HERE
    cluster?: readonly string[]
  } = {},
) => draftConfig(given, flags, before, place, cluster)

describe('a first draft', () => {
  test('has the defaults', async () => {
    const config = draft()
    expect(config).toEqual({
      apiVersion: 'irsa/v1',
      name: 'blue',
      issuer: 'https://oidc-acme.s3.eu-west-3.amazonaws.com',
      region: 'eu-west-3',
      host: { type: 's3', bucket: 'oidc-acme' },
      audiences: ['sts.amazonaws.com'],
      keys: [{ public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' }],
      providers: [{ account: ACCOUNT, thumbprint: 'auto' }],
    })
    expect(await parseConfig(await formatConfig(config), 'irsa.yaml')).toEqual(config)
  })

  test.each([
    [{ region: 'us-east-1' }, {}, 'https://oidc-acme.s3.us-east-1.amazonaws.com'],
    [{ region: 'cn-north-1' }, {}, 'https://oidc-acme.s3.cn-north-1.amazonaws.com.cn'],
    [{ region: 'us-gov-west-1' }, {}, 'https://oidc-acme.s3.us-gov-west-1.amazonaws.com'],
    [{}, { prefix: 'a/b' }, 'https://oidc-acme.s3.eu-west-3.amazonaws.com/a/b'],
    [{ endpoint: 'https://localhost:1' }, { prefix: 'a' }, 'https://localhost:1/oidc-acme/a'],
    [{}, { issuer: 'https://oidc.example.com' }, 'https://oidc.example.com'],
  ])('%j %j: the issuer is %s', (given, flags, issuer) => {
    expect(draft(flags, { given: answers(given) }).issuer).toBe(issuer)
  })

  test('names files as they are from its own folder', () => {
    const host = { type: 'directory', directory: 'public', issuer: 'https://a.example' } as const
    const given = answers({ host, publicKeys: ['sa.pub', '/etc/sa.pub', 'sa.pub'] })
    const config = draft({ directory: 'public' }, { given, place: BELOW })
    expect(config.host).toEqual({ type: 'directory', directory: '../public' })
    expect(config.keys).toEqual([{ public: '../sa.pub' }, { public: '../../etc/sa.pub' }])
    expect(config.issuer).toBe('https://a.example')
  })

  test('with the API server as the host names nothing but that', () => {
    const host = { type: 'cluster', issuer: 'https://api.example.com' } as const
    const config = draft({}, { given: answers({ host }) })
    expect(config).toMatchObject({ issuer: 'https://api.example.com', host: { type: 'cluster' } })
    expect(draft({}, { given: answers({ host }), before: config })).toEqual(config)
  })

  test('with the cluster’s own keys has no pair of ours', () => {
    const config = draft({}, { cluster: ['keys/cluster-a.pub'] })
    expect(config.keys).toEqual([{ public: 'keys/cluster-a.pub' }])
  })

  test.each([
    [['none'], 'none'],
    [['auto'], 'auto'],
    [['9E99A48A9960B14926BB7F3B02E22DA2B0AB7280'], ['9e99a48a9960b14926bb7f3b02e22da2b0ab7280']],
  ])('--thumbprint %j', (thumbprint, kept) => {
    expect(draft({ thumbprint }).providers).toEqual([{ account: ACCOUNT, thumbprint: kept }])
  })
})

describe('where an irsa.yaml is already', () => {
  test('what no flag changes stays as it is, also from another folder', () => {
    const host = { type: 'directory', directory: '../public', issuer: 'https://a.example' } as const
    const first = draft(
      { directory: 'public' },
      {
        given: answers({ host: { ...host, directory: 'public' } }),
        place: BELOW,
      },
    )
    expect(draft({}, { given: answers({ host }), before: first, place: BELOW })).toEqual(first)
    const prefixed = draft({ prefix: 'a', thumbprint: ['none'] })
    expect(draft({}, { before: prefixed })).toEqual(prefixed)
  })

  test('audiences and keys are only ever added', () => {
    const before = draft()
    const given = answers({ publicKeys: ['old.pub'] })
    const config = draft({ audience: ['vault'] }, { before, given })
    expect(config.audiences).toEqual(['sts.amazonaws.com', 'vault'])
    expect(config.keys).toEqual([...before.keys, { public: 'old.pub' }])
  })

  test.each([
    ['name', answers({ name: 'green' }), {}],
    ['region', answers({ region: 'us-east-1' }), {}],
    ['issuer', answers(), { issuer: 'https://oidc.example.com' }],
    ['host', answers({ host: { type: 's3', bucket: 'other' } }), {}],
    ['host', answers(), { prefix: 'other' }],
    ['host', answers({ host: { type: 'cluster', issuer: 'https://a.example' } }), {}],
  ])('another %s would be another issuer', (field, given, flags) => {
    expect(() => draft(flags, { given, before: draft() })).toThrow(
      expect.objectContaining({
        code: 'config/other-issuer',
        what: expect.stringContaining(`its ${field} is`),
      }),
    )
  })
})
