import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/**
 * Resolves names as the system does, but for `localhost` and everything below it, which are
 * loopback by definition (RFC 6761 section 6.3) and which glibc still asks the name server about.
 * Both families are given, since a server may listen on either.
 */
export const loopbackLookup: LookupFunction = (hostname, options, callback) => {
  if (!/(^|\.)localhost\.?$/i.test(hostname)) return lookup(hostname, options, callback)
  const addresses = LOOPBACK.filter(({ family }) => wanted(options, family))
  const [first] = addresses
  if (options.all === true) return callback(null, addresses)
  return callback(null, first?.address ?? '127.0.0.1', first?.family ?? 4)
}

/** Every address of a host name, or the address itself; none where the name is not known. */
export const addressesOf = (host: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    loopbackLookup(host, { all: true }, (error, found) => {
      const known = error === null && Array.isArray(found) ? found : []
      resolve(known.map(({ address }) => address))
    })
  })

const wanted = ({ family }: LookupOptions, offered: number): boolean =>
  family === undefined || family === 0 || family === offered || family === `IPv${offered}`
