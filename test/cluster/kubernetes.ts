import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MODULES, type Programs } from './go-build.ts'

/** Chooses among the minors that are pinned in go/; without it, the newest. */
const VARIABLE = 'IRSA_TEST_KUBERNETES'

const FOLDER = /^kubernetes-(\d+\.\d+)$/

/** `kubectl create token` came with 1.24. */
const OLDEST_KUBECTL = 24

/** A pinned Kubernetes. */
export interface Kubernetes {
  /** `1.37` */
  readonly minor: string
  /** As its programs say it: `v1.37.1`. */
  readonly version: string
}

/** @throws when the environment names a minor that is not pinned */
export async function chosenKubernetes(): Promise<Kubernetes> {
  const folders = await readdir(MODULES)
  const minors = folders.flatMap((name) => FOLDER.exec(name)?.[1] ?? [])
  const newestFirst = minors.toSorted((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]))
  const minor = process.env[VARIABLE] || newestFirst[0] || ''
  if (!minors.includes(minor))
    throw new Error(`${VARIABLE} is ${minor}; there are ${newestFirst.join(', ')}.`)
  const pinned = await readFile(join(MODULES, `kubernetes-${minor}`, 'go.mod'), 'utf8')
  const version = /^\s*(?:require )?k8s\.io\/kubernetes (v\S+)/m.exec(pinned)?.[1]
  if (version === undefined) throw new Error(`kubernetes-${minor}/go.mod pins no version.`)
  return { minor, version }
}

/** The main packages of k8s.io/kubernetes with these names, which say their version when asked. */
export function kubernetesPrograms<Name extends string>(
  { minor, version }: Kubernetes,
  names: readonly Name[],
): Programs<Name> {
  const packages = names.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])
  return {
    module: `kubernetes-${minor}`,
    packages: Object.fromEntries(packages) as Record<Name, string>,
    variables: versionVariables(version),
  }
}

/** Kubernetes' hack/lib/version.sh. */
function versionVariables(version: string): string[] {
  const [major, minor] = version.slice(1).split('.')
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'archive' }
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((variables) =>
    Object.entries(values).map(([name, value]) => `${variables}.${name}=${value}`),
  )
}

/** Whether the machine has a kubectl that can do what the tests ask of it. */
export async function hasKubectl(): Promise<boolean> {
  const ask = promisify(execFile)('kubectl', ['version', '--client', '--output', 'json'])
  const answer = await ask.catch(() => undefined)
  const version = /"gitVersion": "v1\.(\d+)\./.exec(answer?.stdout ?? '')?.[1]
  return Number(version) >= OLDEST_KUBECTL
}
