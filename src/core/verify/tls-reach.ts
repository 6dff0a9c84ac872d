import { closedTo } from '../address-reach.ts'
import type { Problem } from '../problems/problem.ts'
import type { Finding } from './finding.ts'

/** What the problems of a connection say of the server; others say something of this machine. */
const NO_CONNECTION: Readonly<Record<string, string>> = {
  'network/dns': 'tls/dns',
  'network/refused': 'tls/refused',
  'network/reset': 'tls/reset',
  'network/timeout': 'tls/timeout',
  'network/unreachable': 'tls/unreachable',
  'network/tls': 'tls/no-tls',
}

/** A server with which no TLS comes about; undefined where this machine or its proxy is why. */
export function connectionFinding({ code, what, why, fix }: Problem): Finding | undefined {
  const id = NO_CONNECTION[code]
  if (id === undefined) return undefined
  return {
    id,
    severity: 'high',
    summary: what.replace(/\.$/, ''),
    why: `${why} Without TLS there are no documents, and AWS verifies no token.`,
    fix,
  }
}

/**
 * Addresses that nobody on the internet can connect to. A name may resolve to others elsewhere, so
 * only an address that is written in the issuer is beyond doubt.
 */
export function addressFindings(issuer: string, addresses: readonly string[]): readonly Finding[] {
  const host = new URL(issuer).hostname.replace(/^\[|\]$/g, '')
  const closed = addresses.flatMap((address) => {
    const what = closedTo(address)
    return what === undefined ? [] : [address === host ? what : `${address} (${what})`]
  })
  if (closed.length === 0) return []
  const literal = addresses.includes(host)
  const some = closed.length < addresses.length
  return [
    {
      id: 'tls/address-closed',
      severity: literal ? 'high' : some ? 'low' : 'medium',
      summary: literal
        ? `The address ${host} is ${closed.join(', ')}`
        : `${host} resolves to ${closed.join(', ')} here${some ? ', among others' : ''}`,
      why: `STS fetches the documents from the internet, where nobody reaches that address.${literal ? '' : ' If the name resolves to a public address elsewhere, all is well.'}`,
      fix: `Publish a public address for the host, or move the documents to where the internet reaches them, such as a bucket: irsa init --host s3`,
    },
  ]
}
