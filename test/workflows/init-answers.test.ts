import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/core/config.ts'
import type { Ask } from '../../src/ports/ask.ts'
import type { Aws } from '../../src/ports/aws.ts'
import type { CommonOptions, World } from '../../src/ports/world.ts'
import { nobody } from '../../src/ui/ask.ts'
import { askInit } from '../../src/workflows/init-answers.ts'
import type { InitFlags } from '../../src/workflows/init-flags.ts'
import { noProgress } from './small-resources.ts'

const CALLER = {
  account: '111122223333',
  arn: 'arn:aws:iam::111122223333:user/ci',
  partition: 'aws',
}
const DEFAULT_BUCKET = 'irsa-blue-111122223333-eu-west-3-an'

/** Answers by flag, and writes down what was asked. */
function somebody(answers: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const answer = (flag: string, initial?: string): string => {
    asked.push(flag)
    return answers[flag] ?? initial ?? ''
  }
  const ask: Ask = {
    ...nobody,
    interactive: true,
    text: async ({ flag, initial }) => answer(flag, initial),
    choose: async ({ flag }, choices) => {
      const chosen = answer(flag, choices[0]?.value)
      return choices.find(({ value }) => value === chosen)?.value as never
    },
  }
  return { ask, asked }
}

function run(
  flags: InitFlags,
  {
    ask = nobody,
    options = {},
    config,
    region = 'eu-west-3',
    caller = async () => CALLER,
  }: {
    ask?: Ask
    options?: Partial<CommonOptions>
    config?: Config
    region?: string
    caller?: Aws['caller']
  } = {},
) {
  // Of the account only the caller is looked at.
  const aws = { caller, warmUp: () => undefined } as Aws
  const common = { config: 'irsa.yaml', output: 'human', input: true, color: true } as const
  const world: Parameters<typeof askInit>[0] = {
    ask,
    env: {},
    options: { ...common, ...options },
    configuredRegion: async () => (region === '' ? undefined : region),
    aws: (async () => aws) satisfies World['aws'],
    progress: noProgress,
  }
  return askInit(world, flags, config)
}

const NO_AWS = {
  caller: () => Promise.reject(new Error('AWS was asked')),
}

const CONFIG: Config = {
  apiVersion: 'irsa/v1',
  name: 'green',
  issuer: 'https://oidc.example.com',
  region: 'eu-west-1',
  host: { type: 'directory', directory: 'public' },
  audiences: ['sts.amazonaws.com'],
  keys: [{ public: 'sa.pub' }],
  providers: [{ account: '111122223333', thumbprint: 'auto' }],
}

describe('a person is asked', () => {
  test('for what no flag gave', async () => {
    const { ask, asked } = somebody({ '--name': 'blue' })
    const answers = await run({}, { ask })
    expect(asked).toEqual(['--name', '--region', '--host', '--bucket', '--public-key'])
    expect(answers).toMatchObject({
      name: 'blue',
      connection: { region: 'eu-west-3', caller: CALLER },
      host: { type: 's3', bucket: DEFAULT_BUCKET },
      publicKeys: [],
      fromCluster: false,
    })
  })

  test('for nothing when flags give it all', async () => {
    const { ask, asked } = somebody({})
    const flags = { name: 'blue', bucket: 'oidc-acme', publicKey: ['sa.pub'] }
    const answers = await run(flags, { ask, options: { region: 'us-east-1' } })
    expect(asked).toEqual([])
    expect(answers).toMatchObject({
      connection: { region: 'us-east-1' },
      host: { type: 's3', bucket: 'oidc-acme' },
      publicKeys: ['sa.pub'],
    })
  })

  test.each([
    ['kubectl', { publicKeys: [], fromCluster: true }, ['--public-key']],
    ['file', { publicKeys: ['file'], fromCluster: false }, ['--public-key', '--public-key']],
    ['new', { publicKeys: [], fromCluster: false }, ['--public-key']],
  ])('about the cluster: %s', async (choice, expected, more) => {
    const { ask, asked } = somebody({ '--public-key': choice })
    const flags = { name: 'blue', bucket: 'oidc-acme' }
    const answers = await run(flags, { ask, options: { region: 'eu-west-3' } })
    expect(answers).toMatchObject(expected)
    expect(asked).toEqual(more)
  })

  test('about a folder, and the URL it is served under', async () => {
    const { ask, asked } = somebody({ '--issuer': 'https://oidc.example.com' })
    const flags = { name: 'blue', host: 'directory', jwksFromCluster: true } as const
    const answers = await run(flags, { ask, options: { region: 'eu-west-3' } })
    expect(asked).toEqual(['--directory', '--issuer'])
    expect(answers.host).toEqual({
      type: 'directory',
      directory: 'public',
      issuer: 'https://oidc.example.com',
    })
  })

  test('about the URL of an API server that serves them itself', async () => {
    const { ask, asked } = somebody({
      '--host': 'cluster',
      '--issuer': 'https://api.example.com',
    })
    const flags = { name: 'blue', jwksFromCluster: true } as const
    const answers = await run(flags, { ask, options: { region: 'eu-west-3' } })
    expect(asked).toEqual(['--host', '--issuer'])
    expect(answers.host).toEqual({ type: 'cluster', issuer: 'https://api.example.com' })
  })

  test('for nothing that irsa.yaml says', async () => {
    const { ask, asked } = somebody({})
    const answers = await run({}, { ask, config: CONFIG })
    expect(asked).toEqual([])
    expect(answers).toMatchObject({
      name: 'green',
      connection: { region: 'eu-west-1' },
      host: { type: 'directory', directory: 'public', issuer: 'https://oidc.example.com' },
    })
  })
})

describe('where nobody is asked', () => {
  test.each([
    ['--yes', { ask: somebody({}).ask, options: { yes: true as const } }],
    ['no terminal', {}],
  ])('%s: the defaults stand', async (_name, surroundings) => {
    const answers = await run({ name: 'blue' }, surroundings)
    expect(answers).toMatchObject({
      connection: { region: 'eu-west-3' },
      host: { type: 's3', bucket: DEFAULT_BUCKET },
      publicKeys: [],
      fromCluster: false,
    })
  })

  test.each([
    [{}, '--name'],
    [{ name: 'blue', host: 'directory' }, '--directory'],
    [{ name: 'blue', directory: 'public' }, '--issuer'],
    [{ name: 'blue', host: 'cluster' }, '--issuer'],
  ] as const)('%j: what has no default names its flag', async (flags, flag) => {
    const asking = run(flags)
    await expect(asking).rejects.toMatchObject({ exit: 2, what: expect.stringContaining(flag) })
  })

  test('a region that nothing names', async () => {
    const asking = run({ name: 'blue' }, { region: '' })
    await expect(asking).rejects.toMatchObject({ what: expect.stringMatching(/region/), exit: 2 })
  })

  test('a name that does not fit is refused before AWS is asked', async () => {
    await expect(run({ name: 'Blue' }, NO_AWS)).rejects.toMatchObject({
      code: 'usage/name-invalid',
    })
  })

  test.each([
    [{ host: 'cluster', issuer: 'https://api.example.com/x' }, 'cluster/issuer-has-path'],
    [{ host: 'cluster', issuer: 'https://api.example.com:6443' }, 'issuer/has-port'],
    [{ host: 'cluster', issuer: 'http://api.example.com' }, 'issuer/not-https'],
    [{ directory: 'public', issuer: 'http://oidc.example.com' }, 'issuer/not-https'],
    [{ host: 'cluster', bucket: 'acme' }, 'usage/flags-conflict'],
    [{ bucket: 'acme', directory: 'public' }, 'usage/flags-conflict'],
  ] as const)('%j is refused before AWS is asked', async (flags, code) => {
    await expect(run({ name: 'blue', ...flags }, NO_AWS)).rejects.toMatchObject({ code })
  })

  test('so is what irsa.yaml says of the host', async () => {
    const config: Config = {
      ...CONFIG,
      issuer: 'https://api.example.com/x',
      host: { type: 'cluster' },
    }
    await expect(run({}, { ...NO_AWS, config })).rejects.toMatchObject({
      code: 'cluster/issuer-has-path',
    })
  })
})
