import { createHash } from 'node:crypto'

/** Everything of a key that somebody might have hashed to name it. */
export interface KidMaterial {
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Buffer
  /** PKIX PEM, with its final newline. */
  readonly pem: string
  /** The same in PKCS#1, for RSA. */
  readonly pkcs1?: { readonly der: Buffer; readonly pem: string } | undefined
  /** As it is published. */
  readonly entry: Readonly<Record<string, unknown>>
}

/** How a kid was computed that is not kube-apiserver's, such as `its RFC 7638 thumbprint`; undefined where no known way leads there. */
export function recognisedKid(kid: string, material: KidMaterial): string | undefined {
  for (const { of, bytes } of sourcesOf(material)) {
    for (const hash of HASHES) {
      const digest = digestOf(hash.id, bytes)
      const form = digest && formOf(kid, digest)
      if (form !== undefined) return named(hash.name, of, form)
    }
  }
  return undefined
}

/** OpenSSL in its FIPS mode has not all of them. */
function digestOf(hash: string, bytes: Buffer | string): Buffer | undefined {
  try {
    return createHash(hash).update(bytes).digest()
  } catch {
    return undefined
  }
}

const THUMBPRINT = 'its required members'

function named(hash: string, of: string, form: string): string {
  if (of === THUMBPRINT && hash === 'SHA-256' && form === 'base64url') {
    return 'its RFC 7638 thumbprint'
  }
  return `the ${hash} of ${of} in ${form}${of === THUMBPRINT ? ' (RFC 7638)' : ''}`
}

const HASHES = [
  { id: 'sha256', name: 'SHA-256' },
  { id: 'sha1', name: 'SHA-1' },
  { id: 'md5', name: 'MD5' },
  { id: 'sha224', name: 'SHA-224' },
  { id: 'sha384', name: 'SHA-384' },
  { id: 'sha512', name: 'SHA-512' },
] as const

interface Source {
  readonly of: string
  readonly bytes: Buffer | string
}

function sourcesOf({ spki, pem, pkcs1, entry }: KidMaterial): readonly Source[] {
  return [
    { of: THUMBPRINT, bytes: requiredMembers(entry) },
    { of: 'its DER form', bytes: spki },
    ...pemSources('its PEM text', pem),
    ...(pkcs1 === undefined
      ? []
      : [
          { of: 'its PKCS#1 form', bytes: pkcs1.der },
          ...pemSources('its PKCS#1 PEM text', pkcs1.pem),
        ]),
    ...jsonSources(entry),
    ...certificatesOf(entry),
  ]
}

const pemSources = (of: string, pem: string): readonly Source[] => [
  { of, bytes: pem },
  { of: `${of} without the final newline`, bytes: pem.trimEnd() },
  { of: `${of} with CRLF`, bytes: pem.replaceAll('\n', '\r\n') },
  { of: `the base64 in ${of}`, bytes: pem.replaceAll(/-----.*-----|\s/g, '') },
]

/** RFC 7638 section 3.2: in the order of their names, without white space. */
function requiredMembers({ kty, n, e, crv, x, y }: KidMaterial['entry']): string {
  return JSON.stringify(kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y })
}

function jsonSources(entry: KidMaterial['entry']): readonly Source[] {
  const { kty, n, e, crv, x, y } = entry
  const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'kid'))
  const sorted = Object.fromEntries(
    Object.keys(rest)
      .toSorted()
      .map((name) => [name, rest[name]]),
  )
  const texts = [
    JSON.stringify(rest),
    JSON.stringify(sorted),
    JSON.stringify(kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }),
  ]
  const modulus =
    typeof n === 'string' ? [{ of: 'its modulus', bytes: Buffer.from(n, 'base64url') }] : []
  return [...texts.map((bytes) => ({ of: 'its JSON', bytes })), ...modulus]
}

/** RFC 7517 section 4.7; the first one is that of the key. */
function certificatesOf({ x5c }: KidMaterial['entry']): readonly Source[] {
  const [first] = Array.isArray(x5c) ? x5c : []
  if (typeof first !== 'string') return []
  return [{ of: 'its certificate', bytes: Buffer.from(first, 'base64') }]
}

/** Fewer signs of a digest might be there by chance. */
const SHORTEST = 8

function formOf(kid: string, digest: Buffer): string | undefined {
  const hex = digest.toString('hex')
  const base64 = digest.toString('base64')
  const base64url = digest.toString('base64url')
  if (kid === base64url) return 'base64url'
  if (kid === base64.replaceAll('+', '-').replaceAll('/', '_')) return 'base64url with padding'
  if (kid === base64 || kid === base64.replace(/=+$/, '')) return 'plain base64'
  if (kid.toLowerCase().replaceAll(':', '') === hex) return 'hexadecimal digits'
  if (kid.length < SHORTEST) return undefined
  if (hex.startsWith(kid.toLowerCase())) return `hexadecimal digits, the first ${kid.length}`
  return base64url.startsWith(kid) ? `base64url, the first ${kid.length} signs` : undefined
}
