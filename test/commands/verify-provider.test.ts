import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../src/sandbox/model.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import { expectFault, type Fault, verify } from '../support/verified.ts'

const BUCKET = 'irsa-x-111122223333-eu-west-3-an'
const ACCOUNT = '111122223333'
const OTHER = '444455556666'

const missing = spawnSync('aws', ['--version']).error !== undefined

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  const started = await place.run(['init', '--name', 'x', '--yes'])
  if (started.code !== 0) throw new Error(started.stderr)
})
afterAll(() => place[Symbol.asyncDispose]())

const issuer = (): string => `${place.aws.url}/${BUCKET}`
const arnOf = (url: string, account = ACCOUNT): string =>
  `arn:aws:iam::${account}:oidc-provider/${url.slice('https://'.length)}`
const provider = (): Provider => place.aws.state.providers.get(arnOf(issuer()))!

/** The provider of the issuer has another name instead. */
function renameProvider(url: string, account = ACCOUNT): void {
  const { providers } = place.aws.state
  const arn = arnOf(url, account)
  const kept = provider()
  providers.clear()
  providers.set(arn, { ...kept, url, arn })
}

const missingFaults: readonly Pick<Fault, 'fault' | 'finding' | 'inject'>[] = [
  {
    fault: 'there is no provider',
    finding: 'provider/missing',
    inject: () => place.aws.state.providers.clear(),
  },
  {
    fault: 'the provider has a slash at its end',
    finding: 'provider/other-spelling',
    inject: () => renameProvider(`${issuer()}/`),
  },
  {
    fault: 'the provider is in upper case',
    finding: 'provider/other-spelling',
    inject: () => renameProvider(issuer().replace(BUCKET, BUCKET.toUpperCase())),
  },
  {
    fault: 'the provider has the scheme twice',
    finding: 'provider/other-spelling',
    inject: () => renameProvider(`https://${issuer()}`),
  },
  {
    fault: 'the provider is for http',
    finding: 'provider/other-spelling',
    inject: () => renameProvider(`https://${issuer().replace('https', 'http')}`),
  },
  {
    fault: 'the provider is for the bucket without the prefix',
    finding: 'provider/missing',
    inject: () => renameProvider(issuer().slice(0, -3)),
  },
  {
    fault: 'the provider takes no audience',
    finding: 'provider/no-audience',
    inject: () => (provider().clientIds = []),
  },
]

describe('the provider', { timeout: 120_000 }, () => {
  test.each(missingFaults)('$fault', async (fault) => {
    const broken = await expectFault(place, { ...fault, link: 'provider' })
    const spelling = fault.finding === 'provider/other-spelling'
    expect(broken.link('provider').why).toMatch(spelling ? /issuer {4}https[^]*\n *\^+$/ : /STS/)
    expect(broken.link('audience').status).toBe('skip')
    expect(provider().clientIds).toEqual(['sts.amazonaws.com'])
    place.aws.state.providers.forEach((one, arn, all) => {
      if (one !== provider()) all.delete(arn)
    })
  })

  test('is made by flags alone where there is no irsa.yaml', async () => {
    await using other = await workplace()
    const env = { ...place.aws.env }
    const elsewhere = { ...other, aws: place.aws, run: other.run }
    const args = ['--issuer', issuer(), '--audience', 'amazonaws.com', '--no-cluster']
    await expectFault(elsewhere, {
      fault: 'there is no provider, and no irsa.yaml',
      link: 'provider',
      finding: 'provider/missing',
      args,
      env,
      inject: () => place.aws.state.providers.clear(),
    })
    expect(provider().clientIds).toEqual(['amazonaws.com'])
    provider().clientIds = ['sts.amazonaws.com']
  })

  test('may be that of another account than the role', async () => {
    const config = join(place.cwd, 'irsa.yaml')
    const text = await readFile(config, 'utf8')
    const kept = provider()
    const role = ['--role-arn', `arn:aws:iam::${ACCOUNT}:role/checkout`]
    try {
      await expectFault(place, {
        fault: 'the provider is in another account than the role',
        link: 'provider',
        finding: 'provider/other-account',
        args: role,
        env: { AWS_PAGER: '' },
        ...(missing ? { byHand: 'aws-cli is not installed' } : {}),
        inject: async () => {
          renameProvider(issuer(), OTHER)
          await writeFile(config, text.replace(`account: "${ACCOUNT}"`, `account: "${OTHER}"`))
        },
      })
    } finally {
      await writeFile(config, text)
      place.aws.state.providers.clear()
      place.aws.state.providers.set(kept.arn, kept)
    }
  })

  test('is not judged with credentials of another account', async () => {
    const seen = await verify(place, ['--role-arn', `arn:aws:iam::${OTHER}:role/checkout`])
    expect(seen.link('provider')).toMatchObject({
      status: 'skip',
      summary: `These credentials are of account ${ACCOUNT}, and the role is in account ${OTHER}`,
      fix: `Use credentials of account ${OTHER}, with --profile.`,
    })
    expect(seen.link('discovery').status).toBe('pass')
  })

  test('needs credentials', async () => {
    const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    const seen = await verify(place, [], env)
    expect(seen.link('provider')).toMatchObject({
      status: 'skip',
      summary: expect.stringContaining('No AWS credentials were found'),
    })
    expect((await verify(place, ['--no-aws'])).link('provider')).toMatchObject({
      status: 'skip',
      summary: '--no-aws leaves the account out',
    })
  })
})

const audienceFaults: readonly (Pick<Fault, 'fault' | 'inject'> & {
  readonly args?: readonly string[]
  readonly says?: RegExp
})[] = [
  {
    fault: 'the provider takes another audience than irsa.yaml says',
    inject: () => (provider().clientIds = ['amazonaws.com']),
    says: /It takes "amazonaws.com"/,
  },
  {
    fault: "the provider takes China's form of the audience",
    inject: () => (provider().clientIds = ['sts.amazonaws.com.cn']),
    says: /are not the same/,
  },
  {
    fault: 'the provider takes the audience with a scheme',
    inject: () => (provider().clientIds = ['https://sts.amazonaws.com']),
    says: /are not the same/,
  },
  {
    fault: 'the provider takes the audience with a slash',
    inject: () => (provider().clientIds = ['sts.amazonaws.com/']),
    says: /are not the same/,
  },
  {
    fault: 'the provider does not take the audience that is asked for',
    args: ['--audience', 'amazonaws.com'],
    inject: () => (provider().clientIds = ['sts.amazonaws.com']),
    says: /the audience of --audience/,
  },
]

describe('the audience', { timeout: 120_000 }, () => {
  test.each(audienceFaults)('$fault', async ({ says, ...fault }) => {
    const finding = 'audience/not-in-provider'
    const broken = await expectFault(place, { ...fault, link: 'audience', finding })
    const { summary, why } = broken.link('audience')
    expect(`${summary}\n${why}`).toMatch(says ?? /./)
    provider().clientIds = ['sts.amazonaws.com']
  })

  test('is not guessed', async () => {
    await using other = await workplace()
    provider().clientIds = ['amazonaws.com']
    const elsewhere = { cwd: other.cwd, run: other.run }
    const seen = await verify(elsewhere, ['--issuer', issuer(), '--no-cluster'], place.aws.env)
    provider().clientIds = ['sts.amazonaws.com']
    expect(seen.link('audience')).toMatchObject({
      status: 'pass',
      summary: 'the provider takes amazonaws.com; nobody says what tokens are for',
    })
  })
})

describe('a service account', { timeout: 120_000 }, () => {
  /** A cluster that has shop/checkout with these annotations, and says nothing else. */
  const clusterWith = (annotations: Readonly<Record<string, string>>) =>
    standInKubectl(place.cwd, {
      '-n shop get serviceaccount checkout --ignore-not-found -o json': {
        metadata: { annotations },
      },
    })
  const args = ['--service-account', 'shop/checkout']

  test('whose annotation has the audience almost right', async () => {
    const broken = await expectFault(place, {
      fault: "the service account's annotation has the audience with a scheme",
      link: 'audience',
      finding: 'audience/not-in-provider',
      args,
      env: await clusterWith({ 'eks.amazonaws.com/audience': 'https://sts.amazonaws.com' }),
      inject: () => undefined,
      byHand: 'the command is for kubectl',
    })
    expect(broken.link('audience').findings[0]?.command).toBe(
      'kubectl -n shop annotate serviceaccount checkout eks.amazonaws.com/audience=sts.amazonaws.com --overwrite',
    )
  })

  test('whose role is in another account', async () => {
    const role = `arn:aws:iam::${OTHER}:role/checkout`
    const env = await clusterWith({ 'eks.amazonaws.com/role-arn': role })
    expect((await verify(place, args, env)).link('provider')).toMatchObject({
      status: 'skip',
      fix: `Use credentials of account ${OTHER}, with --profile.`,
    })
  })

  test('whose annotation the provider takes, as kops has it', async () => {
    provider().clientIds = ['amazonaws.com']
    const env = await clusterWith({ 'eks.amazonaws.com/audience': 'amazonaws.com' })
    const seen = await verify(place, args, env)
    provider().clientIds = ['sts.amazonaws.com']
    expect(seen.link('audience').status).toBe('pass')
  })
})

test('a permission that is missing is named, and the other links go on', async () => {
  place.aws.intercept(({ operation }) =>
    operation === 'GetOpenIDConnectProvider'
      ? { kind: 'error', status: 403, code: 'AccessDenied', message: 'no' }
      : undefined,
  )
  const seen = await verify(place)
  place.aws.intercept(undefined)
  expect(seen.ok).toBe(true)
  expect(seen.link('provider')).toMatchObject({
    status: 'skip',
    summary: expect.stringContaining('may not call iam:GetOpenIDConnectProvider'),
    fix: expect.stringContaining('iam:GetOpenIDConnectProvider'),
  })
  expect(seen.link('discovery').status).toBe('pass')
  expect(seen.link('jwks').status).toBe('pass')
})

test('what is missing is missing without the permission to list as well', async () => {
  const kept = provider()
  place.aws.state.providers.clear()
  place.aws.intercept(({ operation }) =>
    operation === 'ListOpenIDConnectProviders'
      ? { kind: 'error', status: 403, code: 'AccessDenied', message: 'no' }
      : undefined,
  )
  const seen = await verify(place)
  place.aws.intercept(undefined)
  place.aws.state.providers.set(kept.arn, kept)
  expect(seen.link('provider').findings[0]?.id).toBe('provider/missing')
})

test.each([
  ['cn-north-1', [], 'aws-cn'],
  ['us-gov-west-1', [], 'aws-us-gov'],
  ['eu-west-3', ['--prefix', 'clusters/blue'], 'aws'],
  ['eu-west-3', ['--audience', 'amazonaws.com'], 'aws'],
] as const)(
  'a healthy chain in %s %j is not complained about',
  async (region, flags, partition) => {
    await using healthy = await workplace({ region })
    const started = await healthy.run(['init', '--name', 'x', ...flags, '--yes'])
    expect(started.code, started.stderr).toBe(0)
    const seen = await verify(healthy)
    for (const id of ['discovery', 'jwks', 'provider', 'audience'] as const) {
      expect(seen.link(id)).toMatchObject({ status: 'pass' })
    }
    const complaints = seen.links.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity !== 'info'),
    )
    expect(complaints).toEqual([])
    expect(seen.link('provider').summary).toContain(`arn:${partition}:iam::`)
  },
)
