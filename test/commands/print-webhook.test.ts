import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'
import { caBundle } from '../../src/core/webhook/authorities.ts'
import { irsa, temporaryFolder, type Ended } from '../support/cli.ts'
import { expectProblem, listing } from '../support/problems.ts'
import { noTerminal, startInTerminal } from '../support/terminal.ts'

const DAY = 24 * 60 * 60 * 1000

const run = (cwd: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
  irsa(['print-webhook', ...args], { cwd, env })

const objects = (text: string) =>
  parseAllDocuments(text, { strict: true }).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS()
  })

/** Whatever YAML holds. */
type Manifest = ReturnType<typeof objects>[number]

const find = (text: string, kind: string): Manifest =>
  objects(text).find((object) => object.kind === kind)

/** As kubectl get -o yaml would write it. */
const configurationOf = (text: string): string =>
  text.split('---\n').find((one) => one.includes('\nkind: MutatingWebhookConfiguration\n'))!

const bundleOf = (text: string): string =>
  Buffer.from(
    find(text, 'MutatingWebhookConfiguration')['webhooks'][0].clientConfig.caBundle,
    'base64',
  ).toString()

const certificates = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []

const served = (text: string): string =>
  Buffer.from(find(text, 'Secret')['data']['tls.crt'], 'base64').toString()

/** Puts a script in the PATH under the name of kubectl. */
async function standIn(folder: string, script: string): Promise<Record<string, string>> {
  const bin = join(folder, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'kubectl'), `#!/bin/sh\n${script}\n`)
  await chmod(join(bin, 'kubectl'), 0o755)
  return { PATH: `${bin}:${process.env['PATH']}` }
}

/** The configuration of a stream as a cluster would answer with it. */
async function inCluster(folder: string, text: string, change: (one: Manifest) => void = () => {}) {
  const configuration = find(text, 'MutatingWebhookConfiguration')
  configuration['metadata'].resourceVersion = '7'
  change(configuration)
  const file = join(folder, 'configuration.json')
  await writeFile(file, JSON.stringify(configuration))
  return standIn(folder, `echo "$@" > '${folder}/asked'; cat '${file}'`)
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let installed: Ended
beforeAll(async () => {
  folder = await temporaryFolder()
  installed = await run(folder.path)
})
afterAll(() => folder[Symbol.asyncDispose]())

describe('the stream', () => {
  test('is on stdout alone, with what to type next on stderr', () => {
    const { code, stdout, stderr } = installed
    expect(code).toBe(0)
    expect(objects(stdout)).toHaveLength(9)
    expect(stderr).toMatch(/kubectl -n pod-identity-webhook rollout status deployment\/pod-id/)
    const year = new Date(Date.now() + 1825 * DAY).toISOString().slice(0, 10)
    expect(stderr).toMatch(`irsa print-webhook --renew | kubectl apply -f -`)
    expect(stderr).toContain(`# installed already? then instead; and before ${year}`)
  })

  test('verifies itself: the Secret’s certificate with the caBundle, for the Service', async () => {
    const [ca, leaf] = [join(folder.path, 'ca.pem'), join(folder.path, 'leaf.pem')]
    await writeFile(ca, bundleOf(installed.stdout))
    await writeFile(leaf, served(installed.stdout))
    const host = 'pod-identity-webhook.pod-identity-webhook.svc'
    const checks = ['-purpose', 'sslserver', '-verify_hostname', host, '-CAfile', ca]
    expect(execFileSync('openssl', ['verify', ...checks, leaf]).toString()).toContain('OK')
  })

  test('has a private key in its Secret and nowhere else', () => {
    const holding = objects(installed.stdout).filter((object) =>
      JSON.stringify(object).includes(
        Buffer.from('-----BEGIN PRIVATE').toString('base64').slice(0, 20),
      ),
    )
    expect(holding.map(({ kind }) => kind)).toEqual(['Secret'])
    expect(installed.stderr).not.toContain('PRIVATE KEY')
  })

  test('differs between two runs by the certificate alone', async () => {
    const again = await run(folder.path)
    const masked = ({ stdout }: Ended) => stdout.replaceAll(/(tls\.\w+|caBundle): \S+/g, '$1: …')
    expect(masked(again)).toBe(masked(installed))
    expect(served(again.stdout)).not.toBe(served(installed.stdout))
  })

  test('is the text of -o json, with the names of what is in it', async () => {
    const ended = await run(folder.path, ['-o', 'json', '--namespace', 'kube-system'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { text, ...rest } = ended.json<{ text: string }>()
    const [namespace, name] = ['kube-system', 'pod-identity-webhook']
    expect(rest).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'Manifests',
      resources: [
        { kind: 'ServiceAccount', namespace, name },
        { kind: 'ClusterRole', namespace: null, name },
        { kind: 'ClusterRoleBinding', namespace: null, name },
        { kind: 'Service', namespace, name },
        { kind: 'PodDisruptionBudget', namespace, name },
        { kind: 'Deployment', namespace, name },
        { kind: 'MutatingWebhookConfiguration', namespace: null, name },
        { kind: 'Secret', namespace, name: `${name}-cert` },
      ],
    })
    expect(objects(text)).toHaveLength(8)
  })

  test.skipIf(noTerminal)('on a terminal comes with a warning about the key', async () => {
    const { child, ended } = startInTerminal(['print-webhook', '--name', 'hook'], {
      cwd: folder.path,
    })
    const { stdout } = await ended
    child.stdin.end()
    expect(stdout).toContain('A private key is on this screen')
    expect(stdout).toContain('irsa print-webhook --name hook | kubectl apply -f -')
  })

  test('takes audience and region from irsa.yaml, and flags before those', async () => {
    await using place = await temporaryFolder()
    const yaml = `apiVersion: irsa/v1
name: production
issuer: https://oidc.example.com
region: eu-west-3
host: { type: directory, directory: public }
audiences: [pods.example.com]
keys: [{ public: keys/sa-signer.pub }]
providers: [{ account: '111122223333', thumbprint: auto }]
`
    await writeFile(join(place.path, 'irsa.yaml'), yaml)
    const flags = async (...args: string[]): Promise<string[]> => {
      const { stdout, stderr } = await run(place.path, args)
      expect(stderr).not.toMatch(/problem|✗/)
      return find(stdout, 'Deployment')['spec'].template.spec.containers[0].args
    }
    expect(await flags()).toEqual(
      expect.arrayContaining([
        '--token-audience=pods.example.com',
        '--aws-default-region=eu-west-3',
      ]),
    )
    expect(await flags('--audience', 'a', '--region', 'us-east-1')).toEqual(
      expect.arrayContaining(['--token-audience=a', '--aws-default-region=us-east-1']),
    )
  })

  test('of an image that is not pinned comes with a warning', async () => {
    const { stderr } = await run(folder.path, ['--image', 'registry.example.com/hook'])
    expect(stderr).toMatch(/registry\.example\.com\/hook names no version/)
  })
})

describe('--renew', () => {
  test('reads the old authority from the cluster, and keeps it behind the new one', async () => {
    await using place = await temporaryFolder()
    const env = await inCluster(place.path, installed.stdout)
    const renewed = await run(place.path, ['--renew'], env)
    expect(renewed.code).toBe(0)
    expect(await readFile(join(place.path, 'asked'), 'utf8')).toBe(
      'get mutatingwebhookconfiguration pod-identity-webhook --ignore-not-found -o json\n',
    )
    expect(objects(renewed.stdout).map(({ kind }) => kind)).toEqual([
      'MutatingWebhookConfiguration',
      'Secret',
    ])
    const [fresh, ...kept] = certificates(bundleOf(renewed.stdout))
    expect(kept).toEqual(certificates(bundleOf(installed.stdout)))
    expect(fresh).not.toBe(kept[0])
  })

  test('keeps names that are not the usual ones', async () => {
    await using place = await temporaryFolder()
    const names = ['--name', 'hook', '--namespace', 'infra', '--failure-policy', 'Fail']
    const before = await run(place.path, names)
    const env = await inCluster(place.path, before.stdout)
    const renewed = await run(place.path, ['--renew', '--name', 'hook'], env)
    expect(find(renewed.stdout, 'Secret')['metadata']).toMatchObject({
      name: 'hook-cert',
      namespace: 'infra',
    })
    const { webhooks } = find(renewed.stdout, 'MutatingWebhookConfiguration')
    expect(webhooks.map((one: Manifest) => one['failurePolicy'])).toEqual(['Fail', 'Ignore'])
    expect(before.stderr).toContain('--renew --namespace infra --name hook | kubectl')
  })

  test.each([
    ['PEM', (pem: string) => pem],
    ['base64, as in a caBundle', (pem: string) => `${caBundle([pem])}\n`],
  ])('takes the old authority as %s from a file', async (_name, written) => {
    await using place = await temporaryFolder()
    await writeFile(join(place.path, 'old'), written(bundleOf(installed.stdout)))
    const { code, stdout } = await run(place.path, ['--renew', '--ca-bundle', 'old'])
    expect(code).toBe(0)
    expect(objects(stdout)).toHaveLength(2)
    expect(certificates(bundleOf(stdout)).slice(1)).toEqual(
      certificates(bundleOf(installed.stdout)),
    )
  })

  test('takes it from the webhook configuration that kubectl wrote down', async () => {
    await using place = await temporaryFolder()
    for (const [args, count, written] of [
      [['--renew'], 2, configurationOf(installed.stdout)],
      [[], 9, configurationOf(installed.stdout)],
      // The stream that was kept has it among the rest.
      [['--renew'], 2, installed.stdout],
      [['--renew'], 2, `---\n${installed.stdout}---\n`],
    ] as const) {
      await writeFile(join(place.path, 'old.yaml'), written)
      const { stdout } = await run(place.path, [...args, '--ca-bundle', 'old.yaml'])
      expect(objects(stdout)).toHaveLength(count)
      expect(certificates(bundleOf(stdout))).toHaveLength(2)
    }
  })

  test('leaves out what has expired in the cluster, and says so', async () => {
    await using place = await temporaryFolder()
    const past = new Date(Date.now() - 10 * DAY)
    const expired = await makeCertificateAuthority({ commonName: 'long ago', days: 5, now: past })
    const env = await inCluster(place.path, installed.stdout, ({ webhooks }) => {
      const pems = bundleOf(installed.stdout) + expired.certificate
      webhooks[0].clientConfig.caBundle = caBundle([pems])
    })
    const { stdout, stderr } = await run(place.path, ['--renew'], env)
    expect(certificates(bundleOf(stdout))).toHaveLength(2)
    expect(stderr).toMatch(/"CN=long ago" expired on \d{4}-\d\d-\d\d and is left out/)
  })

  test('writes the Secret that the pods mount, as the configuration says', async () => {
    await using place = await temporaryFolder()
    const before = await run(place.path, ['--secret-name', 'hook-tls'])
    const env = await inCluster(place.path, before.stdout)
    await writeFile(join(place.path, 'old.yaml'), before.stdout)
    for (const [args, where] of [
      [['--renew'], env],
      [['--renew', '--ca-bundle', 'old.yaml'], {}],
      [['--renew', '--secret-name', 'hook-tls'], env],
    ] as const) {
      const { stdout, stderr } = await run(place.path, args, where)
      expect(find(stdout, 'Secret')['metadata'].name).toBe('hook-tls')
      expect(stdout).toContain(
        '#   irsa print-webhook --renew --secret-name hook-tls | kubectl apply -f -\n',
      )
      expect(stderr).not.toMatch(/not made by irsa|does not say/)
    }
    const other = await run(place.path, ['--renew', '--secret-name', 'a', '-o', 'json'], env)
    expectProblem(other, {
      code: 'webhook/other-secret',
      exit: 2,
      says: ['hook-tls', 'kubectl edit mutatingwebhookconfiguration pod-identity-webhook'],
    })
  })

  test('of an installation that does not name its Secret asks for a look at it', async () => {
    await using place = await temporaryFolder()
    const env = await inCluster(place.path, installed.stdout, ({ metadata }) => {
      delete metadata.annotations
    })
    await writeFile(join(place.path, 'old.pem'), bundleOf(installed.stdout))
    for (const args of [['--renew'], ['--renew', '--ca-bundle', 'old.pem']]) {
      const asked = await run(place.path, args, env)
      expect(asked.stderr).toMatch(/does not say which Secret.*-webhook-cert.*--secret-name/)
      expect(asked.stderr).not.toMatch(/not made by irsa/)
      const named = await run(place.path, [...args, '--secret-name', 'hook-tls'], env)
      expect(named.stderr).not.toMatch(/does not say/)
      expect(find(named.stdout, 'Secret')['metadata'].name).toBe('hook-tls')
    }
  })

  test('of a certificate that irsa did not make says what may become of the Secret', async () => {
    await using place = await temporaryFolder()
    const old = { commonName: 'old', days: 5, now: new Date() }
    const { certificate } = await makeCertificateAuthority(old)
    const env = await inCluster(place.path, installed.stdout, ({ metadata, webhooks }) => {
      metadata.name = 'theirs'
      webhooks[0].clientConfig.caBundle = caBundle([certificate])
    })
    const { stdout, stderr } = await run(place.path, ['--renew', '--name', 'theirs'], env)
    expect(stderr).toMatch(/not made by irsa.*type kubernetes\.io\/tls/)
    expect(stdout).toContain('irsa print-webhook --renew --name theirs | kubectl apply -f -\n')
  })
})

describe('--out-dir', () => {
  test('holds a file per object, the key for its owner alone and out of git', async () => {
    await using place = await temporaryFolder()
    const { code, stdout } = await run(place.path, ['--out-dir', 'webhook'])
    expect(code).toBe(0)
    const names = await readdir(join(place.path, 'webhook'))
    const yaml = names.filter((name) => name.endsWith('.yaml'))
    expect(stdout).toBe(
      yaml
        .toSorted()
        .map((name) => `webhook/${name}\n`)
        .join(''),
    )
    expect(yaml).toHaveLength(9)
    for (const name of names) {
      const path = join(place.path, 'webhook', name)
      const text = await readFile(path, 'utf8')
      const secret = text.includes('\nkind: Secret\n')
      expect([name, ((await stat(path)).mode & 0o777).toString(8)]).toEqual([
        name,
        secret ? '600' : '644',
      ])
      expect(text.includes('tls.key:')).toBe(secret)
    }
    const ignored = await readFile(join(place.path, 'webhook', '.gitignore'), 'utf8')
    expect(ignored).toMatch(/^\/50-secret\.yaml$/m)
  })

  test('with --kustomize names them all, and -o json holds no key', async () => {
    await using place = await temporaryFolder()
    const ended = await run(place.path, ['--out-dir', '.', '--kustomize', '-o', 'json'])
    expect(ended.stdout).not.toContain('tls.key')
    const { files } = ended.json<{ files: string[] }>()
    expect(files.at(-1)).toBe('kustomization.yaml')
    const [{ resources }] = objects(
      await readFile(join(place.path, 'kustomization.yaml'), 'utf8'),
    ) as [Manifest]
    expect(resources).toEqual(files.slice(0, -1))
  })

  test('is left alone with --dry-run', async () => {
    await using place = await temporaryFolder()
    const { code, stdout } = await run(place.path, [
      '--out-dir',
      'webhook',
      '--dry-run',
      '-o',
      'json',
    ])
    expect(code).toBe(0)
    const { kind, changes } = JSON.parse(stdout)
    expect(kind).toBe('Plan')
    expect(changes[0]).toEqual({
      action: 'create',
      resource: 'manifest',
      id: 'webhook/10-namespace.yaml',
    })
    expect(await listing(place.path)).toEqual({})
  })

  test('is not overwritten by a second run, but brought up to date by a renewal', async () => {
    await using place = await temporaryFolder()
    const out = ['--out-dir', 'webhook']
    await run(place.path, out)
    const before = await listing(place.path)
    expectProblem(await run(place.path, [...out, '-o', 'json']), {
      code: 'webhook/files-differ',
      exit: 2,
      says: ['webhook/40-mutating-webhook-configuration.yaml', 'webhook/50-secret.yaml'],
    })
    expect(await listing(place.path)).toEqual(before)
    const old = 'webhook/40-mutating-webhook-configuration.yaml'
    const renewed = await run(place.path, [...out, '--renew', '--ca-bundle', old])
    expect(renewed.code).toBe(0)
    const secret = 'webhook/50-secret.yaml'
    // Within one command kubectl would go on with the Secret, whatever became of the configuration.
    expect(renewed.stderr).toContain(`  kubectl apply -f ${old} && kubectl apply -f ${secret}  `)
    const after = await listing(place.path)
    const changed = Object.keys(after).filter((name) => after[name] !== before[name])
    expect(changed).toEqual([old, secret])
    expect(after[secret]).toMatch(/^100600 /)
    expect(certificates(bundleOf(await readFile(join(place.path, old), 'utf8')))).toHaveLength(2)
  })

  test.each([
    [[], '-f webhook'],
    [['--kustomize'], '-k webhook'],
  ])(
    'has the API server trust the new certificate of other settings first: %j',
    async (args, all) => {
      await using place = await temporaryFolder()
      await writeFile(join(place.path, 'old.yaml'), installed.stdout)
      const first = await run(place.path, [...args, '--out-dir', 'webhook'])
      expect(first.stderr).toContain(`  kubectl apply ${all}  `)
      const again = ['--out-dir', 'again', '--ca-bundle', 'old.yaml']
      const { stderr } = await run(place.path, [...args, ...again])
      const trusting = 'kubectl apply -f again/40-mutating-webhook-configuration.yaml'
      expect(stderr).toContain(
        `  ${trusting} && kubectl apply ${all.replace('webhook', 'again')}  `,
      )
    },
  )

  test('with cert-manager’s certificate is the same on every run', async () => {
    await using place = await temporaryFolder()
    const args = ['--out-dir', 'webhook', '--certificate', 'cert-manager', '--kustomize']
    await run(place.path, args)
    const before = await listing(place.path)
    expect(Object.keys(before).join()).not.toMatch(/secret|gitignore/)
    expect(await run(place.path, args)).toMatchObject({ code: 0 })
    expect(await listing(place.path)).toEqual(before)
  })
})

describe('bad input', () => {
  const expectRefused = async (
    args: readonly string[],
    code: string,
    { files = {}, env = {}, says = [], exit = 2 as 1 | 2 } = {} as {
      files?: Readonly<Record<string, string>>
      env?: Record<string, string>
      says?: readonly (string | RegExp)[]
      exit?: 1 | 2
    },
  ) => {
    await using place = await temporaryFolder()
    for (const [name, text] of Object.entries(files)) await writeFile(join(place.path, name), text)
    const before = await listing(place.path)
    const ended = await run(place.path, ['-o', 'json', '--out-dir', 'out', ...args], env)
    expectProblem(ended, { code, exit, says })
    expect(await listing(place.path)).toEqual(before)
  }

  test.each([
    [['--name', 'Hook'], 'webhook/name-invalid'],
    [['--namespace', 'a/b'], 'webhook/namespace-invalid'],
    [['--secret-name', 'a b'], 'webhook/secret-name-invalid'],
    [['--image', 'Hook:v1'], 'webhook/image-invalid'],
    [['--image-digest', 'sha256:12'], 'webhook/image-digest-invalid'],
    [['--region', 'Paris'], 'usage/region-invalid'],
    [['--audience', ''], 'provider/audience-invalid'],
    [['--replicas', '0'], 'usage/invalid'],
    [['--replicas', 'two'], 'usage/invalid'],
    [['--certificate-days', '0'], 'usage/invalid'],
    [['--certificate-days', '4000'], 'usage/invalid'],
    [['--certificate-days', '1.5'], 'usage/invalid'],
    [['--certificate', 'acme'], 'usage/invalid'],
    [['--failure-policy', 'ignore'], 'usage/invalid'],
    [['--certificate', 'cert-manager', '--renew'], 'usage/flags-conflict'],
    [['--certificate', 'cert-manager', '--certificate-days', '9'], 'usage/flags-conflict'],
    [['--certificate', 'cert-manager', '--ca-bundle', 'ca.pem'], 'usage/flags-conflict'],
    [['--certificate', 'existing'], 'usage/flag-missing'],
    [['--certificate', 'existing', '--secret-name', 'a'], 'usage/flag-missing'],
    [['--renew', '--ca-bundle', 'nowhere.pem'], 'files/missing'],
  ])('%j is refused', async (args, code) => {
    await expectRefused(args, code)
  })

  test('--kustomize needs a folder', async () => {
    const ended = await run(folder.path, ['--kustomize', '-o', 'json'])
    expectProblem(ended, { code: 'usage/flag-missing', exit: 2, says: ['--out-dir'] })
  })

  const past = new Date(Date.now() - 10 * DAY)

  test('an expired authority is refused, beside others and for an existing Secret as well', async () => {
    const { certificate } = await makeCertificateAuthority({
      commonName: 'old',
      days: 5,
      now: past,
    })
    const says = [/"CN=old" in ca\.pem expired on \d{4}-/, 'without --renew']
    for (const files of [
      { 'ca.pem': certificate },
      { 'ca.pem': bundleOf(installed.stdout) + certificate },
    ]) {
      const flags = ['--ca-bundle', 'ca.pem']
      for (const args of [['--renew'], [], ['--certificate', 'existing', '--secret-name', 'a']]) {
        await expectRefused([...args, ...flags], 'webhook/authority-expired', { files, says })
      }
    }
  })

  test('a cluster that trusts nothing but what has expired is told what to do', async () => {
    await using place = await temporaryFolder()
    const { certificate } = await makeCertificateAuthority({
      commonName: 'old',
      days: 5,
      now: past,
    })
    const env = await inCluster(place.path, installed.stdout, ({ webhooks }) => {
      webhooks[0].clientConfig.caBundle = caBundle([certificate])
    })
    await expectRefused(['--renew'], 'webhook/authority-expired', {
      env,
      says: ['without --renew'],
    })
  })

  test('a file that holds no authority is refused by what it holds', async () => {
    const now = new Date()
    const authority = await makeCertificateAuthority({ commonName: 'ca', days: 5, now })
    const leaf = await issueServerCertificate(authority, { names: ['a.b.svc'], days: 5, now })
    for (const [text, code] of [
      ['', 'webhook/bundle-empty'],
      ['hello\n', 'webhook/not-a-configuration'],
      ['a: b: c\n', 'webhook/not-a-configuration'],
      ['kind: Secret\n', 'webhook/not-a-configuration'],
      ['kind: Secret\n---\nkind: Service\n', 'webhook/not-a-configuration'],
      [leaf.certificate, 'webhook/bundle-not-an-authority'],
      [leaf.key, 'webhook/bundle-not-a-certificate'],
      [authority.certificate.slice(0, 300), 'webhook/bundle-damaged'],
    ] as const) {
      await expectRefused(['--renew', '--ca-bundle', 'ca.pem'], code, { files: { 'ca.pem': text } })
    }
  })

  test('a cluster where there is nothing to renew is refused', async () => {
    await using place = await temporaryFolder()
    // So it is with --ignore-not-found.
    const none = await standIn(place.path, 'exit 0')
    await expectRefused(['--renew'], 'webhook/not-installed', {
      env: none,
      exit: 1,
      says: ['--name', 'kubectl get mutatingwebhookconfigurations', 'without --renew'],
    })
    const away = await standIn(place.path, "echo 'connection refused' >&2; exit 1")
    await expectRefused(['--renew'], 'kubectl/failed', { env: away, exit: 1, says: [/refused/] })
    const unfilled = await inCluster(place.path, installed.stdout, ({ webhooks }) => {
      delete webhooks[0].clientConfig.caBundle
    })
    await expectRefused(['--renew'], 'webhook/bundle-empty', { env: unfilled })
    const certManager = await inCluster(place.path, installed.stdout, ({ metadata }) => {
      metadata.annotations = { 'cert-manager.io/inject-ca-from': 'infra/hook' }
    })
    await expectRefused(['--renew'], 'webhook/renewed-by-cert-manager', { env: certManager })
    const other = await inCluster(place.path, installed.stdout)
    await expectRefused(['--renew', '--namespace', 'infra'], 'webhook/other-service', {
      env: other,
    })
  })

  test('without kubectl, the flag that stands in for it is in --help', async () => {
    await using place = await temporaryFolder()
    const bin = join(place.path, 'bin')
    await mkdir(bin)
    await expectRefused(['--renew'], 'kubectl/missing', {
      env: { PATH: bin },
      exit: 1,
      says: ['--help'],
    })
  })
})
