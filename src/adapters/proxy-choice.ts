import { BlockList, isIP } from 'node:net'
import { proxyInvalid } from '../core/problems/network.ts'
import { addressOf } from './address.ts'
import type { Env } from './trusted-roots.ts'

/**
 * The proxy for a URL, or undefined where it is to be reached directly.
 *
 * HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY as curl and aws-cli read them: lower case wins,
 * an address without a scheme is an http proxy, and an entry of NO_PROXY covers the name and what
 * is below it. CIDR blocks are understood as well, as in Go, since clusters are set up with them.
 *
 * @throws Problem `network/proxy-invalid`
 */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const own = url.protocol === 'http:' ? 'http_proxy' : 'https_proxy'
  for (const name of [own, own.toUpperCase(), 'all_proxy', 'ALL_PROXY']) {
    const value = env[name]
    if (value !== undefined && value !== '') {
      return bypassed(url, env['no_proxy'] || env['NO_PROXY'] || '')
        ? undefined
        : parse(name, value)
    }
  }
  return undefined
}

/** The proxy as it may be shown to people and logs: without user name and password. */
export const shownProxy = (proxy: URL): string => `${proxy.protocol}//${proxy.host}`

function parse(variable: string, value: string): URL {
  const text = value.includes('://') ? value : `http://${value}`
  if (!URL.canParse(text)) throw proxyInvalid(variable, 'it is not a URL')
  const proxy = new URL(text)
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw proxyInvalid(variable, `it is a ${proxy.protocol.slice(0, -1)} proxy`)
  }
  if (decoded(proxy.username) === undefined || decoded(proxy.password) === undefined) {
    throw proxyInvalid(variable, 'its user name or password has a % that encodes nothing')
  }
  return proxy
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function bypassed(url: URL, noProxy: string): boolean {
  const { host, port } = addressOf(url)
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && covers(entry, host.toLowerCase(), port))
}

function covers(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  // A bare IPv6 address has colons of its own, so only one in brackets can carry a port.
  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry)
  if (withPort !== null && Number(withPort[2]) !== port) return false
  const bare = (withPort?.[1] ?? entry).replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return bare === host || inBlock(bare, host)
  const domain = bare.replace(/^\*?\./, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

function inBlock(block: string, address: string): boolean {
  const [network = '', bits = ''] = block.split('/')
  const family = isIP(network)
  const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  if (family === 0 || family !== isIP(address) || !fits) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const blocks = new BlockList()
  blocks.addSubnet(network, Number(bits), type)
  return blocks.check(address, type)
}
