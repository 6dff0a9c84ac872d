import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { listenTogether } from '../../src/sandbox/http/listener.ts'

async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

test('when the second server cannot listen, the first one ends too', async () => {
  const [free, taken] = [await occupied(), await occupied()]
  free.server.close()
  await once(free.server, 'close')
  const common = { now: () => new Date(), answer: async () => ({ status: 200 }) }
  const both = listenTogether({ ...common, port: free.port }, { ...common, port: taken.port })
  await expect(both).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken.port })
  const visitor = connect(free.port, '127.0.0.1')
  await expect(once(visitor, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  taken.server.close()
})
