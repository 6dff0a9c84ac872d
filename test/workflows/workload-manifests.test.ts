import { describe, expect, test } from 'vitest'
import { printServiceAccount } from '../../src/workflows/print-service-account.ts'
import { printTestJob, type TestJobFlags } from '../../src/workflows/print-test-job.ts'
import type { World } from '../../src/ports/world.ts'
import { parseManifests, templates } from '../support/manifests.ts'

const ROLE_ARN = 'arn:aws:iam::111122223333:role/irsa/shop-checkout'
const WHO = 'shop/checkout'

function world(options: Partial<World['options']> = {}, configured?: string) {
  const warnings: string[] = []
  const made = {
    cwd: '/',
    files: { read: () => Promise.resolve(undefined) },
    options: { config: 'irsa.yaml', ...options },
    template: templates,
    configuredRegion: () => Promise.resolve(configured),
    progress: { warn: (message: string) => void warnings.push(message) },
  }
  return { warnings, world: made as unknown as World }
}

const print = (flags: Partial<TestJobFlags> = {}, options: Partial<World['options']> = {}) =>
  printTestJob(world(options).world, WHO, { roleArn: ROLE_ARN, webhook: true, ...flags })

interface Container {
  name: string
  image: string
  args: string[]
  env: { name: string; value?: string }[]
  volumeMounts: object[]
}

interface PodSpec {
  serviceAccountName: string
  containers: Container[]
  initContainers?: Container[]
  volumes: { name: string }[]
}

interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace: string }
  spec: { template: { spec: PodSpec }; jobTemplate?: { spec: { template: { spec: PodSpec } } } }
}

const TOKEN_VOLUME = {
  name: 'aws-iam-token',
  projected: {
    sources: [
      {
        serviceAccountToken: {
          audience: 'sts.amazonaws.com',
          expirationSeconds: 86_400,
          path: 'token',
        },
      },
    ],
  },
}
const TOKEN_MOUNT = {
  name: 'aws-iam-token',
  mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
  readOnly: true,
}
const ENVIRONMENT = [
  { name: 'AWS_ROLE_ARN', value: ROLE_ARN },
  {
    name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
  },
  { name: 'AWS_REGION', value: 'eu-west-3' },
  { name: 'AWS_DEFAULT_REGION', value: 'eu-west-3' },
  { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
]

const PARIS = { region: 'eu-west-3' }
const PATCH = { webhook: false, patch: 'deployment/checkout', container: ['app'] }
const GOLDEN: readonly [string, Partial<TestJobFlags>, Partial<World['options']>][] = [
  ['test-job', {}, {}],
  ['test-job-bucket', { bucket: 'acme-test' }, PARIS],
  ['test-job-no-webhook', { webhook: false, bucket: 'acme-test' }, PARIS],
  [
    'patch-deployment',
    { ...PATCH, initContainer: ['migrate'], container: ['app', 'worker'] },
    PARIS,
  ],
  ['patch-cronjob', { ...PATCH, patch: 'cronjob/nightly' }, {}],
  ['kustomization', { ...PATCH, kustomize: true }, PARIS],
  ['kustomization-pod', { ...PATCH, patch: 'pod/checkout.v1', kustomize: true }, PARIS],
]

describe('golden files', () => {
  test.each(GOLDEN)('%s', async (name, flags, options) => {
    const { text } = (await print(flags, options)).manifests
    expect(text).toMatch(/[^\n]\n$/)
    expect(text).not.toMatch(/[ \t]$/m)
    expect(text).not.toMatch(/[&*]a\d/)
    parseManifests(text)
    await expect(text).toMatchFileSnapshot(`../golden/workload/${name}.yaml`)
  })

  test('service-account', async () => {
    const flags = { roleArn: ROLE_ARN, audience: 'aws', tokenExpiration: 3600, regionalSts: true }
    const { text, resources } = await printServiceAccount(world().world, WHO, flags as never)
    expect(resources).toEqual([{ kind: 'ServiceAccount', namespace: 'shop', name: 'checkout' }])
    expect(parseManifests(text)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name: 'checkout',
          namespace: 'shop',
          annotations: {
            'eks.amazonaws.com/role-arn': ROLE_ARN,
            'eks.amazonaws.com/audience': 'aws',
            'eks.amazonaws.com/token-expiration': '3600',
            'eks.amazonaws.com/sts-regional-endpoints': 'true',
          },
        },
      },
    ])
    await expect(text).toMatchFileSnapshot('../golden/workload/service-account.yaml')
  })
})

describe('the job', () => {
  const parse = async (...given: Parameters<typeof print>) => {
    const printed = await print(...given)
    const [job, ...more] = parseManifests<Manifest>(printed.manifests.text)
    expect(more).toEqual([])
    const { containers, ...pod } = job?.spec.template.spec ?? { containers: [] }
    return { ...printed, job, pod: pod as Omit<PodSpec, 'containers'>, container: containers[0] }
  }

  test('asks for the identity of the role, whose path is no part of it', async () => {
    const { job, pod, container, manifests } = await parse()
    expect(manifests.resources).toEqual([
      { kind: 'Job', namespace: 'shop', name: 'irsa-test-checkout' },
    ])
    expect(job?.metadata).toMatchObject({ namespace: 'shop', name: 'irsa-test-checkout' })
    expect(pod.serviceAccountName).toBe('checkout')
    expect(pod.volumes).toEqual([{ name: 'scratch', emptyDir: {} }])
    expect(container?.image).toMatch(/^public\.ecr\.aws\/aws-cli\/aws-cli:2(\.\d+){2}$/)
    expect(container?.env.slice(1)).toEqual([
      { name: 'HOME', value: '/tmp' },
      { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
      {
        name: 'WANTED_IDENTITY',
        value: 'arn:aws:sts::111122223333:assumed-role/shop-checkout/',
      },
    ])
  })

  test('without the webhook: token, variables and mount as the webhook would add them', async () => {
    const { pod, container } = await parse({ webhook: false }, PARIS)
    expect(pod.volumes).toContainEqual(TOKEN_VOLUME)
    expect(container?.volumeMounts).toContainEqual(TOKEN_MOUNT)
    expect(container?.env).toEqual(expect.arrayContaining(ENVIRONMENT))
  })

  test('--audience, --token-expiration, --image and --endpoint-url', async () => {
    const flags = { webhook: false, audience: 'on', tokenExpiration: 600, image: 'cli:1' }
    const { pod, container } = await parse(flags, { endpointUrl: 'http://moto.test:5000' })
    expect(pod.volumes[1]).toMatchObject({
      projected: { sources: [{ serviceAccountToken: { audience: 'on', expirationSeconds: 600 } }] },
    })
    expect(container?.image).toBe('cli:1')
    expect(container?.env).toContainEqual({
      name: 'AWS_ENDPOINT_URL',
      value: 'http://moto.test:5000',
    })
  })

  test('a dollar sign in a role path is not taken for a reference to another variable', async () => {
    const roleArn = 'arn:aws:iam::111122223333:role/$(HOME)/x'
    const { container } = await parse({ webhook: false, roleArn })
    expect(container?.env).toContainEqual({
      name: 'AWS_ROLE_ARN',
      value: 'arn:aws:iam::111122223333:role/$$(HOME)/x',
    })
  })

  test('Kubernetes leaves the script as it is: no dollar signs in it that mean something there', async () => {
    const { container } = await parse()
    const names = container?.env.map(({ name }) => name).join('|')
    expect(container?.args[0]).not.toMatch(new RegExp(`\\$\\$|\\$\\((${names})\\)`))
  })

  test('the script is the same for everybody', async () => {
    const [one, other] = await Promise.all([
      parse(),
      parse({ webhook: false, bucket: 'acme-test' }, PARIS),
    ])
    expect(one.container?.args).toEqual(other.container?.args)
  })

  test('the success test stands in the manifest, and is what to type next', async () => {
    const { manifests, next } = await parse({ bucket: 'acme-test' })
    expect(next.map(({ command }) => command)).toEqual([
      'kubectl -n shop wait --for=condition=complete job/irsa-test-checkout --timeout=2m',
      'kubectl -n shop logs job/irsa-test-checkout',
      'aws s3 cp s3://acme-test/irsa-test/shop/checkout -',
    ])
    for (const { command } of next) expect(manifests.text).toContain(`\n#   ${command}\n`)
    expect(manifests.text).toContain('\n#   kubectl replace --force -f FILE\n')
    expect(manifests.text).toContain(`shop/checkout --role-arn ${ROLE_ARN} | kubectl apply`)
  })

  test('audience and expiration are said to have no effect where the webhook has its own', async () => {
    const { world: place, warnings } = world()
    await printTestJob(place, WHO, { roleArn: ROLE_ARN, webhook: true, audience: 'aws' })
    expect(warnings).toEqual([expect.stringContaining('irsa print-service-account shop/checkout')])
  })
})

describe('regions', () => {
  const regions = async (
    options: Partial<World['options']>,
    configured?: string,
    roleArn = ROLE_ARN,
  ) => {
    const place = world(options, configured).world
    const { manifests } = await printTestJob(place, WHO, { roleArn, webhook: true })
    const [job] = parseManifests<Manifest>(manifests.text)
    return job?.spec.template.spec.containers[0]?.env.filter(({ name }) => name.endsWith('REGION'))
  }
  const both = (value: string) => [
    { name: 'AWS_REGION', value },
    { name: 'AWS_DEFAULT_REGION', value },
  ]

  test('the flag goes before the AWS configuration, and none is needed', async () => {
    expect(await regions(PARIS, 'us-east-1')).toEqual(both('eu-west-3'))
    expect(await regions({}, 'us-east-1')).toEqual(both('us-east-1'))
    expect(await regions({})).toEqual([])
  })

  test.each([
    [{ region: 'Paris' }, ROLE_ARN, 'usage/region-invalid'],
    [{ region: 'cn-north-1' }, ROLE_ARN, 'workload/other-partition'],
    [PARIS, 'arn:aws-cn:iam::111122223333:role/x', 'workload/other-partition'],
    [{}, 'arn:aws-cn:iam::111122223333:role/x', 'workload/region-missing'],
  ])('%j and %s: %s', async (options, roleArn, code) => {
    await expect(regions(options, undefined, roleArn)).rejects.toMatchObject({ code, exit: 2 })
  })
})

describe('a patch', () => {
  const parse = async (flags: Partial<TestJobFlags>) => {
    const printed = await print({ ...PATCH, ...flags }, PARIS)
    const [patch, ...more] = parseManifests<Manifest>(printed.manifests.text)
    expect(more).toEqual([])
    return { ...printed, patch }
  }

  test('gives the named containers the role, and names nothing else', async () => {
    const { patch, next } = await parse({ initContainer: ['migrate'] })
    const entry = { env: ENVIRONMENT, volumeMounts: [TOKEN_MOUNT] }
    expect(patch).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'checkout', namespace: 'shop' },
      spec: {
        template: {
          spec: {
            serviceAccountName: 'checkout',
            initContainers: [{ name: 'migrate', ...entry }],
            containers: [{ name: 'app', ...entry }],
            volumes: [TOKEN_VOLUME],
          },
        },
      },
    })
    expect(next[0]?.command).toBe('kubectl -n shop patch deployment checkout --patch-file FILE')
  })

  test('names a container once, and warns of a key that would win', async () => {
    const container = ['app', 'app']
    const { patch } = await parse({ container })
    expect(patch?.spec.template.spec.containers).toHaveLength(1)
    const { manifests } = await print({ ...PATCH, container }, PARIS)
    expect(manifests.text).toContain('AWS_ACCESS_KEY_ID')
  })

  test('a cron job has its pods one level deeper', async () => {
    const { patch } = await parse({ patch: 'CronJobs/nightly' })
    expect(patch).toMatchObject({ apiVersion: 'batch/v1', kind: 'CronJob' })
    expect(patch?.spec.jobTemplate?.spec.template.spec.volumes).toEqual([TOKEN_VOLUME])
    expect(patch?.spec.template).toBeUndefined()
  })

  test('an init container alone is enough', async () => {
    const { patch } = await parse({ container: [], initContainer: ['migrate'] })
    expect(Object.keys(patch?.spec.template.spec ?? {})).toEqual([
      'serviceAccountName',
      'initContainers',
      'volumes',
    ])
  })
})
