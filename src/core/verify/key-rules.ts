import { MIN_RSA_BITS } from '../public-key.ts'
import { capital } from '../words.ts'
import { type DocumentPlace, leaveOut, replace, rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import { type KeySeen, nameOf } from './key-seen.ts'
import { quoted, quotedValue } from './escaped.ts'

/** What the keys of a set are judged by. */
export interface KeyContext {
  readonly place: DocumentPlace
  /** Usable keys that would be lost with the document, since nobody here has their files. */
  readonly othersKeep: boolean
  /** The kids of our own signers, as they sign. */
  readonly ours: ReadonlySet<string>
  /** Whether it is known which ones those are. */
  readonly isKnown: boolean
}

export type KeyRule = (key: KeySeen, context: KeyContext) => readonly Finding[]

/** What is wrong with a key by itself, whatever it is called. */
export const judgeKey: KeyRule = (key, context) =>
  [typeRule, encodingRule, useRule, algRule, sizeRule].flatMap((rule) => rule(key, context))

/** For entries that irsa refuses to read: others that are good stay in. */
export const withoutThese = ({ place, othersKeep }: KeyContext, which: string) =>
  othersKeep ? leaveOut(place, which) : replace(place)

/** irsa writes our own keys as they should be, and keeps those of others as they are. */
export const rewriteOurs = ({ place, ours, isKnown }: KeyContext, right: string | undefined) =>
  ours.has(right ?? '') || !isKnown
    ? rewrite(place)
    : {
        fix: `Have whoever signs with that key publish it as it should be; irsa keeps the keys of others as they are. ${place.byHand}`,
      }

const typeRule: KeyRule = (key, context) => {
  const { kty, usable } = key
  if (kty === '') {
    return [
      {
        id: 'jwks/kty-missing',
        severity: 'high',
        summary: `${capital(nameOf(key))} has no "kty"`,
        why: 'RFC 7517 requires it, and without it nobody knows what the key is.',
        ...withoutThese(context, '(.kty? // "") == ""'),
      },
    ]
  }
  if (usable !== undefined && usable.algs.length > 0) return []
  if (['RSA', 'EC'].includes(kty) && usable === undefined) return [unusable(key, context)]
  const kind =
    kty === 'EC'
      ? `an EC key on the curve ${quotedValue(key.entry['crv'])}`
      : `of the type ${quoted(kty)}`
  return [
    {
      id: 'jwks/other-type',
      severity: 'info',
      summary: `${capital(nameOf(key))} is ${kind}`,
      why: 'STS takes tokens signed with RSA and with EC on P-256, P-384 and P-521, so this key is of no use there. It does no harm.',
      fix: 'Sign with an RSA key.',
    },
  ]
}

const unusable = (key: KeySeen, { place, ours }: KeyContext): Finding => ({
  id: 'jwks/unusable',
  severity: 'high',
  summary: `${capital(nameOf(key))} is no valid ${key.kty} key`,
  why: 'Its numbers are missing, damaged, or not on its curve, so no token can be verified with it.',
  ...(ours.has(key.kid ?? '')
    ? rewrite(place)
    : leaveOut(place, `.kid == ${JSON.stringify(key.kid ?? null)}`)),
})

/** RFC 7515 section 2: no padding, no line breaks, and the alphabet of URLs. */
const BASE64URL = /^[\w-]+$/

/** Coordinates have all their bytes, moduli none too many: RFC 7518 sections 2 and 6.2.1.2. */
const encodingRule: KeyRule = (key, context) => {
  const { kty, entry, usable } = key
  if (usable === undefined || usable.algs.length === 0) return []
  const members = kty === 'RSA' ? ['n', 'e'] : ['x', 'y']
  const flaw = members.map((name) => flawOf(name, String(entry[name]), usable.bits)).find(Boolean)
  if (flaw === undefined) return []
  return [
    {
      id: 'jwks/encoding',
      severity: 'high',
      summary: `${capital(nameOf(key))} is written wrongly: ${flaw}`,
      why: 'RFC 7518 allows one form only. Some readers put up with others, but nobody says that STS does, and the kid may come out different.',
      ...rewriteOurs(context, usable.kid),
    },
  ]
}

function flawOf(name: string, text: string, bits: number): string | undefined {
  if (!BASE64URL.test(text)) {
    const what = /[+/]/.test(text) ? 'plain base64' : 'base64url with padding or white space'
    return `its "${name}" is ${what} instead of base64url without padding`
  }
  const bytes = Buffer.from(text, 'base64url')
  if (name === 'n' || name === 'e') {
    return bytes[0] === 0 ? `its "${name}" begins with a zero byte` : undefined
  }
  const size = Math.ceil(bits / 8)
  return bytes.length === size ? undefined : `its "${name}" has ${bytes.length} bytes, not ${size}`
}

const useRule: KeyRule = (key, context) => {
  const { use, key_ops: operations } = key.entry
  const forVerifying =
    (use === undefined || use === 'sig') &&
    (!Array.isArray(operations) || operations.includes('verify'))
  if (forVerifying) return []
  const isOurs = context.ours.has(key.usable?.kid ?? '')
  const marked =
    use === undefined || use === 'sig'
      ? `"key_ops" ${quotedValue(operations)}`
      : `"use" ${quotedValue(use)}`
  return [
    {
      id: 'jwks/use',
      severity: isOurs ? 'high' : 'info',
      summary: `${capital(nameOf(key))} is marked ${marked}, not for signatures`,
      why: isOurs
        ? 'STS verifies no token with such a key, and it is the one that signs.'
        : 'STS verifies no token with such a key. If none is signed with it, that does no harm.',
      ...rewriteOurs(context, key.usable?.kid),
    },
  ]
}

const algRule: KeyRule = (key, context) => {
  const { alg, use } = key.entry
  const { algs = [] } = key.usable ?? {}
  if (alg === undefined || algs.length === 0 || (use ?? 'sig') !== 'sig') return []
  if (algs.includes(String(alg))) return []
  // RFC 7518 section 3.5; it fits an RSA key, and a kube-apiserver never signs with it.
  const fits = /^PS(?:256|384|512)$/.test(String(alg)) && key.kty === 'RSA'
  const isOurs = context.ours.has(key.usable?.kid ?? '')
  return [
    {
      id: 'jwks/alg',
      severity: fits && !isOurs ? 'info' : 'high',
      summary: `${capital(nameOf(key))} has "alg" ${quotedValue(alg)}, and ${fits ? 'STS takes no such tokens' : `it is a key for ${algs.join(', ')}`}`,
      why: `STS verifies a token only with a key whose "alg" is that of the token${isOurs ? ', and this is the one that signs' : ''}.`,
      ...rewriteOurs(context, key.usable?.kid),
    },
  ]
}

const sizeRule: KeyRule = (key) => {
  const { bits = 0 } = key.usable ?? {}
  if (key.kty !== 'RSA' || bits === 0 || bits >= MIN_RSA_BITS) return []
  return [
    {
      id: 'jwks/small',
      severity: 'low',
      summary: `${capital(nameOf(key))} has ${bits} bits only`,
      why: 'Whoever factors it, which can be done under 2048 bits, can sign tokens for every service account.',
      fix: 'Make a new pair, publish it, let the API server sign with it, and drop this one a day later: irsa generate-keypair --out-dir keys/new',
    },
  ]
}
