import { describe, expect, test } from 'vitest'

import type { Stage } from '../../src/core/apiserver/names.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { readSituation } from '../../src/core/apiserver/situation.ts'
import { CREATE, KEEP, MOVE, NEW, OLD, PKI, settle, values } from './apiserver.ts'

/** They hold one issuer in their newest version, too. */
const SINGLE = PLATFORMS.filter(
  (platform) => !readSituation(MOVE, platform).abilities.severalIssuers,
).map(({ name }) => name)

describe('the order of issuers, of which only the first signs', () => {
  test.each<[Stage | undefined, string[]]>([
    [undefined, [NEW, OLD]],
    ['accept', [OLD, NEW]],
    ['sign', [NEW, OLD]],
    ['finish', [NEW]],
  ])('stage %s lists %s on every platform that holds several', (stage, expected) => {
    for (const { name } of PLATFORMS.filter((platform) => !SINGLE.includes(platform.name))) {
      expect(values(settle({ ...MOVE, stage }, name), 'service-account-issuer')).toEqual(expected)
    }
  })

  test.each<[Stage | undefined, string]>([
    [undefined, NEW],
    ['accept', OLD],
    ['sign', NEW],
    ['finish', NEW],
  ])('stage %s names %s alone where one is held', (stage, expected) => {
    for (const name of SINGLE) {
      expect(values(settle({ ...MOVE, stage }, name), 'service-account-issuer')).toEqual([expected])
    }
  })

  test('several previous issuers keep the order they were given in, each once, with a warning', () => {
    const settings = settle({ previousIssuers: [OLD, 'older', OLD], stage: 'accept' })
    expect(values(settings, 'service-account-issuer')).toEqual([OLD, 'older', NEW])
    expect(settings.warnings.join()).toContain('refuses to start with duplicates')
  })
})

describe('the keys', () => {
  test.each<[Stage | undefined, string[], string, string | undefined]>([
    ['accept', [`${PKI}/sa.pub`, `${PKI}/irsa/sa-signer.pub`], `${PKI}/sa.key`, undefined],
    [
      'sign',
      [`${PKI}/irsa/sa-signer.pub`, `${PKI}/sa.pub`],
      `${PKI}/irsa/sa-signer.key`,
      `${PKI}/irsa/sa-signer.key`,
    ],
    [
      'finish',
      [`${PKI}/irsa/sa-signer.pub`],
      `${PKI}/irsa/sa-signer.key`,
      `${PKI}/irsa/sa-signer.key`,
    ],
  ])('kubeadm, stage %s: verifies with %s and signs with %s', (stage, verify, sign, manager) => {
    const settings = settle({ ...MOVE, stage })
    expect(values(settings, 'service-account-key-file')).toEqual(verify)
    expect(values(settings, 'service-account-signing-key-file')).toEqual([sign])
    expect(settings.controllerManagerKey).toBe(manager)
  })

  test('the private key does not go to the nodes before it signs', () => {
    expect(settle({ ...MOVE, stage: 'accept' }).files.map(({ from }) => from)).toEqual([
      'keys/sa-signer.pub',
    ])
  })

  test('finish keeps each previous key file that is still given', () => {
    const settings = settle({ ...MOVE, previousKeyFiles: [`${PKI}/sa.pub`], stage: 'finish' })
    expect(values(settings, 'service-account-key-file')).toEqual([
      `${PKI}/irsa/sa-signer.pub`,
      `${PKI}/sa.pub`,
    ])
  })

  test('a previous key pair that is named takes the place of the platform’s own', () => {
    const settings = settle({
      ...MOVE,
      stage: 'accept',
      previousKeyFiles: [`${PKI}/v1.pub`],
      previousSigningKeyFile: `${PKI}/v1.key`,
    })
    expect(values(settings, 'service-account-key-file')).toEqual([
      `${PKI}/v1.pub`,
      `${PKI}/irsa/sa-signer.pub`,
    ])
    expect(values(settings, 'service-account-signing-key-file')).toEqual([`${PKI}/v1.key`])
  })

  test('a previous public key without its private one adds to the platform’s own, which signs', () => {
    const settings = settle({ ...MOVE, stage: 'accept', previousKeyFiles: [`${PKI}/v1.pub`] })
    expect(values(settings, 'service-account-key-file')).toEqual([
      `${PKI}/v1.pub`,
      `${PKI}/sa.pub`,
      `${PKI}/irsa/sa-signer.pub`,
    ])
  })

  test('the key alone can change, under the same issuer', () => {
    const settings = settle({ previousKeyFiles: [`${PKI}/sa.pub`], stage: 'sign' })
    expect(values(settings, 'service-account-issuer')).toEqual([NEW])
    expect(values(settings, 'api-audiences')).toEqual([])
    expect(values(settings, 'service-account-key-file')).toContain(`${PKI}/sa.pub`)
  })

  test('a new kubeadm cluster takes the key as its own, unless a folder is named', () => {
    expect(settle({}).files).toMatchObject([
      { path: `${PKI}/sa.key`, from: 'keys/sa-signer.key' },
      { path: `${PKI}/sa.pub`, from: 'keys/sa-signer.pub' },
    ])
    expect(settle({ keyDir: '/opt/keys/' }).files.map(({ path }) => path)).toEqual([
      '/opt/keys/sa-signer.key',
      '/opt/keys/sa-signer.pub',
    ])
  })

  test('a new k3s cluster takes one file, and no flag names it', () => {
    const settings = settle({}, 'k3s')
    expect(settings.files.map(({ path }) => path)).toEqual([
      '/var/lib/rancher/k3s/server/tls/service.key',
    ])
    expect(settings.flags.map(({ name }) => name)).toEqual(['service-account-issuer'])
  })

  test('a new k3s cluster with a second public key names service.key, which naming would drop', () => {
    const keyFiles = [...CREATE.keyFiles, { publicFrom: 'keys/next.pub' }]
    expect(values(settle({ keyFiles }, 'k3s'), 'service-account-key-file')).toEqual([
      '/var/lib/rancher/k3s/server/tls/service.key',
      '/var/lib/rancher/k3s/server/tls/irsa/next.pub',
    ])
  })

  // nodeup writes service-account.key only while the signing key is not named.
  test('kops goes on with its own key by not naming it', () => {
    const settings = settle({ ...MOVE, stage: 'accept' }, 'kops')
    expect(values(settings, 'service-account-signing-key-file')).toEqual([])
    expect(settings.warnings).toEqual([])
  })

  test.each(PLATFORMS.map(({ name }) => name))(
    '%s: a cluster that keeps its own key gets no key flags and no files',
    (name) => {
      const settings = settle({ ...KEEP, previousIssuers: [OLD], stage: 'sign' }, name)
      expect(settings.flags.filter((flag) => flag.name.endsWith('key-file'))).toEqual([])
      expect(settings.files).toEqual([])
    },
  )

  test('a cluster that keeps its key without a previous issuer is warned of the outage', () => {
    expect(settle(KEEP).warnings.join()).toContain('--previous-issuer')
  })

  test('plain flags warn when no previous key would be left to verify with', () => {
    expect(settle({ ...MOVE, stage: 'accept' }, 'flags').warnings.join()).toContain(
      '--previous-key-file',
    )
    const named = { ...MOVE, stage: 'accept' as const, previousKeyFiles: ['/k/sa.pub'] }
    expect(settle(named, 'flags').warnings).toEqual([])
  })
})
