import { describe, expect, test } from 'vitest'

import { KEEP, NEW, OLD, render } from './apiserver.ts'
import { comments, expectGolden, first, MOVE } from './apiserver-golden.ts'

interface Config {
  'kube-apiserver-arg': string[]
}

describe.each(['k3s', 'rke2'])('%s', (name) => {
  const tls = `/var/lib/rancher/${name}/server/tls`

  test('golden files: served by the cluster, and a release that takes a flag once', async () => {
    await expectGolden(name, 'served', { servesDocuments: true })
    await expectGolden(name, 'sign-1.22', { ...MOVE, stage: 'sign', kubernetesVersion: '1.22.5' })
  })

  test('the private key of the cluster goes on signing without being named', () => {
    const { flags } = render(name, { ...MOVE, stage: 'accept' })
    expect(flags.map(({ name: flag }) => flag)).not.toContain('service-account-signing-key-file')
    expect(flags).toContainEqual({ name: 'service-account-key-file', value: `${tls}/service.key` })
  })

  test('a release that passes on the last value only gets one of each, and one joined file', () => {
    const { text, warnings } = render(name, {
      ...MOVE,
      stage: 'sign',
      kubernetesVersion: 'v1.23.5',
    })
    const config = first<Config>(text)
    expect(config['kube-apiserver-arg']).toEqual([
      `service-account-issuer=${NEW}`,
      `service-account-key-file=${tls}/irsa/verify.pub`,
      `service-account-signing-key-file=${tls}/irsa/sa-signer.key`,
    ])
    const parts = [`${tls}/irsa/sa-signer.pub`, `${tls}/service.key`]
    const joined = parts.map((part) => `cat ${part} >> verify.pub.new`)
    expect(comments(text)).toContain(joined.join(' '))
    expect(warnings.join()).toContain(`tokens of ${OLD} are refused`)
  })

  test.each([
    ['accept', `cat /opt/${name}/service.key.before keys/sa-signer.key`],
    ['sign', `cat keys/sa-signer.key /opt/${name}/service.key.before`],
    [undefined, `cat keys/sa-signer.key ${tls}/service.key`],
  ] as const)('stage %s: rotate-ca, with the key that signs first', (stage, command) => {
    expect(render(name, { ...MOVE, stage }).text).toContain(command)
  })

  test('a key that the cluster keeps needs no rotation', () => {
    expect(render(name, KEEP).text).not.toContain('rotate-ca')
  })

  test('anonymous requests are allowed only where the cluster serves the documents', () => {
    const args = (served: boolean, stage?: 'accept' | 'sign'): string[] =>
      first<Config>(render(name, { ...MOVE, stage, servesDocuments: served }).text)[
        'kube-apiserver-arg'
      ]
    expect(args(true, 'sign')).toEqual(
      expect.arrayContaining([
        `service-account-jwks-uri=${NEW}/openid/v1/jwks`,
        'anonymous-auth=true',
      ]),
    )
    expect(args(true, 'accept')).not.toContain('anonymous-auth=true')
    expect(args(false)).not.toContain('anonymous-auth=true')
  })
})
