import { type LineBreak, tokenBinary, tokenEmpty, tokenLineBreak } from './problems/token.ts'
import { tokenMistaken, tokenSeveral, tokenTooLong, tokenWrapped } from './problems/token.ts'
import { looksLikeToken, takeApart } from './token-anatomy.ts'
import { refuseJson, somethingElse } from './token-mistaken.ts'

/** STS API reference, AssumeRoleWithWebIdentity, `WebIdentityToken`: 4 to 20,000 characters. */
const MOST_CHARACTERS = 20_000

/** With a line end of Windows. Whoever reads one byte more knows that it is too long. */
export const MOST_TOKEN_BYTES = MOST_CHARACTERS + 2

/**
 * The token that a file holds, to be sent as it is. White space around it does not count; whatever
 * else is wrong is said and never mended. `place` is the file, or `-` for standard input.
 *
 * @throws Problem `token/…`, which tells nothing of the token but its form
 */
export function tokenIn(content: Buffer, place: string): string {
  if (content.length > MOST_TOKEN_BYTES) throw tokenTooLong(place, MOST_CHARACTERS)
  refuseBinary(content, place)
  const text = content.toString('latin1').trim()
  if (text === '') throw tokenEmpty(place)
  refuseJson(text, place)
  refuseWrapping(text, place)
  const other = somethingElse(text)
  if (other !== undefined) throw tokenMistaken(place, other.what, other.fix)
  refuseBlanks(content.toString('latin1'), text, place)
  takeApart(text, place)
  return text
}

function refuseBinary(content: Buffer, place: string): void {
  const start = content.subarray(0, 3).toString('hex')
  // Unicode standard, section 23.8, byte order marks. Windows PowerShell 5 redirects into UTF-16.
  if (start.startsWith('fffe') || start.startsWith('feff')) {
    throw tokenBinary(place, 'text in UTF-16', 'iconv -f UTF-16 -t UTF-8')
  }
  if (start === 'efbbbf') throw tokenBinary(place, 'a byte order mark', 'tail -c +4')
  if (content.some((byte) => byte > 126 || (byte < 32 && !WHITE.has(byte)))) {
    throw tokenBinary(place, 'something that is no plain text')
  }
}

/** Tab, line feed, carriage return. */
const WHITE = new Set([9, 10, 13])

/** What is a token once something around it is gone. */
const WRAPPINGS: readonly (readonly [shape: RegExp, what: string, filter: string])[] = [
  [/^(?:authorization: *)?bearer +(\S+)$/i, '"Bearer" in front of it', "awk '{print $NF}'"],
  [/^"(\S+)"$|^'(\S+)'$/, 'quotes around it', `tr -d "\\"'"`],
  [/^token: *(\S+)$/i, '"token:" in front of it', "awk '{print $NF}'"],
]

function refuseWrapping(text: string, place: string): void {
  for (const [shape, what, filter] of WRAPPINGS) {
    const inside = shape
      .exec(text)
      ?.slice(1)
      .find((found) => found !== undefined)
    if (inside !== undefined && looksLikeToken(inside)) throw tokenWrapped(place, what, filter)
  }
  // As `data.token` of a secret: base64 of a text that starts with `eyJ`.
  const decoded = /^ZXlK[A-Za-z0-9+/=\s]*$/.test(text)
    ? Buffer.from(text, 'base64').toString('latin1').trim()
    : ''
  if (looksLikeToken(decoded)) throw tokenWrapped(place, 'base64 around it', 'base64 -d')
}

/** @param written with whatever stands around the token */
function refuseBlanks(written: string, text: string, place: string): void {
  const pieces = text.split(/\s+/)
  if (pieces.length === 1) return
  if (pieces.every(looksLikeToken)) throw tokenSeveral(place, pieces.length)
  if (looksLikeToken(pieces.join(''))) throw tokenLineBreak(place, firstBreak(written, text))
  throw tokenMistaken(place, 'several words')
}

function firstBreak(written: string, text: string): LineBreak {
  const breaks = [...text.matchAll(/\s*[\r\n]\s*/g)]
  const index = text.search(/\s/)
  const before = written.slice(0, written.indexOf(text) + index)
  return {
    line: before.split(/\r\n|[\r\n]/).length,
    column: before.length - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) - 1,
    what: whatBreaks(breaks.length),
  }
}

function whatBreaks(lineBreaks: number): string {
  if (lineBreaks === 0) return 'blanks'
  return lineBreaks === 1 ? 'a line break' : `${lineBreaks} line breaks`
}
