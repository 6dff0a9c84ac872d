import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { irsa } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { withoutParts } from './parts.ts'
import { signingFlags } from './signing-flags.ts'

const ROLE = ['--role-arn', 'arn:aws:iam::111122223333:role/irsa/prod-shop-checkout']
const APP = {
  containers: [
    { name: 'app', image: 'app:1' },
    { name: 'log', image: 'log:1' },
  ],
}
const TEMPLATE = { metadata: { labels: { app: 'checkout' } }, spec: APP }
const metadata = { name: 'checkout', namespace: 'shop' }
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: { selector: { matchLabels: { app: 'checkout' } }, template: TEMPLATE },
}
const CRON_JOB = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata,
  spec: {
    schedule: '@daily',
    jobTemplate: { spec: { template: { spec: { ...APP, restartPolicy: 'Never' } } } },
  },
}

describe.skipIf(withoutParts)('manifests of roles and workloads, on a real API server', () => {
  let cluster: Cluster
  let server: ApiServer

  beforeAll(async () => {
    cluster = await openCluster()
    const signing = await signingFlags(cluster.identity)
    server = await cluster.start(['--service-account-issuer=https://issuer.example', ...signing])
    await server.kubectl(['create', 'namespace', 'shop'])
    const account = await printed('print-service-account', 'shop/checkout', ...ROLE)
    await server.kubectl(['apply', '-f', '-'], account)
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const printed = async (...args: readonly string[]): Promise<string> => {
    const ended = await irsa(args, { cwd: cluster.identity.folder })
    expect(ended).toMatchObject({ code: 0 })
    return ended.stdout
  }

  test.each([
    ['the account', ['print-service-account', 'shop/checkout', ...ROLE]],
    ['the job', ['print-test-job', 'shop/checkout', ...ROLE]],
    ['the job with a bucket', ['print-test-job', 'shop/checkout', ...ROLE, '--bucket', 'acme']],
    ['the job without a webhook', ['print-test-job', 'shop/checkout', ...ROLE, '--no-webhook']],
  ])('%s passes a strict server-side dry run', async (_, args) => {
    const apply = ['apply', '--dry-run=server', '--validate=strict', '-f', '-']
    const ended = await server.kubectl(apply, await printed(...args))
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('the job can be run again, as the line that is printed with it says', async () => {
    const job = await printed('print-test-job', 'shop/checkout', ...ROLE)
    for (const _ of ['first', 'again']) {
      const ended = await server.kubectl(['replace', '--force', '-f', '-'], job)
      expect(ended).toMatchObject({ code: 0 })
    }
  })

  test.each([
    ['deployment', DEPLOYMENT, '{.spec.template.spec}'],
    ['cronjob', CRON_JOB, '{.spec.jobTemplate.spec.template.spec}'],
  ])(
    'the patch gives a %s its token, and leaves other containers alone',
    async (kind, made, at) => {
      await server.kubectl(['apply', '-f', '-'], JSON.stringify(made))
      const options = ['--no-webhook', '--patch', `${kind}/checkout`, '--container', 'app']
      const patch = await printed('print-test-job', 'shop/checkout', ...ROLE, ...options)
      const file = join(cluster.identity.folder, `${kind}.yaml`)
      await writeFile(file, patch)
      const args = ['-n', 'shop', 'patch', kind, 'checkout', '--patch-file', file]
      expect(await server.kubectl(args)).toMatchObject({ code: 0 })
      const read = ['-n', 'shop', 'get', kind, 'checkout', '-o', `jsonpath=${at}`]
      const spec = JSON.parse((await server.kubectl(read)).stdout)
      expect(spec.serviceAccountName).toBe('checkout')
      expect(spec.volumes).toMatchObject([
        {
          name: 'aws-iam-token',
          projected: { sources: [{ serviceAccountToken: { path: 'token' } }] },
        },
      ])
      const [app, log] = spec.containers
      expect(app).toMatchObject({
        name: 'app',
        image: 'app:1',
        env: expect.arrayContaining([{ name: 'AWS_ROLE_ARN', value: ROLE[1] }]),
        volumeMounts: [{ name: 'aws-iam-token', readOnly: true }],
      })
      expect(log).not.toHaveProperty('env')
    },
  )
})
