import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProgram, workplace, type Workplace } from '../support/cli.ts'
import { MANAGER_KEY, readStaticPod, staticPod, unseenKeys, values } from './kubeadm.ts'
import { parts, withoutParts } from './parts.ts'
import { printFlags, type PrintedFlags } from './printed.ts'

const NEW = 'https://oidc.acme.dev'
const OLD = 'https://kubernetes.default.svc.cluster.local'
const COMPONENTS = ['apiserver', 'controller-manager'] as const
const KUBEADM = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n'

/** The printed commands are typed as they are, but for the folder, on manifests of kubeadm. */
describe.skipIf(withoutParts)('the manifests of static pods', () => {
  let place: Workplace
  let manifests: string

  const fileOf = (component: string): string => join(manifests, `kube-${component}.yaml`)
  const podOf = async (component: string) =>
    readStaticPod(await readFile(fileOf(component), 'utf8'))

  beforeAll(async () => {
    place = await workplace()
    manifests = join(place.cwd, 'manifests')
    await place.run(['generate-keypair'])
    await mkdir(manifests)
  })
  afterAll(() => place?.[Symbol.asyncDispose]())

  const writeManifests = async (): Promise<void> => {
    for (const component of COMPONENTS) {
      const { manifest } = await staticPod(component, { configuration: KUBEADM })
      await writeFile(fileOf(component), manifest)
    }
  }

  const change = async (...args: readonly string[]): Promise<PrintedFlags> => {
    const printed = await printFlags(place, '--for', 'static-pod', '--issuer', NEW, ...args)
    const pages = printed.text.split(/^---\n/m)
    for (const [index, script] of scripts(printed.text, manifests).entries()) {
      await writeFile(join(place.cwd, 'PATCH'), pages[index] ?? '')
      const env = { PATH: parts.path }
      const { stderr } = await startProgram(['sh', '-c', script], { cwd: place.cwd, env }).ended
      expect(stderr).toBe('')
    }
    return printed
  }

  const expectInForce = async ({ flags }: PrintedFlags, before: readonly string[]) => {
    const [server, manager] = [await podOf('apiserver'), await podOf('controller-manager')]
    const names = new Set(flags.map(({ name }) => name))
    for (const name of names) {
      const wanted = flags.filter((flag) => flag.name === name).map(({ value }) => value)
      expect(values(server, name)).toEqual(wanted)
    }
    const others = (command: readonly string[]) =>
      command.filter((flag) => !names.has(flag.slice(2).split('=')[0] ?? ''))
    expect(others(server.command)).toEqual(others(before))
    expect(values(manager, MANAGER_KEY)).toEqual(values(server, 'service-account-signing-key-file'))
    expect([...unseenKeys(server), ...unseenKeys(manager)]).toEqual([])
  }

  test('go through the three stages, one on top of the other', async () => {
    await writeManifests()
    for (const stage of ['accept', 'sign', 'finish']) {
      const { command } = await podOf('apiserver')
      const printed = await change('--stage', stage, '--previous-issuer', OLD)
      await expectInForce(printed, command)
    }
    for (const component of COMPONENTS) {
      expect((await stat(fileOf(component))).mode & 0o777).toBe(0o600)
    }
  })

  test('see keys in another folder, whose volume one of the stages adds', async () => {
    await writeManifests()
    for (const stage of ['accept', 'sign', 'finish']) {
      const { command } = await podOf('apiserver')
      const elsewhere = ['--previous-issuer', OLD, '--key-dir', '/opt/irsa']
      await expectInForce(await change('--stage', stage, ...elsewhere), command)
    }
  })
})

/** What is to be typed, for one manifest after the other. */
const scripts = (text: string, manifests: string): string[] =>
  (text.match(/^# {3}MANIFEST=[^]*?^# {3}install .*$/gm) ?? []).map((block) =>
    block.replaceAll(/^# {3}/gm, '').replace('/etc/kubernetes/manifests', manifests),
  )
