import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { rsa, wholeSigner } from '../support/signers.ts'
import { type Printed, recordFault, runPrinted, verify } from '../support/verified.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { parts, withoutParts } from './parts.ts'
import { flagLines, placeFiles, printFlags } from './printed.ts'

const OLD = 'https://kubernetes.default.svc.cluster.local'
const OTHER = 'https://oidc.somewhere.example'

/** One at a time, each undone by what is printed for it, or by starting again as before. */
describe.skipIf(withoutParts)('irsa verify of an API server', () => {
  let place: Workplace
  let cluster: Cluster
  let server: ApiServer
  let issuer: string
  let keyDir: string
  let healthy: readonly string[]
  /** A key that the cluster may have and nobody else knows. */
  const foreign = { public: '', private: '' }

  beforeAll(async () => {
    ;[place, cluster] = await Promise.all([workplace(), openCluster()])
    const made = await place.run(['init', '--name', 'verified', '--yes', '-o', 'json'])
    issuer = made.json<{ issuer: string }>().issuer
    keyDir = join(cluster.identity.folder, 'irsa')
    const printed = await printFlags(place, '--for', 'flags', '--key-dir', keyDir)
    await placeFiles(place, printed)
    healthy = flagLines(printed)
    await writeForeignKey()
    server = await cluster.start(healthy)
    await server.kubectl(['-n', 'default', 'create', 'serviceaccount', 'default'])
    await server.kubectl(['-n', 'kube-system', 'create', 'serviceaccount', 'default'])
    await mirror(healthy)
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  async function writeForeignKey(): Promise<void> {
    const folder = join(cluster.identity.folder, 'pki')
    const { secret, open } = wholeSigner(rsa())
    Object.assign(foreign, { public: join(folder, 'sa.pub'), private: join(folder, 'sa.key') })
    await mkdir(folder)
    await writeFile(foreign.public, open)
    await writeFile(foreign.private, secret, { mode: 0o600 })
  }

  const env = () => ({
    KUBECONFIG: server.kubeconfig,
    PATH: parts.path,
    // Where this machine has what is on the node.
    IRSA_KEY_DIR: keyDir,
  })

  /** The mirror of a static pod, as kubelet puts it there. */
  async function mirror(...commands: readonly (readonly string[])[]): Promise<void> {
    const pods = commands.map((flags, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `kube-apiserver-${index}`,
        namespace: 'kube-system',
        labels: { component: 'kube-apiserver' },
      },
      spec: {
        containers: [
          {
            name: 'kube-apiserver',
            image: 'kube-apiserver',
            command: ['kube-apiserver', ...flags],
          },
        ],
      },
    }))
    await server.kubectl(['-n', 'kube-system', 'delete', 'pods', '--all', '--now'])
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods })
    expect(await server.kubectl(['create', '-f', '-'], list)).toMatchObject({ code: 0 })
  }

  async function restart(flags: readonly string[]): Promise<void> {
    await server.stop()
    server = await cluster.start(flags, server.port)
    await mirror(flags)
  }

  /** The healthy flags with other values of one. */
  const having = (name: string, ...values: readonly string[]): readonly string[] => [
    ...healthy.filter((flag) => !flag.startsWith(`--${name}=`)),
    ...values.map((value) => `--${name}=${value}`),
  ]

  const look = (...args: readonly string[]) => verify(place, ['--no-aws', ...args], env())

  const expectBroken = (found: Printed, finding: string): string => {
    const link = found.link('apiserver')
    expect(
      { broken: found.brokenLink, finding: link.findings[0]?.id },
      JSON.stringify(found.links),
    ).toEqual({ broken: 'apiserver', finding })
    return link.findings[0]?.command ?? ''
  }

  /** Runs what was printed, and gives the API server what that prints. */
  async function obey(command: string): Promise<readonly string[]> {
    const ended = await runPrinted(place, command, env())
    expect(ended.code, `${command}\n${ended.stderr}`).toBe(0)
    const flags = ended.stdout.split('\n').filter((line) => line.startsWith('--'))
    await restart(flags)
    return flags
  }

  const expectHealthy = async (): Promise<void> => {
    const { links } = await look()
    const link = links.find(({ id }) => id === 'apiserver')
    expect(link, JSON.stringify(link)).toMatchObject({ status: 'pass' })
    expect(link?.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  }

  const record = (fault: string, finding: string, mended: true | string) =>
    recordFault({ fault, link: 'apiserver', finding, mended })

  test('a healthy one is not complained about', async () => {
    await expectHealthy()
    const { links } = await look()
    expect(links.find(({ id }) => id === 'apiserver')?.summary).toContain(`signs for ${issuer}`)
  })

  test('one that verifies with a key of before is healthy as well', async () => {
    await restart([...healthy, `--service-account-key-file=${foreign.public}`])
    await expectHealthy()
  })

  test.each([
    ['no file', '/nonexistent/config', 'no current context'],
    ['a cluster that is gone', '', 'failed'],
  ])('kubectl with %s leaves the cluster out', async (_, file, said) => {
    const gone = join(place.cwd, 'gone.kubeconfig')
    const access = { url: 'https://127.0.0.1:1', token: 'x' }
    const { authorityFile } = cluster.identity
    await writeKubeconfig(gone, { ...access, authorityFile })
    const found = await verify(place, ['--no-aws'], { ...env(), KUBECONFIG: file || gone })
    for (const id of ['apiserver', 'webhook'] as const) {
      expect(found.link(id)).toMatchObject({
        status: 'skip',
        summary: expect.stringContaining(said),
      })
    }
  })

  test('another issuer first', async () => {
    await restart(having('service-account-issuer', OLD, issuer))
    const command = expectBroken(await look(), 'apiserver/another-issuer-first')
    await obey(command)
    await expectHealthy()
    await record(
      'the API server signs for another issuer and accepts ours',
      'apiserver/another-issuer-first',
      true,
    )
  })

  test.each([
    ['as it was installed', OLD, 'apiserver/issuer-not-configured'],
    ['of somewhere else', OTHER, 'apiserver/issuer-not-accepted'],
  ])('only the issuer %s', async (_, only, finding) => {
    await restart(having('service-account-issuer', only))
    await obey(expectBroken(await look(), finding))
    await obey(expectBroken(await look(), 'apiserver/another-issuer-first'))
    await expectHealthy()
    await record(`the API server knows only the issuer ${only}`, finding, true)
  })

  test.each([
    ['a slash at its end', (text: string) => `${text}/`],
    ['upper and lower case', (text: string) => text.replace('https:', 'HTTPS:')],
    ['the scheme', (text: string) => text.replace('https:', 'http:')],
  ])('an issuer that differs by %s', async (by, spelling) => {
    await restart(having('service-account-issuer', spelling(issuer)))
    const found = await look()
    const command = expectBroken(found, 'apiserver/issuer-spelled-differently')
    expect(found.link('apiserver').summary).toContain(by)
    expect(found.link('apiserver').why).toMatch(/^ +\^+$/m)
    await obey(command)
    await obey(expectBroken(await look(), 'apiserver/another-issuer-first'))
    await expectHealthy()
    await record(
      `the API server's issuer differs by ${by}`,
      'apiserver/issuer-spelled-differently',
      true,
    )
  })

  test('a signer of ours that it does not verify with', async () => {
    await restart(having('service-account-key-file', foreign.public))
    const command = expectBroken(await look(), 'apiserver/rejects-own-tokens')
    await obey(command)
    await expectHealthy()
    await record('the API server rejects what it signs', 'apiserver/rejects-own-tokens', true)
  })

  test('a signer that nobody knows', async () => {
    await restart(having('service-account-signing-key-file', foreign.private))
    const found = await look()
    expectBroken(found, 'apiserver/rejects-own-tokens')
    expect(found.link('apiserver').findings.map(({ id }) => id)).toContain(
      'apiserver/signer-not-published',
    )
    await record(
      'the signer is among no key files',
      'apiserver/rejects-own-tokens',
      'a file of the node',
    )
  })

  test('sts.amazonaws.com among its audiences', async () => {
    await restart([...healthy, `--api-audiences=${issuer},sts.amazonaws.com`])
    const command = expectBroken(await look(), 'apiserver/sts-audience')
    expect(command).toContain(`--api-audience ${issuer}`)
    await obey(command)
    await expectHealthy()
    await record('sts.amazonaws.com in --api-audiences', 'apiserver/sts-audience', true)
  })

  test('sts.amazonaws.com as its only audience', async () => {
    await restart([...healthy, '--api-audiences=sts.amazonaws.com'])
    await obey(expectBroken(await look(), 'apiserver/sts-audience'))
    const after = await look()
    expect(after.link('apiserver').findings[0]?.command).toContain('--api-audience')
    await obey(after.link('apiserver').findings[0]?.command ?? '')
    await expectHealthy()
    await record('sts.amazonaws.com alone in --api-audiences', 'apiserver/sts-audience', true)
  })

  test('two API servers for two issuers', async () => {
    await restart(healthy)
    const flags = having('service-account-issuer', OLD, issuer)
    const second = await cluster.start(flags)
    await mirror(healthy, flags)
    const command = expectBroken(await look(), 'apiserver/servers-differ')
    const printed = await obey(command)
    await second.stop()
    const again = await cluster.start(printed, second.port)
    await mirror(printed, printed)
    await expectHealthy()
    await again.stop()
    await record('two API servers for two issuers', 'apiserver/servers-differ', true)
  })

  test('short tokens are worth a note', async () => {
    await restart([...healthy, '--service-account-max-token-expiration=1h'])
    const link = (await look()).link('apiserver')
    expect(link.status).toBe('pass')
    expect(link.findings.map(({ id }) => id)).toEqual(['apiserver/short-tokens'])
  })

  test('a key of irsa.yaml that signs and is not published', async () => {
    await restart(healthy)
    const args = ['publish-jwks', '--public-key', foreign.public, '--prune', '--yes']
    expect(await place.run(args)).toMatchObject({ code: 0 })
    const found = (await look()).link('apiserver').findings[0]
    expect(found?.id).toBe('apiserver/signer-not-published')
    const mending = await runPrinted(place, found?.command ?? 'false', env())
    expect(mending.code, mending.stderr).toBe(0)
    await expectHealthy()
    await record('the signer is not published', 'apiserver/signer-not-published', true)
  })

  test("the cluster's own key signs and is not published", async () => {
    const prune = ['publish-jwks', '--prune', '--yes']
    expect(await place.run(prune)).toMatchObject({ code: 0 })
    await restart([
      `--service-account-issuer=${issuer}`,
      `--service-account-key-file=${foreign.public}`,
      `--service-account-signing-key-file=${foreign.private}`,
    ])
    const command = expectBroken(await look(), 'apiserver/signer-not-published')
    const mending = await runPrinted(place, command, env())
    expect(mending.code, mending.stderr).toBe(0)
    await expectHealthy()
    await record(
      "the cluster's own signer is not published",
      'apiserver/signer-not-published',
      true,
    )
  })

  test('without any token to be had it says what it could not see', async () => {
    await server.kubectl(['-n', 'default', 'delete', 'serviceaccount', 'default'])
    const link = (await look()).link('apiserver')
    expect(link.status).toBe('pass')
    expect(link.findings.map(({ id }) => id)).toEqual(['apiserver/signer-unseen'])
  })
})
