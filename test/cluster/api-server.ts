import { join } from 'node:path'
import { startProgram, type Ended } from '../support/cli.ts'
import { ask, type Answer, type Question } from './ask.ts'
import type { Etcd } from './etcd.ts'
import type { Identity } from './identity.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { parts } from './parts.ts'
import { freePort, startRunning, type Running } from './running.ts'

export interface ApiServerOptions {
  readonly etcd: Etcd
  readonly identity: Identity
  /**
   * The flags about service accounts, as `print-apiserver-flags --for flags` prints them, one each;
   * kube-apiserver takes the last of most flags that are repeated.
   */
  readonly flags: readonly string[]
  /** That of a server that has stopped, to start it again with other flags. */
  readonly port?: number
}

export interface ApiServer extends Running {
  readonly url: string
  readonly port: number
  /** The file with the administrator's access. */
  readonly kubeconfig: string
  /** Runs kubectl as the administrator, with the text as its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<Ended>
  /** Asks for a path as whoever has the token; without one, as nobody. */
  ask(path: string, question?: Omit<Question, 'authority'>): Promise<Answer>
  /** The user that a token stands for; undefined when it is refused. */
  whoIs(token: string): Promise<string | undefined>
}

/** A kube-apiserver; several may share an etcd and an identity, as the nodes of a cluster do. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { identity, port = await freePort() } = options
  const { adminToken: token, authority, authorityFile, folder } = identity
  const url = `https://127.0.0.1:${port}`
  const kubeconfig = join(folder, `${port}.kubeconfig`)
  await writeKubeconfig(kubeconfig, { url, authorityFile, token })
  const askServer: ApiServer['ask'] = (path, question) =>
    ask(`${url}${path}`, { ...question, authority })
  const command = [parts.apiServer, ...plumbing(options, port), ...options.flags]
  const isReady = async () => (await askServer('/readyz', { token })).status === 200
  return {
    ...(await startRunning(command, folder, isReady)),
    url,
    port,
    kubeconfig,
    kubectl: (args, input = '') =>
      startProgram([parts.kubectl, ...args], {
        cwd: folder,
        env: { PATH: parts.path, HOME: folder, KUBECONFIG: kubeconfig },
        input,
      }).ended,
    ask: askServer,
    whoIs: (bearer) => userOf(askServer, bearer),
  }
}

/** What a server needs beside the flags that are tested, to live on loopback without nodes. */
function plumbing({ etcd, identity }: ApiServerOptions, port: number): string[] {
  const settings = {
    'etcd-servers': etcd.url,
    'bind-address': '127.0.0.1',
    'secure-port': port,
    'advertise-address': '127.0.0.1',
    // An address of loopback is refused as the endpoint of a service.
    'endpoint-reconciler-type': 'none',
    'cert-dir': identity.folder,
    'tls-cert-file': identity.certificateFile,
    'tls-private-key-file': identity.keyFile,
    'client-ca-file': identity.authorityFile,
    'token-auth-file': identity.tokenFile,
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.0.0.0/24',
    'allow-privileged': true,
  }
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
}

/** SelfSubjectReview is generally available since Kubernetes 1.28. */
async function userOf(askServer: ApiServer['ask'], token: string): Promise<string | undefined> {
  const apiVersion = 'authentication.k8s.io/v1'
  const answer = await askServer(`/apis/${apiVersion}/selfsubjectreviews`, {
    method: 'POST',
    token,
    body: { apiVersion, kind: 'SelfSubjectReview' },
  })
  if (answer.status === 401) return undefined
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body}`)
  return answer.json().status.userInfo.username
}
