import { tmpdir } from 'node:os'
import { ask } from './ask.ts'
import { parts } from './parts.ts'
import { freePort, startRunning, type Running } from './running.ts'

export interface WebhookOptions {
  /** Of an API server. */
  readonly kubeconfig: string
  /** Read again when they change. */
  readonly certificateFile: string
  readonly keyFile: string
  /** As they are printed for a cluster; files and ports are overruled. */
  readonly flags?: readonly string[]
}

export interface Webhook extends Running {
  /** `https://127.0.0.1:PORT`, without a path. */
  readonly url: string
  readonly port: number
}

/** The pod identity webhook, outside of any cluster, on loopback as install.ts has it built. */
export async function startWebhook(options: WebhookOptions): Promise<Webhook> {
  const { kubeconfig, certificateFile, keyFile, flags = [] } = options
  const port = await freePort()
  const url = `https://127.0.0.1:${port}`
  // pflag takes the last of a flag that is repeated.
  const settings = {
    'in-cluster': false,
    kubeconfig,
    'tls-cert': certificateFile,
    'tls-key': keyFile,
    port,
    'metrics-port': await freePort(),
  }
  const own = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  const isReady = async () => (await ask(`${url}/healthz`, { unverified: true })).status === 200
  const running = await startRunning([parts.webhook, ...flags, ...own], tmpdir(), isReady)
  return { ...running, url, port }
}
