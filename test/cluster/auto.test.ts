import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { irsa } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { parts, withoutParts } from './parts.ts'
import type { PrintedFlags } from './printed.ts'
import { signingFlags } from './signing-flags.ts'

const OLD = 'https://kubernetes.default.svc.cluster.local'
const NEW = 'https://oidc.acme.dev'
const PKI = '/etc/kubernetes/pki'

const CONFIG_MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
  data: { ClusterConfiguration: 'kind: ClusterConfiguration\n' },
}

/** The mirror of a static pod, as kubelet puts it there. */
const mirror = (flags: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'kube-apiserver-node',
    namespace: 'kube-system',
    labels: { component: 'kube-apiserver' },
  },
  spec: {
    containers: [
      { name: 'kube-apiserver', image: 'kube-apiserver', command: ['kube-apiserver', ...flags] },
    ],
  },
})

describe.skipIf(withoutParts)('--for auto, with kubectl and a real API server', () => {
  let cluster: Cluster
  let server: ApiServer

  beforeAll(async () => {
    cluster = await openCluster()
    const signing = await signingFlags(cluster.identity)
    server = await cluster.start([`--service-account-issuer=${OLD}`, ...signing])
    for (const namespace of ['default', 'kube-system']) {
      await server.kubectl(['-n', namespace, 'create', 'serviceaccount', 'default'])
    }
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const ask = (...more: readonly string[]) =>
    irsa(['print-apiserver-flags', '--issuer', NEW, '--for', 'auto', '-o', 'json', ...more], {
      cwd: cluster.identity.folder,
      env: { KUBECONFIG: server.kubeconfig, PATH: parts.path },
    })

  const put = async (object: object): Promise<void> => {
    const ended = await server.kubectl(['replace', '--force', '-f', '-'], JSON.stringify(object))
    expect(ended).toMatchObject({ code: 0 })
  }

  test('a cluster that says nothing of itself has to be named', async () => {
    const ended = await ask()
    expect(ended.code).toBe(2)
    expect(ended.problem()).toMatchObject({
      code: 'apiserver/platform-not-recognised',
      why: expect.stringContaining(parts.kubernetes.version),
    })
  })

  test('kubeadm: each stage follows from what runs', async () => {
    await put(CONFIG_MAP)
    let running = [
      `--service-account-issuer=${OLD}`,
      `--service-account-key-file=${PKI}/sa.pub`,
      `--service-account-signing-key-file=${PKI}/sa.key`,
    ]
    const issuers: string[][] = []
    for (const stage of ['accept', 'sign', 'finish']) {
      await put(mirror(running))
      const printed = (await ask('--stage', stage)).json<PrintedFlags & { for: string }>()
      expect(printed.for).toBe('kubeadm')
      const values = (name: string) =>
        printed.flags.filter((flag) => flag.name === name).map(({ value }) => value)
      issuers.push(values('service-account-issuer'))
      expect(values('service-account-key-file')).toContain(`${PKI}/sa.pub`)
      expect(values('api-audiences')).toEqual([OLD])
      running = printed.flags.map(({ name, value }) => `--${name}=${value}`)
    }
    expect(issuers).toEqual([[OLD, NEW], [NEW, OLD], [NEW]])
  })
})
