import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { irsa, temporaryFolder } from '../support/cli.ts'
import { parseManifests } from '../support/manifests.ts'

const ROLE = 'arn:aws:iam::111122223333:role/irsa/shop-checkout'
const WITH_ROLE = ['shop/checkout', '--role-arn', ROLE]
const PATCH = ['--no-webhook', '--patch', 'deployment/checkout', '--container', 'app']

const CONFIG = {
  apiVersion: 'irsa/v1',
  name: 'production',
  issuer: 'https://oidc.example.com',
  region: 'eu-west-3',
  host: { type: 'directory', directory: 'public' },
  audiences: ['sts.amazonaws.com'],
  keys: [{ public: 'keys/sa-signer.pub' }],
  providers: [{ account: '111122223333', thumbprint: 'none' }],
}

async function run(args: readonly string[], config?: object, env = {}) {
  await using folder = await temporaryFolder()
  if (config !== undefined) {
    await writeFile(join(folder.path, 'irsa.yaml'), JSON.stringify(config))
  }
  return await irsa(args, { cwd: folder.path, env })
}

describe('print-service-account', () => {
  test('the account on stdout, what comes next on stderr', async () => {
    const ended = await run(['print-service-account', ...WITH_ROLE])
    expect(ended.code).toBe(0)
    expect(parseManifests(ended.stdout)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name: 'checkout',
          namespace: 'shop',
          annotations: { 'eks.amazonaws.com/role-arn': ROLE },
        },
      },
    ])
    expect(ended.stderr).toContain(
      `irsa print-test-job shop/checkout --role-arn ${ROLE} | kubectl replace --force -f -`,
    )
  })

  test('-o json', async () => {
    const flags = ['--token-expiration', '3600', '--regional-sts', '-o', 'json']
    const ended = await run(['print-service-account', ...WITH_ROLE, ...flags])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { text, ...rest } = ended.json<{ text: string }>()
    expect(rest).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'Manifests',
      resources: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'checkout' }],
    })
    expect(text).toContain("eks.amazonaws.com/token-expiration: '3600'")
    expect(text).toContain("eks.amazonaws.com/sts-regional-endpoints: 'true'")
  })

  test('the audience of irsa.yaml, where it has no other', async () => {
    const own = { ...CONFIG, audiences: ['acme'] }
    const both = { ...CONFIG, audiences: ['acme', 'sts.amazonaws.com'] }
    const print = ['print-service-account', ...WITH_ROLE]
    expect((await run(print, own)).stdout).toContain('eks.amazonaws.com/audience: acme')
    expect((await run(print, both)).stdout).not.toContain('eks.amazonaws.com/audience')
  })
})

describe('the role of a service account in irsa.yaml', () => {
  const roles = [
    { serviceAccounts: ['shop/checkout'] },
    { name: 'shop-all', serviceAccounts: ['shop/cart', 'shop/stock'], path: '/shop/' },
    { name: 'everybody', serviceAccounts: ['shop/*'], allowWildcard: true, audience: 'acme' },
  ]
  const config = { ...CONFIG, audiences: ['sts.amazonaws.com', 'acme'], roles }

  test.each([
    ['checkout', 'irsa/production-shop-checkout'],
    ['stock', 'shop/shop-all'],
    ['any', 'irsa/everybody'],
  ])('shop/%s: %s', async (name, role) => {
    const ended = await run(['print-service-account', `shop/${name}`], config)
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain(`role-arn: arn:aws:iam::111122223333:role/${role}\n`)
    expect(ended.stdout.includes('eks.amazonaws.com/audience: acme')).toBe(name === 'any')
  })

  test('its partition is that of the region', async () => {
    const china = { ...config, region: 'cn-north-1' }
    const { stdout } = await run(['print-test-job', 'shop/checkout', '--no-webhook'], china)
    expect(stdout).toContain('arn:aws-cn:iam::111122223333:role/irsa/production-shop-checkout')
    expect(stdout).toContain('arn:aws-cn:sts::111122223333:assumed-role/production-shop-checkout/')
  })

  test('one that was there before, wherever, has to be named', async () => {
    const adopted = (entry: object) => ({
      ...config,
      roles: [{ name: 'app', serviceAccounts: ['shop/checkout'], adopt: true, ...entry }],
    })
    for (const command of ['print-service-account', 'print-test-job']) {
      const args = [command, 'shop/checkout', '-o', 'json']
      const ended = await run(args, adopted({}))
      expect(ended.problem()).toMatchObject({
        code: 'usage/flag-missing',
        why: expect.stringContaining('which path'),
        fix: expect.stringContaining('--role-arn'),
      })
      expect(await run(args, adopted({ path: '/team/' }))).toMatchObject({ code: 0 })
    }
  })

  test('another service account has none', async () => {
    const ended = await run(['print-test-job', 'web/front', '-o', 'json'], config)
    expect(ended.problem()).toMatchObject({ code: 'usage/flag-missing', exit: 2 })
  })
})

describe('print-test-job', () => {
  test('the job on stdout, its success test on stderr', async () => {
    const ended = await run(['print-test-job', ...WITH_ROLE, '--bucket', 'acme-test'])
    expect(ended.code).toBe(0)
    const [job, ...more] = parseManifests<{ kind: string }>(ended.stdout)
    expect([job?.kind, more]).toEqual(['Job', []])
    expect(ended.stderr).toContain('wait --for=condition=complete job/irsa-test-checkout')
    expect(ended.stderr).toContain('kubectl -n shop logs job/irsa-test-checkout')
    expect(ended.stderr).toContain('aws s3 cp s3://acme-test/irsa-test/shop/checkout -')
  })

  test('region and audience come from irsa.yaml', async () => {
    const config = { ...CONFIG, audiences: ['acme'] }
    const { stdout } = await run(['print-test-job', ...WITH_ROLE, '--no-webhook'], config)
    expect(stdout).toContain('value: eu-west-3')
    expect(stdout).toContain('audience: acme')
  })

  test('-o json, for a job, a patch and a kustomization', async () => {
    const print = (...flags: string[]) =>
      run(['print-test-job', ...WITH_ROLE, '-o', 'json', ...flags])
    const deployment = [{ kind: 'Deployment', namespace: 'shop', name: 'checkout' }]
    const job = [{ kind: 'Job', namespace: 'shop', name: 'irsa-test-checkout' }]
    for (const [flags, resources] of [
      [[], job],
      [PATCH, deployment],
      [[...PATCH, '--kustomize'], deployment],
    ] as const) {
      const ended = await print(...flags)
      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(ended.json()).toMatchObject({ kind: 'Manifests', resources })
    }
  })

  test('switches can be variables', async () => {
    const env = { IRSA_NO_WEBHOOK: 'yes', IRSA_PATCH: 'ds/agent', IRSA_CONTAINER: 'a b' }
    const ended = await run(['print-test-job', ...WITH_ROLE], undefined, env)
    expect(parseManifests(ended.stdout)).toMatchObject([
      {
        kind: 'DaemonSet',
        spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } },
      },
    ])
  })
})

describe('bad input', () => {
  test.each([
    [['checkout'], 'service-account/invalid'],
    [['shop/checkout/x'], 'service-account/invalid'],
    [['Shop/checkout'], 'service-account/invalid'],
    [['shop/checkout'], 'usage/flag-missing'],
    [['shop/checkout', '--role-arn', 'shop-checkout'], 'role/arn-invalid'],
    [['shop/checkout', '--role-arn', ROLE.replace('role', 'user')], 'role/arn-invalid'],
    [[...WITH_ROLE, '--audience', ''], 'provider/audience-invalid'],
    [[...WITH_ROLE, '--token-expiration', '599'], 'usage/invalid'],
    [[...WITH_ROLE, '--token-expiration', '86401'], 'usage/invalid'],
    [[...WITH_ROLE, '--token-expiration', '1e3'], 'usage/invalid'],
  ])('of both commands: %j', async (args, code) => {
    for (const command of ['print-service-account', 'print-test-job']) {
      const ended = await run([command, ...args, '-o', 'json'])
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(ended.problem()).toMatchObject({ code, exit: 2 })
    }
  })

  test.each([
    [['--bucket', 'Acme'], 'workload/bucket-invalid'],
    [['--bucket', 's3://acme-test'], 'workload/bucket-invalid'],
    [['--region', 'Paris'], 'usage/region-invalid'],
    [['--region', 'cn-north-1'], 'workload/other-partition'],
    [['--patch', 'deployment/checkout', '--container', 'app'], 'usage/flag-missing'],
    [['--no-webhook', '--container', 'app'], 'usage/flag-missing'],
    [['--no-webhook', '--kustomize'], 'usage/flag-missing'],
    [['--no-webhook', '--patch', 'deployment/checkout'], 'workload/container-missing'],
    [[...PATCH, '--container', 'App'], 'workload/container-invalid'],
    [[...PATCH, '--bucket', 'acme-test'], 'usage/flags-conflict'],
    [[...PATCH, '--image', 'cli:1'], 'usage/flags-conflict'],
    [[...PATCH, '--patch', 'checkout'], 'workload/malformed'],
    [[...PATCH, '--patch', 'deploymnet/checkout'], 'workload/unknown-kind'],
    [[...PATCH, '--patch', 'job/checkout'], 'workload/frozen'],
    [[...PATCH, '--patch', 'pod/checkout'], 'workload/frozen'],
  ])('of print-test-job: %j', async (flags, code) => {
    const ended = await run(['print-test-job', ...WITH_ROLE, ...flags, '-o', 'json'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.problem()).toMatchObject({ code, exit: 2 })
  })
})

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'checkout' },
  spec: {
    selector: { matchLabels: { app: 'checkout' } },
    template: {
      metadata: { labels: { app: 'checkout' } },
      spec: {
        containers: [
          { name: 'proxy', image: 'proxy:1' },
          { name: 'app', image: 'app:1', env: [{ name: 'COLOUR', value: 'blue' }] },
        ],
        volumes: [{ name: 'cache', emptyDir: {} }],
      },
    },
  },
}

const noKubectl = spawnSync('kubectl', ['version', '--client']).status !== 0

describe.skipIf(noKubectl)('kubectl, which needs no cluster for this', () => {
  const kubectl = (...args: string[]): string =>
    spawnSync('kubectl', args, { encoding: 'utf8' }).stdout

  const expectPatched = (text: string): void => {
    const [patched] = parseManifests<typeof DEPLOYMENT>(text)
    const { containers, volumes } = patched?.spec.template.spec ?? { containers: [], volumes: [] }
    const [app, proxy] = ['app', 'proxy'].map((name) => containers.find((one) => one.name === name))
    expect(containers).toHaveLength(2)
    expect(proxy).toEqual({ name: 'proxy', image: 'proxy:1' })
    expect(app?.image).toBe('app:1')
    expect(app?.env?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['COLOUR', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']),
    )
    expect(volumes.map(({ name }) => name).toSorted()).toEqual(['aws-iam-token', 'cache'])
  }

  test('kubectl patch merges the patch into a workload, and leaves the rest', async () => {
    await using folder = await temporaryFolder()
    const [deployment, patch] = ['deployment.json', 'patch.yaml'].map((name) =>
      join(folder.path, name),
    ) as [string, string]
    const { stdout } = await run(['print-test-job', ...WITH_ROLE, ...PATCH])
    await writeFile(deployment, JSON.stringify(DEPLOYMENT))
    await writeFile(patch, stdout)
    expectPatched(
      kubectl('patch', '--local', '-f', deployment, '--patch-file', patch, '-o', 'yaml'),
    )
  })

  test('kubectl kustomize does the same with the kustomization', async () => {
    await using folder = await temporaryFolder()
    const [base, overlay] = ['base', 'overlay'].map((name) => join(folder.path, name)) as [
      string,
      string,
    ]
    await Promise.all([mkdir(base), mkdir(overlay)])
    const { stdout } = await run(['print-test-job', ...WITH_ROLE, ...PATCH, '--kustomize'])
    await writeFile(join(base, 'deployment.json'), JSON.stringify(DEPLOYMENT))
    await writeFile(join(base, 'kustomization.yaml'), 'resources: [deployment.json]\n')
    await writeFile(join(overlay, 'kustomization.yaml'), stdout)
    expectPatched(kubectl('kustomize', overlay))
  })
})
