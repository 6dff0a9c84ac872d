import type { RequestListener } from 'node:http'
import * as net from 'node:net'
import { describe, expect, test } from 'vitest'
import { makeAgents } from '../../src/adapters/agents.ts'
import { anonymousFetch } from '../../src/adapters/issuer-http.ts'
import { trustedRoots } from '../../src/adapters/trusted-roots.ts'
import { connectProxy, listen, serveTls } from '../support/loopback-servers.ts'
import { issue, madeUpPki } from '../support/made-up-chains.ts'

const { root, intermediate, leaf } = madeUpPki()
const TLS = { key: leaf.key, cert: leaf.cert + intermediate.cert }
const KEYS = '/keys.json'

const serve = (listener: RequestListener) => serveTls(TLS, listener)

function fetcher(limits = {}, env: Record<string, string> = {}) {
  const trusting = { NODE_EXTRA_CA_CERTS: 'root.pem', ...env }
  const roots = trustedRoots(trusting, () => root.cert)
  return anonymousFetch(makeAgents({ env: trusting, roots }), limits)
}

describe('a document is fetched', () => {
  test('with its status and body', async () => {
    await using server = await serve((_, response) => response.writeHead(200).end('{"keys":"é"}'))
    const fetched = await fetcher()(`https://issuer.localhost:${server.port}${KEYS}`)
    expect(fetched).toEqual({ status: 200, body: '{"keys":"é"}', location: undefined })
  })

  test('as a stranger: no credentials, no cookies, no compression', async () => {
    await using server = await serve(({ method, url, headers }, response) => {
      response.setHeader('set-cookie', 'a=b').end(JSON.stringify({ method, url, headers }))
    })
    const fetch = fetcher()
    const url = `https://localhost:${server.port}/a/.well-known/openid-configuration?x=%20`
    await fetch(url)
    const { method, url: path, headers } = JSON.parse((await fetch(url)).body)
    expect({ method, path }).toEqual({
      method: 'GET',
      path: '/a/.well-known/openid-configuration?x=%20',
    })
    expect(headers).toEqual({
      host: `localhost:${server.port}`,
      'user-agent': 'irsa',
      accept: 'application/json, application/jwk-set+json',
      'accept-encoding': 'identity',
      connection: expect.any(String),
    })
  })

  test.each([301, 302, 307, 308])('without following a redirect %i', async (status) => {
    const location = 'https://elsewhere.example/keys.json'
    let requests = 0
    await using server = await serve((_, response) => {
      requests++
      response.writeHead(status, { location }).end()
    })
    const fetched = await fetcher()(`https://localhost:${server.port}${KEYS}`)
    expect(fetched).toEqual({ status, body: '', location })
    expect(requests).toBe(1)
  })

  test('whatever the status is', async () => {
    await using server = await serve((_, response) => response.writeHead(403).end('<Error/>'))
    const fetched = await fetcher()(`https://localhost:${server.port}${KEYS}`)
    expect(fetched).toMatchObject({ status: 403, body: '<Error/>' })
  })

  test('again, on the connection that is kept', async () => {
    const ports = new Set<number | undefined>()
    await using server = await serve(({ socket }, response) => {
      ports.add(socket.remotePort)
      response.end('{}')
    })
    const fetch = fetcher()
    for (let round = 0; round < 3; round++) await fetch(`https://localhost:${server.port}`)
    expect(ports.size).toBe(1)
  })

  test('again, though the kept connection was closed just then', async () => {
    let requests = 0
    await using server = await serve(({ socket }, response) => {
      requests++
      if (requests === 2) socket.destroy()
      else response.end(`${requests}`)
    })
    const fetch = fetcher()
    const url = `https://localhost:${server.port}`
    await fetch(url)
    expect(await fetch(url)).toMatchObject({ body: '3' })
  })
})

describe('nothing is fetched', () => {
  test('within a deadline that a trickling server cannot stretch', async () => {
    await using server = await serve((_, response) => {
      const trickle = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(trickle))
    })
    await expect(fetcher({ timeoutMs: 200 })(`https://localhost:${server.port}`))
      .rejects //
      .toMatchObject({ code: 'network/timeout', what: expect.stringContaining('within 0.2 s') })
  })

  test('from a server, or through a proxy, that never says a word', async () => {
    await using silent = await listen(net.createServer())
    const limits = { timeoutMs: 200 }
    const direct = fetcher(limits)(`https://127.0.0.1:${silent.port}`)
    await expect(direct).rejects.toMatchObject({ code: 'network/timeout' })
    const env = { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` }
    const proxied = fetcher(limits, env)('https://issuer.example')
    await expect(proxied).rejects.toMatchObject({
      code: 'network/timeout',
      what: expect.stringContaining(`through the proxy http://127.0.0.1:${silent.port}`),
    })
  })

  test('that is longer than a document can be', async () => {
    await using server = await serve((_, response) => response.end('x'.repeat(2000)))
    const url = `https://localhost:${server.port}/`
    expect((await fetcher({ maxBytes: 2000 })(url)).body).toHaveLength(2000)
    await expect(fetcher({ maxBytes: 1999 })(url)).rejects.toMatchObject({
      code: 'network/too-large',
      exit: 1,
    })
  })

  test('after the run is interrupted; its reason is thrown', async () => {
    await using server = await listen(net.createServer())
    const stop = new AbortController()
    const fetching = fetcher()(`https://127.0.0.1:${server.port}`, stop.signal)
    stop.abort(new Error('stopped by hand'))
    await expect(fetching).rejects.toThrow('stopped by hand')
    const late = fetcher()(`https://127.0.0.1:${server.port}`, stop.signal)
    await expect(late).rejects.toThrow('stopped by hand')
  })

  test('when the server hangs up in the middle of the body', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{', () => response.destroy())
    })
    await expect(fetcher()(`https://localhost:${server.port}`)).rejects.toMatchObject({
      code: 'network/reset',
    })
  })

  test.each(['http://localhost/keys.json', 'ftp://localhost', 'keys.json', 'https://'])(
    'from %s, which is no https URL',
    async (url) => {
      await expect(fetcher()(url)).rejects.toMatchObject({ code: 'network/not-https' })
    },
  )

  test('from a server that is not trusted, whatever the environment allows', async () => {
    const stranger = issue({ name: 'localhost', names: ['localhost'] })
    await using server = await serveTls(stranger)
    await expect(fetcher()(`https://localhost:${server.port}`)).rejects.toMatchObject({
      code: 'network/tls',
      why: 'The certificate is self-signed.',
    })
  })
})

test('a document is fetched through the proxy', async () => {
  await using server = await serve((_, response) => response.end('{}'))
  await using proxy = await connectProxy()
  const fetch = fetcher({}, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` })
  expect(await fetch(`https://issuer.example:${server.port}`)).toMatchObject({ body: '{}' })
  expect(proxy.seen).toEqual([`issuer.example:${server.port}`])
})
