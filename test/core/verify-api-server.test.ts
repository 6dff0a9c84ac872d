import { describe, expect, test } from 'vitest'
import { judgeApiServer } from '../../src/core/verify/api-server.ts'
import type { ApiServerCase } from '../../src/core/verify/api-server-case.ts'
import { publishedKids } from '../../src/core/verify/published-kids.ts'
import { seen, unseen } from '../../src/core/verify/link.ts'
import type { ClusterSeen } from '../../src/core/verify/sights.ts'

const OURS = 'https://oidc.acme.dev/prod'
const OLD = 'https://kubernetes.default.svc.cluster.local'

const flags = (...more: readonly string[]): readonly string[] => [
  'kube-apiserver',
  `--service-account-issuer=${OURS}`,
  '--service-account-signing-key-file=/pki/sa.key',
  ...more,
]

const RUNNING: ClusterSeen = {
  context: 'prod',
  commands: [flags()],
  unread: false,
  issuers: [OURS],
  publicPems: [],
  publicKids: ['a'],
  unreadableKeys: 0,
  signingPem: 'PEM',
  signingKid: 'a',
  audiences: [OURS],
}

const CASE: Omit<ApiServerCase, 'running'> = {
  issuer: OURS,
  published: ['a'],
  ours: ['a'],
  audiences: ['sts.amazonaws.com'],
  servesItself: false,
  commands: {
    flags: (stage, more = []) => ['flags', stage, ...more].join(' '),
    publish: 'publish',
    publishFromCluster: 'publish from cluster',
  },
}

const judge = (running: Partial<ClusterSeen>, rest: Partial<ApiServerCase> = {}) =>
  judgeApiServer({ ...CASE, ...rest, running: { ...RUNNING, ...running } }).map(
    ({ id, severity, command }) => [id.replace('apiserver/', ''), severity, command],
  )

const signing = (issuers: readonly string[], ...more: readonly string[]) => ({
  issuers,
  commands: [
    ['kube-apiserver', ...issuers.map((one) => `--service-account-issuer=${one}`), ...more],
  ],
})

describe('a healthy API server is not complained about', () => {
  test.each([
    ['as it should be', {}, {}],
    [
      'with the previous issuer after ours',
      { commands: [flags(`--service-account-issuer=${OLD}`)] },
      {},
    ],
    ['that is no pod', { commands: [], unread: true }, {}],
    ['whose key set holds a kind that irsa cannot read', { unreadableKeys: 1, publicKids: [] }, {}],
    ['that shows no key set', { publicKids: undefined, publicPems: undefined }, {}],
    ['with several published keys', {}, { published: ['a', 'b', 'c'] }],
    ['whose published keys could not be read', {}, { published: undefined }],
    ['where the provider takes the audience of kops', {}, { audiences: ['amazonaws.com'] }],
    ['that serves the documents itself', {}, { servesItself: true }],
    [
      'with long tokens',
      { commands: [flags('--service-account-max-token-expiration=48h0m0s')] },
      {},
    ],
    [
      'with flags as two words',
      { commands: [['kube-apiserver', '--service-account-issuer', OURS]] },
      {},
    ],
  ])('%s', (_, running, rest) => {
    expect(judge(running, rest)).toEqual([])
  })

  test('a key that only verifies is worth a note where one key signs', () => {
    expect(judge({ publicKids: ['a', 'old'] })).toEqual([['keys-not-published', 'info', undefined]])
  })

  test('of several keys it speaks as of several', () => {
    const told = (...kids: readonly string[]) => {
      const running = { ...RUNNING, publicKids: ['a', ...kids] }
      return judgeApiServer({ ...CASE, running }).map(({ summary, fix }) => [summary, fix])
    }
    const verifies = 'The API server also verifies with'
    expect(told('x')).toEqual([
      [`${verifies} x, which is not published`, 'Publish it before it signs.'],
    ])
    expect(told('x', 'y')).toEqual([
      [`${verifies} x, y, which are not published`, 'Publish them before they sign.'],
    ])
  })

  test('a sentence that begins with something else keeps the names in it', () => {
    const running = { ...RUNNING, ...signing(['https://x.example']) }
    const [finding] = judgeApiServer({ ...CASE, running })
    expect(finding?.fix).toContain('if it is the right one, give the API server what this prints')
  })
})

describe('the issuer', () => {
  test.each([
    ['another one first', signing([OLD, OURS]), 'another-issuer-first', 'flags sign'],
    ['as it was installed', signing([OLD]), 'issuer-not-configured', 'flags accept'],
    [
      'of before tokens had one',
      signing(['kubernetes/serviceaccount']),
      'issuer-not-configured',
      'flags accept',
    ],
    ['of somewhere else', signing(['https://x.example']), 'issuer-not-accepted', 'flags accept'],
    ['a slash more', signing([`${OURS}/`]), 'issuer-spelled-differently', 'flags accept'],
    [
      'in another case',
      signing([OURS.toUpperCase()]),
      'issuer-spelled-differently',
      'flags accept',
    ],
    ['with http', signing([OURS.replace('s:', ':')]), 'issuer-spelled-differently', 'flags accept'],
    [
      'a slash more, beside another',
      signing([OLD, `${OURS}/`]),
      'issuer-spelled-differently',
      'flags accept',
    ],
  ])('%s', (_, running, id, command) => {
    const issuers = [running.issuers[0] ?? '']
    expect(judge({ ...running, issuers })).toEqual([[id, 'high', command]])
  })

  test('two API servers for two issuers', () => {
    const commands = [flags(), ['kube-apiserver', `--service-account-issuer=${OLD}`]]
    expect(judge({ commands })).toEqual([['servers-differ', 'high', 'flags sign']])
    expect(judge({ commands: [], issuers: [OURS, OLD] })[0]).toEqual([
      'servers-differ',
      'high',
      'flags sign',
    ])
  })

  test('two API servers with two keys', () => {
    const second = flags().map((flag) => flag.replace('sa.key', 'other.key'))
    expect(judge({ commands: [flags(), second], publicKids: ['a', 'b'] })).toEqual([
      ['servers-differ', 'medium', 'flags sign'],
      ['keys-not-published', 'medium', 'publish from cluster'],
    ])
  })
})

describe('the signer', () => {
  test('not among the keys it verifies with', () => {
    expect(judge({ publicKids: ['b'], signingKid: 'a' }, { published: ['a', 'b'] })).toEqual([
      ['rejects-own-tokens', 'high', undefined],
    ])
    const commands = [
      flags('--service-account-key-file=/pki/b.pub', '--api-audiences=x,sts.amazonaws.com'),
    ]
    const [found] = judge({ publicKids: ['b'], commands }, { published: ['a', 'b'] })
    expect(found?.at(-1)).toBe('flags sign --previous-key-file /pki/b.pub --api-audience x')
  })

  test.each([
    ['which is in irsa.yaml', { published: ['b'] }, 'publish'],
    ["which is the cluster's own", { published: ['b'], ours: ['b'] }, 'publish from cluster'],
    ['where the documents are its own', { published: ['b'], servesItself: true }, undefined],
    [
      'where there is no irsa.yaml',
      { published: [], ours: [], commands: { ...CASE.commands, publishFromCluster: undefined } },
      undefined,
    ],
  ])('not published, %s', (_, rest, command) => {
    expect(judge({}, rest)).toEqual([['signer-not-published', 'high', command]])
  })

  test('is not asked for while the issuer is another one', () => {
    expect(judge(signing([OLD]), { published: ['b'] })).toHaveLength(1)
  })

  test('unseen', () => {
    expect(judge({ signingKid: undefined })).toEqual([['signer-unseen', 'info', undefined]])
  })
})

describe('the audiences', () => {
  test.each([
    ['beside another', [OURS, 'sts.amazonaws.com'], 'high', `flags sign --api-audience ${OURS}`],
    ['alone', ['sts.amazonaws.com'], 'high', 'flags sign'],
    [
      'which the provider does not take',
      [OURS, 'amazonaws.com'],
      'medium',
      `flags sign --api-audience ${OURS}`,
    ],
  ])('one for STS %s', (_, audiences, severity, command) => {
    expect(judge({ audiences })).toEqual([['sts-audience', severity, command]])
  })

  test('whatever the provider takes is one for STS', () => {
    expect(judge({ audiences: [OURS, 'acme'] }, { audiences: ['acme'] })[0]?.[1]).toBe('high')
  })

  test('by its flags alone nobody has seen a token that carries it', () => {
    const commands = [flags(`--api-audiences=${OURS},sts.amazonaws.com`)]
    expect(judge({ commands, audiences: undefined })[0]?.slice(0, 2)).toEqual([
      'sts-audience',
      'medium',
    ])
  })
})

test.each([['1h'], ['3600s'], ['23h59m59s'], ['90m']])('tokens of %s are short', (value) => {
  const commands = [flags(`--service-account-max-token-expiration=${value}`)]
  expect(judge({ commands })).toEqual([['short-tokens', 'info', undefined]])
})

describe('published kids', () => {
  const answered = (body: string, status = 200) =>
    seen({
      kind: 'answered' as const,
      url: 'https://x',
      status,
      body,
      milliseconds: 1,
      verified: true,
    })
  test.each([
    ['of a key set', answered('{"keys":[{"kid":"a"},{"kid":1},7]}'), ['a']],
    ['of an empty one', answered('{"keys":[]}'), []],
    ['of something else', answered('[]'), undefined],
    ['of null', answered('null'), undefined],
    ['of HTML', answered('<html>'), undefined],
    ['of a refusal', answered('{"keys":[]}', 403), undefined],
    ['of nothing', unseen('it was not looked at'), undefined],
  ])('%s', (_, answer, kids) => {
    expect(publishedKids(answer)).toEqual(kids)
  })
})
