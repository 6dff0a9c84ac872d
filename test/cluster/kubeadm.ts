import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { startProgram, temporaryFolder } from '../support/cli.ts'
import { parts } from './parts.ts'

/** What a control-plane node has when kubeadm starts there. */
export interface ControlPlaneNode {
  /** What `--config` reads, a stream of documents. */
  readonly configuration: string
  /** What files hold, by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

/** What matters of a static pod. */
export interface StaticPod {
  /** All of it, as YAML. */
  readonly manifest: string
  /** Program and flags. */
  readonly command: readonly string[]
  /** The folders and files of the node that it sees, under the same path. */
  readonly sees: readonly string[]
}

/** What `kubeadm config validate` objects to or warns of; empty when it only says "ok". */
export const kubeadmObjections = async (configuration: string): Promise<string> =>
  (await kubeadm(['config', 'validate'], { configuration })).stderr

/**
 * The same in the newest format that kubeadm has.
 *
 * @throws Error with what kubeadm says when it fails
 */
export async function migrated(configuration: string): Promise<string> {
  const { code, stdout, stderr } = await kubeadm(['config', 'migrate'], { configuration })
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/**
 * The static pod that `kubeadm init phase control-plane` writes, and the apiVersions that it says to
 * be deprecated.
 *
 * @throws Error with what kubeadm says when it fails
 */
export async function staticPod(
  component: 'apiserver' | 'controller-manager',
  node: ControlPlaneNode,
): Promise<StaticPod & { readonly deprecated: readonly string[] }> {
  await using outcome = await temporaryFolder()
  const call = ['init', 'phase', 'control-plane', component, '--dry-run']
  const ended = await kubeadm(call, node, { KUBEADM_INIT_DRYRUN_DIR: outcome.path })
  if (ended.code !== 0) throw new Error(ended.stderr)
  // Some versions write into a folder of the folder.
  const names = await readdir(outcome.path, { recursive: true })
  const file = names.find((name) => name.endsWith(`kube-${component}.yaml`)) ?? ''
  const deprecated = ended.stderr.matchAll(/deprecated API spec: "(\S+)"/g)
  return {
    ...readStaticPod(await readFile(join(outcome.path, file), 'utf8')),
    deprecated: [...new Set([...deprecated].map(([, version = '']) => version))],
  }
}

export function readStaticPod(manifest: string): StaticPod {
  const { containers, volumes } = (parse(manifest) as Manifest).spec
  const [container] = containers
  const paths = new Map(volumes.map(({ name, hostPath }) => [name, hostPath.path]))
  const isSame = ({ name, mountPath }: Mount): boolean => paths.get(name) === mountPath
  const seen = container?.volumeMounts.filter(isSame) ?? []
  return {
    manifest,
    command: container?.command ?? [],
    sees: seen.map(({ mountPath }) => mountPath),
  }
}

/** The values of a flag, in order. */
export const values = ({ command }: StaticPod, name: string): string[] =>
  command.filter((flag) => flag.startsWith(`--${name}=`)).map((flag) => flag.slice(name.length + 3))

/** The key files that a pod is told of and does not see. */
export const unseenKeys = (pod: StaticPod): string[] =>
  ['service-account-key-file', 'service-account-signing-key-file', MANAGER_KEY]
    .flatMap((name) => values(pod, name))
    .filter((path) => !pod.sees.some((seen) => path.startsWith(`${seen}/`)))

/** Of kube-controller-manager: it signs the tokens that are kept in secrets. */
export const MANAGER_KEY = 'service-account-private-key-file'

interface Mount {
  readonly name: string
  readonly mountPath: string
}

interface Manifest {
  readonly spec: {
    readonly containers: readonly {
      readonly command: readonly string[]
      readonly volumeMounts: readonly Mount[]
    }[]
    readonly volumes: readonly { readonly name: string; readonly hostPath: { path: string } }[]
  }
}

/** kubeadm on a node with these files, in a folder instead of at the root. */
async function kubeadm(
  call: readonly string[],
  { configuration, files = {} }: ControlPlaneNode,
  env: Readonly<Record<string, string>> = {},
) {
  await using root = await temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root.path, path)), { recursive: true })
    await writeFile(join(root.path, path), text)
  }
  const file = join(root.path, 'kubeadm.yaml')
  await writeFile(file, onThisMachine(configuration, root.path))
  const option = call.includes('migrate') ? '--old-config' : '--config'
  const command = [parts.kubeadm, ...call, option, file]
  const ended = await startProgram(command, { cwd: root.path, env }).ended
  return { ...ended, stdout: ended.stdout.replaceAll(root.path, '') }
}

/**
 * With a version of Kubernetes, which kubeadm asks the internet for otherwise, an address, without
 * which it looks for a network, and the folder of patches where it is here.
 */
const onThisMachine = (configuration: string, root: string): string =>
  [
    ['ClusterConfiguration', 'kubernetesVersion', parts.kubernetes.version],
    ['InitConfiguration', 'localAPIEndpoint', '{ advertiseAddress: 192.0.2.1 }'],
  ]
    .reduce(
      (text, [kind, field, value]) =>
        text.includes(`\n${field}:`)
          ? text
          : text.replace(new RegExp(`^kind: ${kind}$`, 'm'), `$&\n${field}: ${value}`),
      withInit(configuration),
    )
    .replace(/^ +directory: (?=\/)/m, `$&${root}`)

function withInit(configuration: string): string {
  if (/^kind: InitConfiguration$/m.test(configuration)) return configuration
  const version = /^apiVersion: kubeadm\S+/m.exec(configuration)?.[0]
  return `${configuration.trimEnd()}\n---\n${version}\nkind: InitConfiguration\n`
}
