import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { irsa } from '../support/cli.ts'
import { CASES, CREATE, MOVE, NEW, of, render } from '../workflows/apiserver.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { parts, withoutParts } from './parts.ts'
import { signingFlags } from './signing-flags.ts'

interface Definition {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly versions: readonly { readonly name: string }[] }
}

/** A control plane as it may be before: only what it must have, and one flag of its own. */
const CONTROL_PLANES = {
  v1beta1: {
    platformVersion: '1.10',
    machineTemplate: {
      infrastructureRef: { apiVersion: 'test.example/v1', kind: 'Machine', name: 'machine' },
    },
    extraArgs: { 'audit-log-path': '-' },
  },
  v1beta2: {
    platformVersion: '1.14',
    machineTemplate: {
      spec: { infrastructureRef: { apiGroup: 'test.example', kind: 'Machine', name: 'machine' } },
    },
    extraArgs: [{ name: 'audit-log-path', value: '-' }],
  },
} as const

type Version = keyof typeof CONTROL_PLANES

/** What an API server of a management cluster, or of OpenShift, checks beside the types. */
describe.skipIf(withoutParts)('an API server with the definitions of a platform', () => {
  let cluster: Cluster
  let server: ApiServer

  beforeAll(async () => {
    cluster = await openCluster()
    const flags = await signingFlags(cluster.identity)
    server = await cluster.start([`--service-account-issuer=${NEW}`, ...flags])
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  /** What kubectl says against it; nothing when all is well. */
  const objections = async (args: readonly string[], input = ''): Promise<string> =>
    (await server.kubectl(args, input)).stderr

  const dryRun = (text: string) => objections(['apply', '--dry-run=server', '-f', '-'], text)

  /** With one version, as if it were the newest: several want a webhook that converts them. */
  async function define(file: string, version: string): Promise<string> {
    const { metadata, spec, ...head } = parse(await readFile(file, 'utf8')) as Definition
    const versions = spec.versions
      .filter(({ name }) => name === version)
      .map((only) => ({ ...only, storage: true, deprecated: false }))
    const definition = JSON.stringify({ ...head, metadata, spec: { ...spec, versions } })
    expect(await objections(['create', '-f', '-'], definition)).toBe('')
    const name = `crd/${metadata.name}`
    expect(await objections(['wait', '--for=condition=Established', name])).toBe('')
    return name
  }

  async function createControlPlane(version: Version): Promise<void> {
    const { machineTemplate, extraArgs } = CONTROL_PLANES[version]
    const controlPlane = {
      apiVersion: `controlplane.cluster.x-k8s.io/${version}`,
      kind: 'KubeadmControlPlane',
      metadata: { name: 'prod' },
      spec: {
        version: 'v1.33.1',
        machineTemplate,
        kubeadmConfigSpec: { clusterConfiguration: { apiServer: { extraArgs } } },
      },
    }
    expect(await objections(['create', '-f', '-'], JSON.stringify(controlPlane))).toBe('')
  }

  /** A merge patch, because what is printed is what goes into the object that is there. */
  const patch = (text: string) =>
    objections(['patch', 'kcp', 'prod', '--type=merge', '--dry-run=server', `--patch=${text}`])

  test.each<Version>(['v1beta1', 'v1beta2'])(
    'takes each KubeadmControlPlane %s',
    async (version) => {
      const definition = await define(parts.definitions.clusterApi, version)
      await createControlPlane(version)
      const { platformVersion } = CONTROL_PLANES[version]
      for (const [label, input] of Object.entries(CASES)) {
        const { text } = render('cluster-api', of('cluster-api', { ...input, platformVersion }))
        const [controlPlane = '', secret] = text.split(/^---\n/m)
        expect(await patch(controlPlane), label).toBe('')
        if (secret === undefined) continue
        // Nobody's name, so that it cannot be forgotten.
        expect(await dryRun(secret), label).toContain('CLUSTER-NAME')
        expect(await dryRun(secret.replaceAll('CLUSTER-NAME', 'prod')), label).toBe('')
      }
      expect(await patch('spec: { kubeadmConfigSpec: { clusterConfig: {} } }')).toContain('unknown')
      expect(await objections(['delete', definition])).toBe('')
    },
  )

  test('v1beta2 takes no flag twice, which is why the others are in a patch', async () => {
    await define(parts.definitions.clusterApi, 'v1beta2')
    await createControlPlane('v1beta2')
    const values = ['a', 'b'].map((value) => ({ name: 'service-account-issuer', value }))
    const apiServer = { extraArgs: values }
    const spec = { kubeadmConfigSpec: { clusterConfiguration: { apiServer } } }
    expect(await patch(JSON.stringify({ spec }))).toContain('extraArgs name must be unique')
  })

  test('takes each Authentication of OpenShift', async () => {
    await define(parts.definitions.openshift, 'v1')
    for (const [label, input] of Object.entries(CASES)) {
      expect(await dryRun(render('openshift', of('openshift', input)).text), label).toBe('')
    }
    const { text } = render('openshift', CREATE)
    expect(await dryRun(`${text}  serviceAccountIssuers: []\n`)).toContain('unknown field')
  })

  test('takes all of the webhook whose certificate is left to cert-manager', async () => {
    await define(parts.definitions.certificates, 'v1')
    await define(parts.definitions.issuers, 'v1')
    const { folder } = cluster.identity
    const args = ['print-webhook', '--certificate', 'cert-manager', '--watch-config-map']
    const { stdout } = await irsa(args, { cwd: folder })
    const [namespace = ''] = stdout.split(/^---\n/m)
    expect(await objections(['apply', '-f', '-'], namespace)).toBe('')
    expect(stdout).toContain('kind: Certificate')
    expect(await dryRun(stdout)).toBe('')
  })

  test('takes what opens the discovery documents', async () => {
    const { text } = render('static-pod', { ...MOVE, stage: 'sign', servesDocuments: true })
    expect(await dryRun(text.split(/^---\n/m).at(-1) ?? '')).toBe('')
  })
})
