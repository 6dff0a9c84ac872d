import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { workplace, type Ended, type Workplace } from '../support/cli.ts'
import { runPrinted } from '../support/verified.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { type Egress, openEgress } from './egress.ts'
import { parts } from './parts.ts'
import { flagLines, placeFiles, printFlags } from './printed.ts'
import { startWebhook, type Webhook } from './webhook.ts'
import { endpoints, placeCertificate } from './webhook-surroundings.ts'

const NAME = 'pod-identity-webhook'

/** An issuer, an API server that signs for it, and the webhook, all as irsa prints and makes them. */
export interface VerifiedCluster extends AsyncDisposable {
  readonly place: Workplace
  readonly server: ApiServer
  /** The role of shop/checkout. */
  readonly roleArn: string
  /** For irsa and whatever it prints. */
  readonly env: Readonly<Record<string, string>>
  /** Runs kubectl, which has to succeed. */
  kubectl(args: readonly string[], input?: string): Promise<string>
  /** Runs a command as it was printed, and does after it what a cluster does: kubelet, controllers. */
  obey(command: string): Promise<Ended>
  /** What a cluster does by and by: the Secret reaches the pods, and pods that should run do. */
  settle(): Promise<void>
  /** Where the webhook listens on this machine, while it runs. */
  webhookUrl(): string
  /** The webhook is no more, and its Service knows. */
  stopWebhook(): Promise<void>
}

export async function openVerifiedCluster(): Promise<VerifiedCluster> {
  const [place, cluster] = await Promise.all([workplace(), openCluster()])
  const egress = await openEgress(cluster.identity.folder)
  const server = await startServer(place, cluster, egress)
  const env = { KUBECONFIG: server.kubeconfig, PATH: parts.path }
  const certificates = join(cluster.identity.folder, 'webhook')
  await mkdir(certificates)
  let webhook: Webhook | undefined

  const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const ended = await server.kubectl(args, input)
    expect(ended.code, `${args.join(' ')}\n${ended.stderr}`).toBe(0)
    return ended.stdout
  }
  const read = async (...args: readonly string[]) =>
    JSON.parse((await server.kubectl(['-n', NAME, 'get', ...args, '-o', 'json'])).stdout || '{}')

  const settle = async (): Promise<void> => {
    const [secret, deployment] = await Promise.all([
      read('secret', `${NAME}-cert`),
      read('deployment', NAME),
    ])
    if (secret.data === undefined || deployment.spec === undefined) return
    await placeCertificate(certificates, secret.data)
    if (deployment.spec.replicas === 0) return
    webhook ??= await startWebhook({
      kubeconfig: server.kubeconfig,
      certificateFile: join(certificates, 'tls.crt'),
      keyFile: join(certificates, 'tls.key'),
      flags: deployment.spec.template.spec.containers[0].args,
    })
    await kubectl(['apply', '-f', '-'], endpoints(NAME, webhook.port))
  }
  const obey = async (command: string): Promise<Ended> => {
    const ended = await runPrinted(place, command, env)
    expect(ended.code, `${command}\n${ended.stderr}`).toBe(0)
    await settle()
    return ended
  }
  const stopWebhook = async (): Promise<void> => {
    const port = webhook?.port ?? 1
    await webhook?.stop()
    webhook = undefined
    await kubectl(['apply', '-f', '-'], endpoints(NAME, port, false))
  }

  await obey('irsa print-webhook | kubectl apply -f -')
  for (const name of ['default', 'kube-system']) {
    await kubectl(['-n', name, 'create', 'serviceaccount', 'default'])
  }
  await kubectl(['create', 'namespace', 'shop'])
  const role = await place.run(['create-role', 'shop/checkout', '--yes', '-o', 'json'])
  const { roleArn, serviceAccount } = role.json<{ roleArn: string; serviceAccount: object }>()
  await kubectl(['apply', '-f', '-'], JSON.stringify(serviceAccount))
  return {
    place,
    server,
    roleArn,
    env,
    kubectl,
    obey,
    settle,
    webhookUrl: () => `${webhook?.url}/mutate`,
    stopWebhook,
    async [Symbol.asyncDispose]() {
      await webhook?.stop()
      await egress[Symbol.asyncDispose]()
      await cluster[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

async function startServer(
  place: Workplace,
  { identity, start }: Cluster,
  egress: Egress,
): Promise<ApiServer> {
  expect(await place.run(['init', '--name', 'verified', '--yes'])).toMatchObject({ code: 0 })
  const printed = await printFlags(
    place,
    '--for',
    'flags',
    '--key-dir',
    join(identity.folder, 'irsa'),
  )
  await placeFiles(place, printed)
  return start([
    ...flagLines(printed),
    // Without kube-proxy the Service's address leads nowhere, and its endpoints do.
    '--enable-aggregator-routing=true',
    `--egress-selector-config-file=${egress.file}`,
  ])
}

/** The objects of a stream of YAML. */
export const objectsOf = (text: string): readonly Readonly<Record<string, never>>[] =>
  parseAllDocuments(text).map((document) => document.toJS())
