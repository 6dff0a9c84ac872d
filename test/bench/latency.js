import { createServer, request } from 'node:http'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'

/**
 * Runs work against a server that is as far away as AWS is: every request waits on its way there.
 * @template T
 * @param {string} target `http://localhost:<port>`
 * @param {number} milliseconds
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function throughLatency(target, milliseconds, work) {
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray())
    await setTimeout(milliseconds)
    const { method, headers, url } = incoming
    // The headers stay as they were signed, the host's among them.
    const forwarded = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    forwarded.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await work(`http://localhost:${server.address().port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
