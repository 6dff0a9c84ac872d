import { spawn, type ChildProcess } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'

/** Where moto is, in a form that can be handed from process to process. */
export interface MotoAddress {
  /** Without a trailing slash. */
  readonly endpoint: string
  /** PEM of the certificate authority to trust, and the file that holds it. */
  readonly authority: string
  readonly authorityFile: string
  /** SHA-1 of the last certificate that the server presents: the authority's. */
  readonly thumbprint: string
  /** Where moto writes down every request, a JSON object a line. */
  readonly recording: string
}

/** moto's server over TLS, on a port of loopback that the system chooses. */
export async function startMoto(python: string) {
  const folder = await mkdtemp(join(tmpdir(), 'irsa-moto-'))
  const { authority, authorityFile, args } = await serverCertificate(folder)
  const recording = join(folder, 'recording')
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0', ...args], {
    cwd: folder,
    env: { ...process.env, MOTO_ENABLE_RECORDING: 'true', MOTO_RECORDER_FILEPATH: recording },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = (): boolean => server.kill()
  // Also where a run ends before its time.
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    process.off('exit', kill)
    const ended = once(server, 'exit')
    if (server.exitCode === null && kill()) await ended
    await rm(folder, { recursive: true, force: true })
  }
  const endpoint = `https://localhost:${await portOf(server)}`
  const thumbprint = new X509Certificate(authority).fingerprint.replaceAll(':', '').toLowerCase()
  const address: MotoAddress = { endpoint, authority, authorityFile, thumbprint, recording }
  return { address, stop }
}

/** The chain ends with the authority, so that the thumbprint is not the leaf's. */
async function serverCertificate(folder: string) {
  const validity = { days: 1, now: new Date() }
  const ca = await makeCertificateAuthority({ ...validity, commonName: 'irsa test:aws' })
  const leaf = await issueServerCertificate(ca, { ...validity, names: ['localhost'] })
  const authorityFile = join(folder, 'authority.pem')
  const chainFile = join(folder, 'chain.pem')
  const keyFile = join(folder, 'key.pem')
  await Promise.all([
    writeFile(authorityFile, ca.certificate),
    writeFile(chainFile, leaf.certificate + ca.certificate),
    writeFile(keyFile, leaf.key, { mode: 0o600 }),
  ])
  return { authority: ca.certificate, authorityFile, args: ['-c', chainFile, '-k', keyFile] }
}

/** moto says its port once it listens. Its log is read to the end, so that it never blocks. */
function portOf(server: ChildProcess): Promise<string> {
  let log = ''
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`moto ended:\n${log}`)))
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
      const port = /Running on https:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1]
      if (port !== undefined) resolve(port)
    })
  })
}
