import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { findPlatform } from '../../src/core/apiserver/platforms.ts'
import { CREATE, MOVE, NEW, OLD, PKI, problemOf, settle } from './apiserver.ts'

describe('what is refused', () => {
  test.each<[string, Partial<ApiServerInput>, string?]>([
    ['apiserver/previous-issuer-is-new', { previousIssuers: [OLD, NEW] }],
    ['apiserver/stage-without-previous', { stage: 'accept' }],
    ['apiserver/stage-without-previous', { stage: 'finish' }],
    ['apiserver/path-not-absolute', { keyDir: 'pki' }],
    ['apiserver/path-not-absolute', { previousKeyFiles: ['sa.pub'] }],
    ['apiserver/path-not-absolute', { previousSigningKeyFile: 'sa.key' }],
    ['apiserver/unusable-value', { previousIssuers: [''] }],
    ['apiserver/unusable-value', { previousIssuers: ['a b'] }],
    ['apiserver/unusable-value', { previousIssuers: [':nothing'] }],
    ['apiserver/unusable-value', { keyDir: '/etc\n--anonymous-auth=true' }],
    ['apiserver/unusable-value', { keyFiles: [{ publicFrom: 'a\u2028b.pub' }] }],
    ['apiserver/unusable-value', { apiAudiences: ['a,'] }],
    ['apiserver/key-dir-not-mounted', { keyDir: '/etc/kubernetes/pki' }, 'kops'],
    ['apiserver/key-dir-not-mounted', { keyDir: '/srv/kubernetes/kube-apiserver/../x' }, 'kops'],
    [
      'apiserver/overwrites-previous-key',
      {
        ...MOVE,
        keyDir: PKI,
        keyFiles: [{ publicFrom: 'my/sa.pub', privateFrom: 'my/sa.key' }],
      },
    ],
    [
      'apiserver/same-file-name',
      { keyFiles: [...CREATE.keyFiles, { publicFrom: 'a/k.pub' }, { publicFrom: 'b/k.pub' }] },
    ],
    ['apiserver/malformed-kubernetes-version', { kubernetesVersion: 'latest' }],
    ['apiserver/malformed-kubernetes-version', { kubernetesVersion: '1' }],
    ['apiserver/unknown-kubernetes-version', { kubernetesVersion: '1.21.9' }],
    ['apiserver/unknown-kubernetes-version', { kubernetesVersion: '2.0' }],
  ])('%s: %j', (expected, input, platform) => {
    expect(problemOf(() => settle(input, platform))).toMatchObject({ code: expected, exit: 2 })
  })

  test.each([
    ['kubeadmin', 'kubeadm'],
    ['K3S', 'k3s'],
    ['kop', 'kops'],
    ['flag', 'flags'],
  ])('a platform called %s, with the hint to %s and all the names', (name, hint) => {
    expect(problemOf(() => findPlatform(name))).toMatchObject({
      code: 'apiserver/unknown-platform',
      exit: 2,
      fix: expect.stringContaining(`--for ${hint}`),
      why: expect.stringContaining('flags, systemd, static-pod, kubeadm, kops, k3s'),
    })
  })
})

describe('kubeadm sorts repeated flags by value (kubernetes/kubeadm 3261)', () => {
  const warned = (kubernetesVersion: string | undefined, previous = OLD, platform = 'kubeadm') =>
    settle({ previousIssuers: [previous], stage: 'sign', kubernetesVersion }, platform)
      .warnings.filter((warning) => warning.includes('sorts repeated flags'))
      .join('')

  test.each(['1.31.14', '1.32.11', 'v1.33.7', '1.34.3', '1.35.0'])(
    'in %s: in a patch',
    (version) => {
      expect(warned(version)).toContain('patch')
    },
  )

  test.each(['1.32.12', '1.33.8', '1.34.4', '1.35.1', '1.36', 'v1.36.0-rc.0', '1.99', '1.30.2'])(
    'not in %s, or in no way that matters',
    (version) => {
      expect(warned(version)).toBe('')
    },
  )

  test.each([
    ['1.32', '1.32.12'],
    ['1.34', '1.34.4'],
    ['1.35', '1.35.1'],
  ])('perhaps in %s: in a patch, which %s does not need', (version, release) => {
    expect(warned(version)).toContain('in a patch')
    expect(warned(version)).toContain(`${release} and later need none`)
  })

  test('perhaps where no version is known, and says which issuer would suffer', () => {
    expect(warned(undefined)).toContain(`another issuer than ${NEW}`)
    expect(warned(undefined, 'zzz')).toContain('in that order already')
  })

  test('with a single issuer there is nothing to sort', () => {
    expect(settle({}).warnings).toEqual([])
  })

  test('other platforms do not', () => {
    expect(warned('1.31.0', OLD, 'k3s')).toBe('')
  })
})
