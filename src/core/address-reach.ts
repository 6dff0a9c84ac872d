/** Networks that the internet knows no way to, and what they are for. */
const CLOSED: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'no address of a host'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', "behind a provider's NAT"],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'for protocols'],
  ['192.0.2.0/24', 'for documentation'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'for benchmarks'],
  ['198.51.100.0/24', 'for documentation'],
  ['203.0.113.0/24', 'for documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'no address of a host'],
  ['::1/128', 'loopback'],
  ['64:ff9b:1::/48', "behind a provider's NAT"],
  ['100::/64', 'discarded'],
  ['2001:2::/48', 'for benchmarks'],
  ['2001:db8::/32', 'for documentation'],
  ['3fff::/20', 'for documentation'],
  ['5f00::/16', 'for segment routing'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
]

/** Their last 32 bits are an IPv4 address: mapped (RFC 4291) and translated (RFC 6052). */
const EMBEDDING = ['::ffff:0:0/96', '64:ff9b::/96']

/**
 * Why nobody on the internet can connect to an address: what IANA's registries of special-purpose
 * addresses for IPv4 and IPv6 do not call globally reachable, and multicast (RFC 5771, RFC 4291).
 *
 * @param address as a resolver gives it, without brackets
 * @returns undefined for an address that may be reached
 */
export function closedTo(address: string): string | undefined {
  const bits = bitsOf(address)
  const judged = EMBEDDING.some((network) => isIn(bits, network)) ? bits.slice(-32) : bits
  return CLOSED.find(([network]) => isIn(judged, network))?.[1]
}

/** IPv4 has 32 bits and IPv6 128, so that neither is in a network of the other. */
function isIn(bits: string, network: string): boolean {
  const [base = '', length = '0'] = network.split('/')
  const all = bitsOf(base)
  return bits.length === all.length && bits.startsWith(all.slice(0, Number(length)))
}

/** As "0" and "1"; "::" stands for as many zeros as are missing (RFC 4291 section 2.2). */
function bitsOf(address: string): string {
  const [plain = ''] = address.split('%')
  if (!plain.includes(':')) return bitsOfPart(plain)
  const [front = '', back = ''] = plain.split('::').map(bitsOfGroups)
  return front.padEnd(128 - back.length, '0') + back
}

const bitsOfGroups = (groups: string): string =>
  groups === '' ? '' : groups.split(':').map(bitsOfPart).join('')

const bitsOfPart = (part: string): string =>
  part.includes('.')
    ? part
        .split('.')
        .map((octet) => binary(Number(octet), 8))
        .join('')
    : binary(Number.parseInt(part, 16), 16)

const binary = (value: number, length: number): string => value.toString(2).padStart(length, '0')
