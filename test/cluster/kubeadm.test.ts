import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configText } from '../support/signers.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import {
  kubeadmObjections,
  MANAGER_KEY,
  migrated,
  staticPod,
  unseenKeys,
  values,
} from './kubeadm.ts'
import { ofClusterApi, ofKind, ofKubeadm, ofKubespray, type OnNode } from './kubeadm-nodes.ts'
import { parts, withoutParts } from './parts.ts'
import { printFlags, type PrintedFlags } from './printed.ts'

const NEW = 'https://oidc.acme.dev'
/** Sorts before the new one. */
const OLD = 'https://kubernetes.default.svc.cluster.local'
/** Sorts after it. */
const LAST = 'https://zebra.example'

const ISSUER = 'service-account-issuer'
const SIGNING = 'service-account-signing-key-file'

/** This one sorts the values of a flag, and takes v1beta3. */
const isOld = parts.kubernetes.minor === '1.31'

const DEPRECATED = 'kubeadm.k8s.io/v1beta3'

const stage = (name: string, ...previous: readonly string[]): string[] =>
  ['--stage', name].concat(previous.flatMap((issuer) => ['--previous-issuer', issuer]))

const OWN_KEY = ['--config', 'own-key.yaml']
const ELSEWHERE = ['--key-dir', '/opt/irsa']

const CASES: Readonly<Record<string, readonly string[]>> = {
  'a new cluster': [],
  'a new cluster that serves the documents': ['--host', 'cluster'],
  'a key that the cluster made': [...OWN_KEY, '--previous-issuer', OLD],
  'a change in one step': ['--previous-issuer', OLD],
  accept: stage('accept', OLD),
  'accept after what sorts last': stage('accept', LAST),
  sign: stage('sign', OLD),
  'sign before what sorts anywhere': stage('sign', LAST, OLD),
  finish: stage('finish', OLD),
}

/** kind mounts nothing else into its nodes. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'accept, keys elsewhere': [...stage('accept', OLD), ...ELSEWHERE],
  'sign, keys elsewhere': [...stage('sign', OLD), ...ELSEWHERE],
}

const EVERYWHERE = Object.entries({ ...CASES, ...FOLDERS })

/** What is printed for these, the kubeadm at hand still reads. */
const PRINTED_FOR = isOld ? ['1.30', '1.31'] : ['1.31', parts.kubernetes.version.slice(1)]

const forEach = (cases: readonly (readonly [string, readonly string[]])[], versions: string[]) =>
  versions.flatMap((version) => cases.map(([label, args]) => [version, label, args] as const))

describe.skipIf(withoutParts)('kubeadm', () => {
  let place: Workplace

  beforeAll(async () => {
    place = await workplace()
    await place.run(['generate-keypair'])
    const keys = [{ public: 'keys/sa-signer.pub' }]
    await writeFile(join(place.cwd, 'own-key.yaml'), configText({ issuer: NEW, keys }))
  })
  afterAll(() => place?.[Symbol.asyncDispose]())

  const print = (platform: string, ...args: readonly string[]): Promise<PrintedFlags> =>
    printFlags(place, '--for', platform, '--issuer', NEW, ...args)

  /** Prints, and makes of it what the API server and the controller manager are started with. */
  const expectInForce = async (platform: string, onNode: OnNode, args: readonly string[]) => {
    const printed = await print(platform, ...args)
    const node = await onNode(printed.text)
    expect(await kubeadmObjections(node.configuration)).toBe('')
    const server = await staticPod('apiserver', node)
    const isDeprecated = node.configuration.includes(`apiVersion: ${DEPRECATED}\n`)
    expect(server.deprecated).toEqual(isDeprecated ? [DEPRECATED] : [])
    for (const name of new Set(printed.flags.map((flag) => flag.name))) {
      const wanted = printed.flags.filter((flag) => flag.name === name).map(({ value }) => value)
      expect(inOrder(name, values(server, name))).toEqual(inOrder(name, wanted))
    }
    const manager = await staticPod('controller-manager', node)
    expect(values(server, 'service-account-key-file')).not.toEqual([])
    expect(values(server, SIGNING)).toHaveLength(1)
    expect(values(manager, MANAGER_KEY)).toEqual(values(server, SIGNING))
    expect([...unseenKeys(server), ...unseenKeys(manager)]).toEqual([])
  }

  test.each(forEach(EVERYWHERE, PRINTED_FOR))('as printed for %s: %s', async (version, _, args) => {
    await expectInForce('kubeadm', ofKubeadm, [...args, '--kubernetes-version', version])
  })

  test.each(EVERYWHERE)('in Cluster API: %s', async (_, args) => {
    await expectInForce('cluster-api', ofClusterApi, args)
  })

  test.runIf(isOld).each(EVERYWHERE)('in Cluster API before 1.11: %s', async (_, args) => {
    await expectInForce('cluster-api', ofClusterApi, [...args, '--platform-version', '1.10'])
  })

  test.each(Object.entries(CASES))('in kind: %s', async (_, args) => {
    const { version } = parts.kubernetes
    await expectInForce('kind', ofKind, [...args, '--kubernetes-version', version])
  })

  test.each(EVERYWHERE)('in kubespray: %s', async (_, args) => {
    await expectInForce('kubespray', ofKubespray, args)
  })

  test.each([
    ['sign', OLD, [NEW, OLD]],
    ['accept', LAST, [LAST, NEW]],
  ])('%s without the patch has another signer where kubeadm sorts', async (name, from, issuers) => {
    const { text } = await print('kubeadm', ...stage(name, from))
    const pod = await staticPod('apiserver', await ofKubeadm(text))
    expect(values(pod, ISSUER)).toEqual(isOld ? issuers.toReversed() : issuers)
    expect(text.replaceAll('\n# ', ' ')).toContain('and would sign with another issuer than')
  })

  const beforeLists = async () => {
    const { text } = await print('kubeadm', ...stage('sign', OLD), '--kubernetes-version', '1.30')
    return ofKubeadm(text)
  }

  test.runIf(isOld)(
    '"kubeadm config migrate" makes v1beta4 of v1beta3, patch and order kept',
    async () => {
      const node = await beforeLists()
      const configuration = await migrated(node.configuration)
      expect(configuration).not.toContain('v1beta3')
      const pod = await staticPod('apiserver', { ...node, configuration })
      expect(values(pod, ISSUER)).toEqual([NEW, OLD])
    },
  )

  test.skipIf(isOld)('no longer reads v1beta3', async () => {
    const { configuration } = await beforeLists()
    expect(await kubeadmObjections(configuration)).toContain(`old API spec: "${DEPRECATED}"`)
  })
})

/** Any key that is listed verifies, wherever it is in the list. */
const inOrder = (name: string, found: readonly string[]): readonly string[] =>
  name === 'service-account-key-file' ? found.toSorted() : found
