import { temporaryFolder } from '../support/cli.ts'
import { ask } from './ask.ts'
import { parts } from './parts.ts'
import { freePort, startRunning, type Running } from './running.ts'

export interface Etcd extends Running {
  /** For `--etcd-servers`. */
  readonly url: string
}

/** An empty etcd, whose data goes with it. */
export async function startEtcd(): Promise<Etcd> {
  const folder = await temporaryFolder()
  const url = `http://127.0.0.1:${await freePort()}`
  const peer = `http://127.0.0.1:${await freePort()}`
  const settings = {
    'data-dir': `${folder.path}/data`,
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // Nothing has to outlive a power failure.
    'unsafe-no-fsync': 'true',
  }
  const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`)
  const isReady = async () => (await ask(`${url}/health`)).body.includes('"health":"true"')
  const running = await startRunning([parts.etcd, ...flags], folder.path, isReady)
  const stop = async () => {
    await running.stop()
    await folder[Symbol.asyncDispose]()
  }
  return { ...running, url, stop, [Symbol.asyncDispose]: stop }
}
