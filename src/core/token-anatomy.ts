import { objectIn } from './json.ts'
import { tokenDamaged, tokenEncrypted, tokenNotJwt, tokenStandardBase64 } from './problems/token.ts'

type Members = Readonly<Record<string, unknown>>

/** A JSON Web Token taken apart (RFC 7515 section 7.1); nothing of what it says is proved. */
export interface TokenAnatomy {
  readonly header: Members
  readonly claims: Members
  /** Header and payload as they were signed (RFC 7515 section 5.1). */
  readonly signed: Buffer
  /** Empty where nobody has signed it. */
  readonly signature: Buffer
}

/** RFC 7515 section 2: base64url, and no padding. */
const BASE64URL = /^[\w-]*$/
const STANDARD = /^[\w+/-]*={0,2}$/

/**
 * Takes a token apart; its signature is not checked. `place` is where it was read.
 * @throws Problem `token/…`, which tells nothing of the token but where it is damaged
 */
export function takeApart(text: string, place: string): TokenAnatomy {
  const parts = text.split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3) {
    // RFC 7516 section 7.1 has five parts, and `enc` in the header.
    const enc = parts.length === 5 ? jsonOf(header)?.['enc'] : undefined
    throw typeof enc === 'string' ? tokenEncrypted(place, enc) : tokenNotJwt(place, parts.length)
  }
  checkBase64url(signature, 'signature', place)
  const members = readPart(header, 'header', place)
  // RFC 7518 section 3.6: only what says that it is not signed has an empty one.
  if (signature === '' && members['alg'] !== 'none') {
    throw tokenDamaged(place, 'signature', 'there is none')
  }
  return {
    header: members,
    claims: readPart(payload, 'payload', place),
    signed: Buffer.from(`${header}.${payload}`, 'latin1'),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function readPart(part: string, name: string, place: string): Members {
  checkBase64url(part, name, place)
  const members = jsonOf(part)
  if (members === undefined) throw tokenDamaged(place, name, 'it is no JSON object')
  return members
}

function checkBase64url(part: string, name: string, place: string): void {
  if (!BASE64URL.test(part)) {
    const index = part.search(/[^\w-]/)
    if (STANDARD.test(part)) throw tokenStandardBase64(place, name, named(part.charAt(index)))
    const reason = `its character ${index + 1} is not one of base64url`
    throw tokenDamaged(place, name, reason)
  }
  // 4 characters stand for 3 bytes, so that one left over stands for nothing (RFC 4648 section 4).
  if (part.length % 4 === 1)
    throw tokenDamaged(place, name, 'its length cannot be, so it is cut off')
}

const named = (character: string): string => (character === '=' ? 'padding (=)' : `a ${character}`)

const jsonOf = (part: string): Members | undefined =>
  objectIn(Buffer.from(part, 'base64url').toString('utf8'))

/** Whether a text has the shape of a token, whatever is in it: all of them start with `{"`. */
export const looksLikeToken = (text: string): boolean =>
  /^eyJ[\w+/=-]*(\.[\w+/=-]*){2,4}$/.test(text)
