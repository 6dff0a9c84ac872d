import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { CREATE, KEEP, NEW, OLD, render } from './apiserver.ts'
import { comments, expectGolden, first, MOVE } from './apiserver-golden.ts'

interface Config {
  spec: {
    api: { extraArgs: Record<string, string>; rawArgs: string[] }
    controllerManager: { extraArgs: object }
  }
}

const PKI = '/var/lib/k0s/pki'

test.each([
  ['new-1.33', CREATE],
  ['own-key-1.33', KEEP],
  ['accept-1.33', { ...MOVE, stage: 'accept' }],
  ['sign-1.33', { ...MOVE, stage: 'sign' }],
  ['finish-1.33', { ...MOVE, stage: 'finish' }],
] as [string, Partial<ApiServerInput>][])('golden file: %s', async (label, input) => {
  await expectGolden('k0s', label, { ...input, kubernetesVersion: '1.33.5+k0s.0' })
})

test('golden file: served', async () => {
  await expectGolden('k0s', 'served', { ...MOVE, stage: 'sign', servesDocuments: true })
})

describe('k0s 1.34.1 and later', () => {
  test('the first value of a flag is in the map, the others are raw and behind it', () => {
    const { spec } = first<Config>(render('k0s', { ...MOVE, stage: 'sign' }).text)
    expect(spec.api).toEqual({
      extraArgs: {
        'service-account-issuer': NEW,
        'service-account-jwks-uri': `${NEW}/keys.json`,
        'service-account-key-file': `${PKI}/irsa/sa-signer.pub`,
        'service-account-signing-key-file': `${PKI}/irsa/sa-signer.key`,
      },
      rawArgs: [`--service-account-issuer=${OLD}`, `--service-account-key-file=${PKI}/sa.pub`],
    })
    expect(spec.controllerManager.extraArgs).toEqual({
      'service-account-private-key-file': `${PKI}/irsa/sa-signer.key`,
    })
  })

  test('nothing is raw when nothing repeats', () => {
    const { spec } = first<Config>(render('k0s').text)
    expect(spec.api.rawArgs).toBeUndefined()
    expect(spec.controllerManager).toBeUndefined()
  })

  test.each([
    ['1.34.1', true],
    ['v1.34.1+k0s.0', true],
    ['1.34.0', false],
    ['1.33.9', false],
  ])('%s has rawArgs: %s', (kubernetesVersion, expected) => {
    const { spec } = first<Config>(render('k0s', { ...KEEP, kubernetesVersion }).text)
    expect('rawArgs' in spec.api).toBe(expected)
  })
})

describe('k0s before 1.34.1', () => {
  const OLDER = { ...MOVE, kubernetesVersion: '1.33.5' }

  test.each([
    ['accept', OLD, ['sa.pub', 'irsa/sa-signer.pub']],
    ['sign', NEW, ['irsa/sa-signer.pub', 'sa.pub']],
  ] as const)(
    'stage %s: the issuer is %s, and all keys are in one file',
    (stage, issuer, parts) => {
      const { text, flags } = render('k0s', { ...OLDER, stage })
      const { spec } = first<Config>(text)
      expect(spec.api.extraArgs['service-account-issuer']).toBe(issuer)
      expect(spec.api.extraArgs['service-account-key-file']).toBe(`${PKI}/irsa/verify.pub`)
      const joined = parts.map((part) => `cat ${PKI}/${part} >> verify.pub.new`)
      expect(comments(text)).toContain([...joined, 'mv verify.pub.new verify.pub'].join(' '))
      expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length)
    },
  )

  test('a joined file of an earlier stage can be one of those that are joined', () => {
    const previousKeyFiles = [`${PKI}/irsa/verify.pub`]
    const { text } = render('k0s', { ...OLDER, stage: 'finish', previousKeyFiles })
    const [script = ''] = /cd \S+ && install[^]*?mv .*/.exec(text.replaceAll(/^# {3}/gm, '')) ?? []
    expect(script.split('\n').map((line) => line.replace(/^cd \S+ && /, ''))).toEqual([
      'install -m 0600 -o kube-apiserver /dev/null verify.pub.new',
      `cat ${PKI}/irsa/sa-signer.pub >> verify.pub.new`,
      `cat ${PKI}/irsa/verify.pub >> verify.pub.new`,
      'mv verify.pub.new verify.pub',
    ])
  })

  test('says what it costs, and how it would cost nothing', () => {
    const { text, warnings } = render('k0s', { ...OLDER, stage: 'sign' })
    expect(warnings.join()).toContain('Plan a maintenance window')
    expect(warnings.join()).not.toContain('verifies with one key')
    expect(comments(text)).toContain('upgrade first')
  })
})
