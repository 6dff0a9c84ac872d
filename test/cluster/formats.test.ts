import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { CASES, CREATE, MOVE, of, render } from '../workflows/apiserver.ts'
import { objectionsTo, type Format } from './parsers.ts'
import { withoutParts } from './parts.ts'
import { shown } from './shown-keys.ts'

const OUTPUTS: readonly (readonly [platform: string, input: Partial<ApiServerInput>])[] = [
  ['cluster-api', {}],
  ['cluster-api', { platformVersion: '1.10' }],
  ['gardener', {}],
  ['kind', {}],
  ['kind', { kubernetesVersion: '1.35' }],
  ['kops', {}],
  ['kops', { platformVersion: '1.28.4' }],
  ['kops', { platformVersion: '1.25' }],
  ['kops', { discoveryStore: 's3://acme-oidc/prod' }],
  ['openshift', {}],
]

const INPUTS: readonly (readonly [label: string, input: ApiServerInput])[] = [
  ...Object.entries(CASES),
  ['served', { ...CREATE, servesDocuments: true }],
  ['audiences', { ...MOVE, stage: 'sign', apiAudiences: ['a', 'b'] }],
]

const READ_AS: Readonly<Record<string, Format>> = {
  'controlplane.cluster.x-k8s.io/v1beta1': 'cluster-api-v1beta1',
  'controlplane.cluster.x-k8s.io/v1beta2': 'cluster-api-v1beta2',
  'core.gardener.cloud/v1beta1': 'gardener',
  'kind.x-k8s.io/v1alpha4': 'kind',
  'config.openshift.io/v1': 'openshift',
  v1: 'secret',
}

/** A list of operations, which kubeadm reads (kubeadm.test.ts). */
const PATCH = 'a patch'

const ELSEWHERE = [PATCH, 'rbac.authorization.k8s.io/v1']

/** kops prints what goes into a Cluster that is there, without its head. */
function formatOf(platform: string, document: string): Format | undefined {
  const content: unknown = parse(document)
  const { apiVersion } = content as { apiVersion?: string }
  if (apiVersion === undefined && platform === 'kops') return 'kops'
  const known = Array.isArray(content) ? PATCH : (apiVersion ?? '')
  if (READ_AS[known] === undefined) expect(ELSEWHERE).toContain(known)
  return READ_AS[known]
}

/** What is objected to in one output, and how many of its documents were read. */
async function readAll(platform: string, text: string) {
  const read = text.split(/^---$/m).flatMap((document) => {
    const format = formatOf(platform, document)
    return format === undefined ? [] : [objectionsTo(document, format)]
  })
  return { count: read.length, objections: (await Promise.all(read)).join('') }
}

describe.skipIf(withoutParts)('print-apiserver-flags', () => {
  test.each(OUTPUTS)('%s %j: its own types take every case', async (platform, more) => {
    for (const [label, input] of INPUTS) {
      for (const keys of [input, shown(input)]) {
        const { text } = render(platform, { ...of(platform, keys), ...more })
        const { count, objections } = await readAll(platform, text)
        expect(objections, label).toBe('')
        expect(count, label).toBeGreaterThan(0)
      }
    }
  })
})
