import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** An API server's way to the pods and services of its cluster, which all are on loopback. */
export interface Egress extends AsyncDisposable {
  /** For `--egress-selector-config-file`. */
  readonly file: string
}

/**
 * Answers CONNECT on a socket in the folder and leads every address to the same port of loopback.
 * The API server refuses addresses of loopback as endpoints of a service; so they have others.
 */
export async function openEgress(folder: string): Promise<Egress> {
  const path = join(folder, 'egress.sock')
  const file = join(folder, 'egress.json')
  await writeFile(file, JSON.stringify(configuration(path)))
  const open = new Set<Socket>()
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer().listen(path)
  server.on('connection', keep).on('connect', ({ url = '' }, client: Socket) => {
    const target = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    keep(target)
    target.on('close', () => client.destroy())
    client.on('close', () => target.destroy())
  })
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    const closed = once(server.close(), 'close')
    open.forEach((socket) => socket.destroy())
    await closed
  }
  return { file, [Symbol.asyncDispose]: close }
}

/** kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity */
const configuration = (udsName: string) => ({
  apiVersion: 'apiserver.k8s.io/v1beta1',
  kind: 'EgressSelectorConfiguration',
  egressSelections: [
    {
      name: 'cluster',
      connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName } } },
    },
  ],
})
