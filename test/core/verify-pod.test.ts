import { describe, expect, test } from 'vitest'
import {
  hasIdentity,
  isAlive,
  type KubePod,
  podSeen,
  recreateCommand,
  workloadOf,
} from '../../src/core/verify/pod.ts'

const ROLE = 'arn:aws:iam::111122223333:role/shop'
const token = (audience?: string) => ({
  projected: {
    sources: [{ serviceAccountToken: audience === undefined ? {} : { audience } }],
  },
})

const INJECTED: KubePod = {
  metadata: { name: 'app', namespace: 'shop', creationTimestamp: '2026-11-01T10:00:00Z' },
  spec: {
    serviceAccountName: 'checkout',
    containers: [{ env: [{ name: 'AWS_ROLE_ARN', value: ROLE }] }, {}],
    initContainers: [{ env: [{ name: 'AWS_ROLE_ARN', value: ROLE }] }],
    volumes: [token('sts.amazonaws.com'), {}, token()],
  },
  status: { phase: 'Running' },
}

const owned = (kind: string, name: string, labels: Record<string, string> = {}): KubePod => ({
  ...INJECTED,
  metadata: {
    ...INJECTED.metadata,
    labels,
    ownerReferences: [
      { kind: 'Something', name: 'else' },
      { kind, name, controller: true },
    ],
  },
})

describe('a pod', () => {
  test('is taken apart: role, audiences but for those of the Kubernetes API, owner', () => {
    expect(podSeen(INJECTED)).toEqual({
      name: 'app',
      serviceAccount: 'checkout',
      created: '2026-11-01T10:00:00Z',
      phase: 'Running',
      labels: {},
      annotations: {},
      owner: undefined,
      roleArns: [ROLE],
      audiences: ['sts.amazonaws.com'],
    })
  })

  test('that has just been made has little to say', () => {
    const seen = podSeen({ metadata: { name: 'app' }, spec: { containers: [{}] } })
    expect(seen).toMatchObject({ serviceAccount: 'default', phase: 'Pending', roleArns: [] })
    expect(hasIdentity(seen)).toBe(false)
  })

  test.each([
    ['Running', true],
    ['Pending', true],
    ['Unknown', true],
    ['Succeeded', false],
    ['Failed', false],
  ])('in the phase %s matters: %s', (phase, alive) => {
    expect(isAlive(podSeen({ ...INJECTED, status: { phase } }))).toBe(alive)
  })

  test.each([
    [
      'of a Deployment',
      owned('ReplicaSet', 'web-6c9f7', { 'pod-template-hash': '6c9f7' }),
      'deployment/web',
      'kubectl -n shop rollout restart deployment/web',
    ],
    [
      'of a DaemonSet',
      owned('DaemonSet', 'agent'),
      'daemonset/agent',
      'kubectl -n shop rollout restart daemonset/agent',
    ],
    ['of a Job', owned('Job', 'nightly'), undefined, 'kubectl -n shop delete pod app'],
    [
      'of a ReplicaSet of its own',
      owned('ReplicaSet', 'web'),
      undefined,
      'kubectl -n shop delete pod app',
    ],
    [
      'that stands alone',
      INJECTED,
      undefined,
      'kubectl -n shop get pod app -o yaml | kubectl replace --force -f -',
    ],
  ])('%s is made again by the line for it', (_, pod, workload, command) => {
    expect(workloadOf(podSeen(pod))).toBe(workload)
    expect(recreateCommand(podSeen(pod), 'shop')).toBe(command)
  })
})
