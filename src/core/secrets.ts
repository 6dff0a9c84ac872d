/**
 * The text without tokens, private keys and private members. Others may have published what they
 * should not have, and what we quote of it is passed around. Takes time in proportion to the text,
 * whatever is in it.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replaceAll(DOTTED, withoutTokens)
    .replaceAll(PRIVATE_PEM, '[a private key, left out]')
    .replaceAll(PRIVATE_MEMBER, '$1[left out]')

/** The same for all texts of a JSON value. */
export const valueWithoutSecrets = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value, (_name, member: unknown) =>
      typeof member === 'string' ? withoutSecrets(member) : member,
    ),
  ) as Value

/** The last look at a page before it is written. @throws Error, which is a bug of ours. */
export function assertNoSecrets(text: string, where: string): void {
  if (withoutSecrets(text) !== text) {
    throw new Error(`a token or a private key was about to be written into ${where}`)
  }
}

/** The words of base64url, with dots between them. Each is taken whole, so nothing is read twice. */
const DOTTED = /[\w-]+(?:\.[\w-]*)*/g

const PRIVATE_PEM =
  /-----BEGIN [^-\n]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-\n]*PRIVATE KEY-----|$)/g

/** A quote of JSON or YAML; in a page as well, and in a text of JSON within JSON within JSON. */
const QUOTE = String.raw`\\{0,7}(?:["']|&quot;|&#39;)`

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1; r and t are those of `oth`. */
const PRIVATE_MEMBER = new RegExp(
  String.raw`((?:["']|&quot;|&#39;)(?:d|p|q|dp|dq|qi|k|r|t)${QUOTE}\s*:\s*${QUOTE})[\w+/=-]{16,}`,
  'g',
)

/** Three parts of a JWS or five of a JWE (RFC 7515 and 7516, section 3.1). */
function withoutTokens(dotted: string): string {
  if (dotted.search(BEGINNING) === -1) return dotted
  const parts = dotted.split('.')
  const kept: string[] = []
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    const start = parts[at + 2] === undefined ? -1 : headerIn(part)
    if (start === -1) {
      kept.push(part)
      continue
    }
    kept.push(`${part.slice(0, start)}[a token, left out]`)
    // A full stop after a token belongs to the sentence.
    const isLong = Boolean(parts[at + 3] && parts[at + 4])
    at += isLong ? 4 : 2
  }
  return kept.join('.')
}

/** How `{"`, `{ "` and `{` before a line end or a tab begin in base64, whatever follows. */
const BEGINNING = /e(?:y[AJ]|w[0ko])/g

/** Room for some white space and a member, the shortest `"a":1`, in whole groups of base64. */
const LOOKED_AT = 64

/** Where the header of a token begins, or -1. */
function headerIn(part: string): number {
  for (const { index } of part.matchAll(BEGINNING)) {
    const start = Buffer.from(part.slice(index, index + LOOKED_AT), 'base64url').toString('latin1')
    if (/^\{\s*(?:"[\x20-\x7E]{4}|$)/.test(start)) return index
  }
  return -1
}
