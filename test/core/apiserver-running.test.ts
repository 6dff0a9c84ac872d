import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import type { Stage } from '../../src/core/apiserver/names.ts'
import { findPlatform } from '../../src/core/apiserver/platforms.ts'
import { flagValues, type RunningCluster } from '../../src/core/apiserver/running-facts.ts'
import { withRunning } from '../../src/core/apiserver/running.ts'
import { CREATE, NEW, OLD, PKI, problemOf, settle, values } from './apiserver.ts'

describe('the flags of a command line', () => {
  const command = ['kube-apiserver', '--a=1', '--b', '2', '--a=x=y,z', '--ab=3', '--b=']
  test.each<[string, string[]]>([
    ['a', ['1', 'x=y,z']],
    ['b', ['2', '']],
    ['c', []],
  ])('--%s: %j', (name, expected) => {
    expect(flagValues(command, name)).toEqual(expected)
  })
})

const OURS_PEM = 'OURS\n'
const THEIRS_PEM = 'THEIRS\n'
const OURS = `${PKI}/irsa/sa-signer`
const SIGNER = {
  publicFrom: 'keys/sa-signer.pub',
  privateFrom: 'keys/sa-signer.key',
  publicPem: OURS_PEM,
}
const PUBLIC_ONLY = { publicFrom: 'keys/cluster.pub', publicPem: THEIRS_PEM }

interface Flags {
  readonly issuers?: readonly string[]
  readonly keys?: readonly string[]
  readonly signs?: string
  readonly audiences?: string
}

const command = ({ issuers = [OLD], keys = [`${PKI}/sa.pub`], signs, audiences }: Flags) => [
  'kube-apiserver',
  ...issuers.map((issuer) => `--service-account-issuer=${issuer}`),
  ...keys.map((key) => `--service-account-key-file=${key}`),
  `--service-account-signing-key-file=${signs ?? `${PKI}/sa.key`}`,
  ...(audiences === undefined ? [] : [`--api-audiences=${audiences}`]),
]

/** A cluster that runs as it was made, and shows its flags. */
const RUNNING: RunningCluster = {
  commands: [command({})],
  unread: false,
  issuers: [OLD],
  publicPems: [THEIRS_PEM],
  unreadableKeys: 0,
  signingPem: THEIRS_PEM,
  audiences: [OLD],
}

/** The same where the API server is no pod. */
const HIDDEN: RunningCluster = { ...RUNNING, commands: [] }

/** After `sign` on every API server, as the flags of kubeadm and RKE2 show it. */
const SIGNED: RunningCluster = {
  ...RUNNING,
  commands: [command({ issuers: [NEW], keys: [`${OURS}.pub`], signs: `${OURS}.key` })],
  issuers: [NEW],
  publicPems: [THEIRS_PEM, OURS_PEM],
  signingPem: OURS_PEM,
}

/** What is printed for a stage, as the cluster says it is. */
function print(
  stage: Stage | undefined,
  running: Partial<RunningCluster>,
  platform = 'kubeadm',
  input: Partial<ApiServerInput> = {},
) {
  const kubernetesVersion = '1.36.0'
  const asked = { ...CREATE, keyFiles: [SIGNER], stage, kubernetesVersion, ...input }
  const whole = withRunning(asked, { ...RUNNING, ...running }, findPlatform(platform))
  const settings = settle(whole, platform)
  return {
    settings,
    issuers: values(settings, 'service-account-issuer'),
    keys: values(settings, 'service-account-key-file'),
    signs: values(settings, 'service-account-signing-key-file'),
    audiences: values(settings, 'api-audiences'),
    warnings: settings.warnings.join(' '),
  }
}

const refusal = (...args: Parameters<typeof print>) => problemOf(() => print(...args))

const hidden = (more: Partial<RunningCluster>) => ({ ...HIDDEN, ...more })

describe('a kubeadm cluster that is asked before every stage', () => {
  test('each stage follows from what the one before left', () => {
    const accept = print('accept', {})
    expect(accept).toMatchObject({
      issuers: [OLD, NEW],
      keys: [`${PKI}/sa.pub`, `${OURS}.pub`],
      signs: [`${PKI}/sa.key`],
      audiences: [OLD],
    })
    const both = { publicPems: [THEIRS_PEM, OURS_PEM] }
    const accepting = command({ issuers: accept.issuers, keys: accept.keys })
    const sign = print('sign', { ...both, commands: [accepting] })
    expect(sign).toMatchObject({
      issuers: [NEW, OLD],
      keys: [`${OURS}.pub`, `${PKI}/sa.pub`],
      signs: [`${OURS}.key`],
      audiences: [OLD],
      warnings: '',
    })
    const signing = command({ issuers: sign.issuers, keys: sign.keys, signs: `${OURS}.key` })
    const after = { ...both, commands: [signing], issuers: [NEW], signingPem: OURS_PEM }
    const finish = print('finish', after)
    expect(finish).toMatchObject({
      issuers: [NEW],
      keys: [`${OURS}.pub`, `${PKI}/sa.pub`],
      signs: [`${OURS}.key`],
      audiences: [OLD],
    })
    expect(print('sign', after)).toMatchObject({ issuers: sign.issuers, keys: sign.keys })
  })

  test('what was effective stays effective, though it is not what the issuers say', () => {
    expect(print('accept', { audiences: ['api', 'vault'] }).audiences).toEqual(['api,vault'])
  })

  test('without a token the flags say it, and without flags about it the issuers', () => {
    const commands = [command({ audiences: 'api,vault' })]
    expect(print('accept', { audiences: undefined, commands }).audiences).toEqual(['api,vault'])
    expect(print('accept', { audiences: undefined }).audiences).toEqual([OLD])
  })

  test('audiences that are named in the place of those in use are warned of', () => {
    const { warnings } = print('accept', {}, 'kubeadm', { apiAudiences: ['api'] })
    expect(warnings).toContain(`Tokens in use are made for ${OLD}`)
  })

  test('an audience for STS goes last, and not before tokens carry another one', () => {
    const audiences = ['sts.amazonaws.com']
    expect(print('accept', { audiences }).audiences).toEqual([`sts.amazonaws.com,${OLD}`])
    const both = ['sts.amazonaws.com', OLD]
    expect(print('sign', { audiences: both }).audiences).toEqual([both.join()])
    const finish = (carried: readonly string[], platform = 'kubeadm') =>
      print('finish', { ...SIGNED, audiences: carried }, platform)
    expect(finish(both).audiences).toEqual([OLD])
    expect(finish(both).warnings).toContain('left out from here on')
    expect(finish(both, 'rke2').audiences).toEqual([OLD])
    expect(finish(audiences).audiences).toEqual([`sts.amazonaws.com,${NEW}`])
    expect(finish(audiences).warnings).toContain('stays until')
  })
})

describe('a cluster that signs with our key already', () => {
  const commands = [command({ keys: [`${OURS}.pub`], signs: `${OURS}.key` })]
  const ours = { publicPems: [OURS_PEM], signingPem: OURS_PEM }

  test.each<Stage>(['accept', 'sign'])('goes on doing so: stage %s', (stage) => {
    expect(print(stage, { ...ours, commands })).toMatchObject({
      keys: [`${OURS}.pub`],
      signs: [`${OURS}.key`],
    })
  })

  test('also where the flags do not show, with the private key among the files', () => {
    const { keys, signs, settings } = print('accept', hidden(ours), 'k3s')
    const folder = '/var/lib/rancher/k3s/server/tls/irsa'
    expect({ keys, signs }).toEqual({
      keys: [`${folder}/sa-signer.pub`],
      signs: [`${folder}/sa-signer.key`],
    })
    expect(settings.files.some((file) => file.private)).toBe(true)
  })

  test('keeps it under the name that it has: as the key of the cluster', () => {
    const { keys, signs, settings } = print('accept', ours)
    expect({ keys, signs, files: settings.files }).toEqual({
      keys: [`${PKI}/sa.pub`],
      signs: [`${PKI}/sa.key`],
      files: [],
    })
  })

  test('has it in the configuration, where the platform keeps it there', () => {
    const talos = { ...ours, commands: [command({ signs: '/system/secrets/sa.key' })] }
    expect(print('accept', talos, 'talos').settings.files).toMatchObject([{ private: true }])
  })

  test('is warned of no key that comes anew', () => {
    const platformVersion = '1.13'
    const already = print('sign', { ...ours, commands }, 'talos', { platformVersion })
    expect(already.warnings).not.toContain('verifies with one key')
    const another = print('sign', {}, 'talos', { platformVersion })
    expect(another.warnings).toContain('verifies with one key')
  })

  test('can be told so by a flag', () => {
    const previousSigningKeyFile = `${OURS}.key`
    const previousKeyFiles = [`${OURS}.pub`]
    const input = { previousIssuers: [OLD], previousSigningKeyFile, previousKeyFiles }
    const settings = settle({ ...input, stage: 'accept' })
    expect(values(settings, 'service-account-signing-key-file')).toEqual([`${OURS}.key`])
  })
})

describe('a cluster that keeps its own key', () => {
  test('goes on verifying with exactly what its flags name', () => {
    const commands = [command({ keys: ['/srv/keys/x.pub'], signs: '/srv/keys/x.key' })]
    const input = { keyFiles: [PUBLIC_ONLY] }
    expect(print('accept', { commands }, 'kubeadm', input)).toMatchObject({
      keys: ['/srv/keys/x.pub'],
      signs: ['/srv/keys/x.key'],
    })
  })
})

describe('an API server whose flags do not show', () => {
  const after = hidden({
    issuers: [NEW],
    publicPems: [OURS_PEM, THEIRS_PEM],
    signingPem: OURS_PEM,
  })

  test('finish keeps the platform’s own key for as long as it verifies', () => {
    const TLS = '/var/lib/rancher/k3s/server/tls'
    expect(print('finish', after, 'k3s').keys).toEqual([
      `${TLS}/irsa/sa-signer.pub`,
      `${TLS}/service.key`,
    ])
    const alone = { ...after, publicPems: [OURS_PEM] }
    expect(print('finish', alone, 'k3s').keys).toEqual([`${TLS}/irsa/sa-signer.pub`])
  })

  test('finish is refused where nobody knows the file of a key that verifies', () => {
    expect(refusal('finish', after, 'flags')).toMatchObject({
      code: 'apiserver/previous-key-unseen',
    })
  })

  test.each<Stage>(['accept', 'sign'])(
    'stage %s, once more after the first signs, is refused: the issuer from before is not shown',
    (stage) => {
      expect(refusal(stage, after, 'k3s')).toMatchObject({
        code: 'apiserver/previous-issuer-unseen',
        exit: 2,
      })
    },
  )

  test('is said where it is a matter of permissions', () => {
    expect(print('accept', hidden({ unread: true })).warnings).toContain('may not be read')
  })
})

describe('a stage that does not follow from what runs', () => {
  test('finish is refused while any API server signs for the issuer from before', () => {
    expect(refusal('finish', {})).toMatchObject({ code: 'apiserver/stage-too-early' })
    expect(refusal('finish', HIDDEN, 'k3s')).toMatchObject({ code: 'apiserver/stage-too-early' })
    const commands = [command({ issuers: [NEW, OLD] }), command({ issuers: [OLD, NEW] })]
    expect(refusal('finish', { commands })).toMatchObject({ code: 'apiserver/stage-too-early' })
  })

  test('sign warns while the new issuer and its key are not accepted', () => {
    expect(print('sign', {}).warnings).toContain('Roll out --stage accept first')
    expect(print(undefined, {}).warnings).toContain('Roll out --stage accept first')
    const accepting = [command({ issuers: [OLD, NEW] })]
    const unverified = print('sign', { commands: accepting }).warnings
    expect(unverified).toContain('Roll out --stage accept first')
  })

  test('API servers that differ are in the middle of a change, and nothing of any is lost', () => {
    const commands = [command({}), command({ issuers: [OLD, 'https://older.acme.dev'] })]
    const { issuers, warnings } = print('accept', { commands })
    expect(warnings).toContain('different flags')
    expect(issuers).toEqual([OLD, 'https://older.acme.dev', NEW])
  })
})

const K1 = { publicFrom: 'keys/k1.pub', publicPem: THEIRS_PEM }

describe('a rotation, with the key from before in irsa.yaml as well', () => {
  const input = { keyFiles: [SIGNER, K1] }

  test.each(['kubeadm', 'k3s', 'k0s'])('%s: the one from before signs in accept', (platform) => {
    const { settings, keys } = print(
      'accept',
      platform === 'kubeadm' ? {} : HIDDEN,
      platform,
      input,
    )
    expect(settings.files.some((file) => file.private)).toBe(false)
    expect(keys.some((path) => path.endsWith('irsa/k1.pub'))).toBe(true)
  })

  test('the new one comes in with sign', () => {
    expect(print('sign', {}, 'kubeadm', input).signs).toEqual([`${OURS}.key`])
  })
})

describe('API servers in the middle of sign', () => {
  const old = command({ issuers: [OLD, NEW], keys: [`${PKI}/sa.pub`, `${OURS}.pub`] })
  const fresh = command({
    issuers: [NEW, OLD],
    keys: [`${OURS}.pub`, `${PKI}/sa.pub`],
    signs: `${OURS}.key`,
  })
  const both = { publicPems: [THEIRS_PEM, OURS_PEM], signingPem: OURS_PEM, issuers: [OLD, NEW] }

  test.each([
    ['the old ones first', [old, fresh]],
    ['the new ones first', [fresh, old]],
  ])('%s: all keys stay, and sign goes on', (_, commands) => {
    const sign = print('sign', { ...both, commands })
    expect(sign.signs).toEqual([`${OURS}.key`])
    expect(sign.keys.toSorted()).toEqual([`${OURS}.pub`, `${PKI}/sa.pub`])
    const accept = print('accept', { ...both, commands })
    expect(accept.signs).toEqual([`${PKI}/sa.key`])
    expect(accept.keys.toSorted()).toEqual([`${OURS}.pub`, `${PKI}/sa.pub`])
    expect(refusal('finish', { ...both, commands })).toMatchObject({
      code: 'apiserver/stage-too-early',
    })
  })

  test('the key from before keeps its own place, wherever it is', () => {
    const commands = [fresh, command({ signs: '/srv/cust.key', keys: ['/srv/cust.pub'] })]
    expect(print('accept', { ...both, commands }).signs).toEqual(['/srv/cust.key'])
  })

  test('a load balancer that shows one issuer in discovery and another in a token hides neither', () => {
    const shown = hidden({ ...both, issuers: [NEW, OLD] })
    expect(print('sign', shown, 'k3s').issuers).toEqual([NEW, OLD])
    expect(refusal('finish', shown, 'k3s')).toMatchObject({ code: 'apiserver/stage-too-early' })
  })
})

describe('files that are in the folder of ours already', () => {
  const commands = [command({ keys: [`${OURS}.pub`], signs: `${OURS}.key` })]

  test('another key under the same name is not overwritten', () => {
    expect(refusal('accept', { commands })).toMatchObject({
      code: 'apiserver/overwrites-previous-key',
    })
  })

  test('a key whose PEM is elsewhere is known by its place', () => {
    const { publicPem: _, ...elsewhere } = SIGNER
    const input = { keyFiles: [elsewhere] }
    expect(print('accept', { commands }, 'kubeadm', input)).toMatchObject({
      keys: [`${OURS}.pub`],
      signs: [`${OURS}.key`],
    })
  })

  test('a public key that the cluster uses from there stays named', () => {
    const input = { keyFiles: [{ publicFrom: 'keys/sa-signer.pub', publicPem: THEIRS_PEM }] }
    expect(print('accept', { commands }, 'kubeadm', input)).toMatchObject({
      keys: [`${OURS}.pub`],
      signs: [`${OURS}.key`],
    })
  })
})

describe('what cannot be seen is kept or asked for', () => {
  const SERVICE_KEY = '/var/lib/rancher/k3s/server/tls/service.key'

  test.each<Stage>(['accept', 'sign'])(
    'no key set: the platform’s own key stays in %s',
    (stage) => {
      const { keys } = print(stage, hidden({ publicPems: undefined }), 'k3s')
      expect(keys).toContain(SERVICE_KEY)
    },
  )

  test('more keys than files are known of', () => {
    const two = hidden({ publicPems: [THEIRS_PEM, 'ANOTHER\n'] })
    expect(refusal('accept', two, 'k3s')).toMatchObject({ code: 'apiserver/previous-key-unseen' })
    const strange = hidden({ unreadableKeys: 1 })
    expect(refusal('sign', strange, 'microk8s')).toMatchObject({
      code: 'apiserver/previous-key-unseen',
    })
  })

  test('which of two keys signs', () => {
    const both = { publicPems: [THEIRS_PEM, OURS_PEM], signingPem: undefined }
    expect(refusal('accept', hidden(both), 'k0s')).toMatchObject({
      code: 'apiserver/signer-unseen',
    })
    const alone = { publicPems: [OURS_PEM], signingPem: undefined }
    expect(print('accept', hidden(alone), 'k0s').signs.join()).toContain('sa-signer.key')
  })

  test('an external signer has no files', () => {
    const commands = [[...command({}), '--service-account-signing-endpoint=/run/signer.sock']]
    expect(refusal('accept', { commands })).toMatchObject({ code: 'apiserver/external-signer' })
  })
})

describe('a change of the key alone, under the same issuer', () => {
  test('goes on where the flags do not show', () => {
    const same = hidden({ issuers: [NEW] })
    expect(print('accept', same, 'k3s').issuers).toEqual([NEW])
  })

  test('finish is refused until the new key signs', () => {
    const commands = [command({ issuers: [NEW] })]
    expect(refusal('finish', { commands, issuers: [NEW] })).toMatchObject({
      code: 'apiserver/stage-too-early',
    })
  })

  test('a platform that shows its previous issuer by itself, or has none, is not asked about it', () => {
    const input = { keyFiles: [PUBLIC_ONLY] }
    const same = hidden({ issuers: [NEW] })
    for (const platform of ['openshift', 'gardener', 'minikube']) {
      expect(print('sign', same, platform, input).issuers).toEqual([NEW])
    }
  })
})
