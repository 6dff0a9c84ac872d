import { generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { publicKeyOf } from '../../src/core/public-key.ts'
import { irsa, temporaryFolder } from '../support/cli.ts'
import { type KubectlAnswers, standInKubectl } from '../support/kubectl.ts'

const NEW = 'https://oidc.acme.dev'
const OLD = 'https://kubernetes.default.svc.cluster.local'
const PKI = '/etc/kubernetes/pki'

const { jwk: JWK } = await publicKeyOf(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
  '',
)
const TOKEN = ['{}', JSON.stringify({ aud: [OLD] }), 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.')

const COMMAND = [
  'kube-apiserver',
  `--service-account-issuer=${OLD}`,
  `--service-account-key-file=${PKI}/sa.pub`,
  `--service-account-signing-key-file=${PKI}/sa.key`,
]

const pods = (...commands: readonly (readonly string[])[]) => ({
  items: commands.map((command) => ({ spec: { containers: [{ command }] } })),
})

const WHAT: KubectlAnswers = {
  'get --raw /version': { gitVersion: 'v1.30.4' },
  'get --raw /apis': { groups: [{ name: 'apps' }] },
  'get nodes -o json': { items: [{ metadata: { labels: {} }, spec: {} }] },
  '-n kube-system get configmap kubeadm-config -o json': {
    data: { ClusterConfiguration: 'kind: ClusterConfiguration\n' },
  },
}

const NOW: KubectlAnswers = {
  'get --raw /.well-known/openid-configuration': { issuer: OLD },
  'get --raw /openid/v1/jwks': {
    keys: [JWK],
  },
  '-n default create token default': TOKEN,
  '-n kube-system get pods -l component=kube-apiserver -o json': pods(COMMAND),
  '-n kube-system get pods -l k8s-app=kube-apiserver -o json': { items: [] },
}

async function ask(answers: KubectlAnswers, ...args: readonly string[]) {
  await using folder = await temporaryFolder()
  const env = await standInKubectl(folder.path, answers)
  const whole = ['print-apiserver-flags', '--issuer', NEW, '-o', 'json', ...args]
  const ended = await irsa(whole, { cwd: folder.path, env })
  const asked = await readFile(join(folder.path, 'kubectl.log'), 'utf8').catch(() => '')
  return { ended, asked }
}

interface Printed {
  readonly for: string
  readonly flags: readonly { readonly name: string; readonly value: string }[]
  readonly text: string
  readonly warnings: readonly string[]
}

const valuesOf = ({ flags }: Printed, name: string) =>
  flags.filter((flag) => flag.name === name).map(({ value }) => value)

describe('--for auto', () => {
  test('finds the platform, its version, and what it uses now', async () => {
    const { ended } = await ask({ ...WHAT, ...NOW }, '--for', 'auto', '--stage', 'sign')
    expect(ended).toMatchObject({ code: 0 })
    const printed = ended.json() as unknown as Printed
    expect(printed.for).toBe('kubeadm')
    expect(printed.text).toContain('kubeadm.k8s.io/v1beta3')
    expect(valuesOf(printed, 'service-account-issuer')).toEqual([NEW, OLD])
    expect(valuesOf(printed, 'service-account-key-file')).toContain(`${PKI}/sa.pub`)
    expect(valuesOf(printed, 'api-audiences')).toEqual([OLD])
    expect(ended.stdout + ended.stderr).not.toContain(TOKEN)
  })

  test('a cluster that shows no sign has to be named', async () => {
    const { '-n kube-system get configmap kubeadm-config -o json': _, ...unknown } = WHAT
    const { ended } = await ask({ ...unknown, ...NOW }, '--for', 'auto')
    expect(ended.code).toBe(2)
    expect(ended.problem().code).toBe('apiserver/platform-not-recognised')
  })

  test('without kubectl it says so', async () => {
    await using folder = await temporaryFolder()
    const args = ['print-apiserver-flags', '--issuer', NEW, '--for', 'auto', '-o', 'json']
    const ended = await irsa(args, { cwd: folder.path, env: { PATH: folder.path } })
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.problem().code).toBe('kubectl/missing')
  })

  test('where kubectl points nowhere, what it said is passed on', async () => {
    const { ended } = await ask({}, '--for', 'auto')
    expect(ended.code).toBe(1)
    expect(ended.problem()).toMatchObject({
      code: 'kubectl/failed',
      why: expect.stringContaining('Forbidden'),
    })
  })

  test('something else than the API server answered', async () => {
    const { ended } = await ask({ ...WHAT, 'get --raw /version': '<html>' }, '--for', 'auto')
    expect(ended.problem().code).toBe('kubectl/unreadable')
  })
})

describe('--stage without anything previous', () => {
  test('asks the cluster', async () => {
    const { ended } = await ask(NOW, '--for', 'kubeadm', '--stage', 'accept')
    expect(ended).toMatchObject({ code: 0 })
    expect(valuesOf(ended.json() as unknown as Printed, 'service-account-issuer')).toEqual([
      OLD,
      NEW,
    ])
  })

  test('asks nothing of a cluster when the previous issuer is named', async () => {
    const args = ['--for', 'kubeadm', '--stage', 'accept', '--previous-issuer', OLD]
    expect((await ask({}, ...args)).asked).toBe('')
  })

  test('where it cannot be asked, the flags are named and nothing is guessed', async () => {
    const { ended } = await ask({}, '--for', 'kubeadm', '--stage', 'accept')
    expect(ended.code).toBe(2)
    expect(ended.problem()).toMatchObject({
      code: 'apiserver/stage-without-previous',
      why: expect.stringContaining('could not be asked'),
    })
  })

  test('a kubectl that fails is not one that finds nothing', async () => {
    const { '-n kube-system get pods -l component=kube-apiserver -o json': _, ...rest } = NOW
    await using folder = await temporaryFolder()
    const env = await standInKubectl(folder.path, rest, 'error: TLS handshake timeout')
    const args = ['print-apiserver-flags', '--issuer', NEW, '--for', 'kubeadm', '-o', 'json']
    const ended = await irsa([...args, '--stage', 'accept'], { cwd: folder.path, env })
    expect(ended.code).toBe(2)
    expect(ended.problem().why).toContain('TLS handshake timeout')
  })

  test('an API server that is no pod answers for itself, as k3s does', async () => {
    const { '-n kube-system get pods -l component=kube-apiserver -o json': _, ...rest } = NOW
    const { ended } = await ask(rest, '--for', 'k3s', '--stage', 'sign')
    expect(valuesOf(ended.json() as unknown as Printed, 'service-account-issuer')).toEqual([
      NEW,
      OLD,
    ])
  })

  test('API servers that differ are in the middle of a change', async () => {
    const differing = pods(COMMAND, [...COMMAND, `--service-account-issuer=${NEW}`])
    const answers = { '-n kube-system get pods -l component=kube-apiserver -o json': differing }
    const { ended } = await ask({ ...NOW, ...answers }, '--for', 'kubeadm', '--stage', 'sign')
    expect((ended.json() as unknown as Printed).warnings.join()).toContain('different flags')
  })
})

describe('--include-private-key', () => {
  test('is refused where the platform reads files', async () => {
    const { ended } = await ask({}, '--for', 'kubeadm', '--include-private-key')
    expect(ended.code).toBe(2)
    expect(ended.problem().code).toBe('apiserver/included-key-unused')
  })

  test('is refused where the key is not here', async () => {
    const { ended } = await ask({}, '--for', 'kops', '--include-private-key')
    expect(ended.code).toBe(2)
    expect(ended.problem().code).toBe('apiserver/included-key-missing')
  })

  test('is said to be in nothing where this output has no place for it', async () => {
    await using folder = await temporaryFolder()
    const where = { cwd: folder.path }
    await irsa(['generate-keypair'], where)
    const args = ['print-apiserver-flags', '--issuer', NEW, '--for', 'kops', '-o', 'json']
    const shown = await irsa([...args, '--include-private-key'], where)
    expect(shown.stdout).toContain('BEGIN RSA PRIVATE KEY')
    const store = ['--discovery-store', 's3://acme/prod']
    const unused = await irsa([...args, ...store, '--include-private-key'], where)
    expect(unused.stdout).not.toContain('PRIVATE KEY-----')
    expect((unused.json() as unknown as Printed).warnings.join()).toContain('no place')
  })

  test('a key whose public half is another one is refused, with or without it', async () => {
    await using folder = await temporaryFolder()
    const where = { cwd: folder.path }
    const made = ['keys', 'others'].map((name) =>
      irsa(['generate-keypair', '--out-dir', name], where),
    )
    await Promise.all(made)
    const stray = await readFile(join(folder.path, 'others/sa-signer.pub'))
    await writeFile(join(folder.path, 'keys/sa-signer.pub'), stray)
    const args = ['print-apiserver-flags', '--issuer', NEW, '--for', 'kubeadm', '-o', 'json']
    const ended = await irsa(args, where)
    expect(ended.code).not.toBe(0)
    expect(ended.problem().code).toBe('signer/mismatch')
    expect(ended.stdout).toBe('')
  })
})

test('an API server serves the documents at its root alone', async () => {
  const args = ['--for', 'flags', '--host', 'cluster', '--issuer', `${NEW}/below`]
  const { ended } = await ask({}, ...args)
  expect(ended.code).toBe(2)
  expect(ended.problem().code).toBe('cluster/issuer-has-path')
})
