/** One block of a PEM file (RFC 7468), numbered from 1 as it stands in the file. */
export type PemBlock =
  | {
      readonly state: 'whole'
      readonly number: number
      readonly label: string
      /** Whether headers say that the body is encrypted (RFC 1421 section 4.6.1.1). */
      readonly encrypted: boolean
      readonly der: Buffer
    }
  | {
      readonly state: 'damaged'
      readonly number: number
      readonly label: string
      /** What is wrong, as the end of the sentence "it cannot be read: …". */
      readonly damage: string
    }

const BEGIN = '-----BEGIN '

/** From behind "-----BEGIN ": the label, the body, and the line that ends it. */
const BLOCK = /([^\r\n]+?)-----[ \t]*\r?\n([^]*?)^-----END \1-----[ \t]*\r?$/my

/** RFC 4648 section 4, with padding, as Go's decoder insists. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Finds the blocks of a PEM text the way Go's `encoding/pem` does, which is what kube-apiserver
 * reads its key files with: markers stand at the start of a line, other text between the blocks does
 * not matter, CRLF and trailing blanks neither. Where Go skips a damaged block without a word, it is
 * in the answer here, so that somebody can be told.
 */
export function pemBlocks(text: string): PemBlock[] {
  const [before = '', ...pieces] = text.split(BEGIN)
  let previous = before
  return pieces.map((piece, index) => {
    const block = readBlock(piece, index + 1, previous === '' || previous.endsWith('\n'))
    previous = piece
    return block
  })
}

function readBlock(piece: string, number: number, atLineStart: boolean): PemBlock {
  const label = /^[^\r\n]*?(?=-----)/.exec(piece)?.[0] ?? ''
  const damaged = (damage: string): PemBlock => ({ state: 'damaged', number, label, damage })
  if (!atLineStart) return damaged('its "-----BEGIN" does not stand at the start of a line')
  BLOCK.lastIndex = 0
  const body = BLOCK.exec(piece)?.[2]
  if (body === undefined) return damaged(`no line "-----END ${label}-----" of its own ends it`)
  const lines = body.split('\n').map((line) => line.trim())
  const base64 = lines.filter((line) => !line.includes(':')).join('')
  if (base64 === '' || !BASE64.test(base64)) {
    return damaged('its body is not base64')
  }
  const encrypted = lines.some((line) => /^Proc-Type:\s*4,\s*ENCRYPTED$/.test(line))
  return { state: 'whole', number, label, encrypted, der: Buffer.from(base64, 'base64') }
}

/** Whether a file read as UTF-8 text was none: DER, or UTF-16. */
export const looksBinary = (text: string): boolean => /[\0\uFFFD]/.test(text)
