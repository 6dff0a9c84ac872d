import { describe, expect, test } from 'vitest'
import { looksBinary, pemBlocks } from '../../src/core/pem.ts'

// A block of any label does here; what is in it is not looked at.
const block = (label: string, body = 'AQIDBA==') =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`

const found = (text: string) =>
  pemBlocks(text).map((it) => (it.state === 'whole' ? it.label : it.damage))

describe('blocks are found where Go finds them', () => {
  test.each([
    ['one', block('A'), ['A']],
    ['several, text between them', `one\n${block('A')}\ntwo:\n${block('B')}end`, ['A', 'B']],
    ['CRLF', block('A').replaceAll('\n', '\r\n'), ['A']],
    ['blanks at the ends of lines', block('A').replaceAll('\n', ' \t\n'), ['A']],
    ['no newline at the end', block('A').trimEnd(), ['A']],
    ['none', 'hello\n', []],
  ])('%s', (_, text, labels) => expect(found(text)).toEqual(labels))
})

describe('what Go would skip without a word is told', () => {
  test.each([
    ['indented', ` ${block('A')}`, /start of a line/],
    ['no end', block('A').replace(/-----END.*/, ''), /ends it/],
    ['another end', block('A').replace('END A', 'END B'), /ends it/],
    ['old Mac line ends', block('A').replaceAll('\n', '\r'), /ends it/],
    ['indented end', block('A').replace('-----END', ' -----END'), /ends it/],
    ['cut off', block('A', 'AQIDB'), /base64/],
    ['URL-safe base64', block('A', 'AQ-_'), /base64/],
    ['empty', block('A', ''), /base64/],
  ])('%s', (_, text, damage) => {
    expect(found(text)).toEqual([expect.stringMatching(damage)])
    expect(found(`${block('B')}${text}\n${block('C')}`)).toEqual([
      'B',
      expect.stringMatching(damage),
      'C',
    ])
  })
})

test('blocks carry their number, their bytes and whether they are encrypted', () => {
  const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAQIDBA=='
  expect(pemBlocks(block('A') + block('RSA PRIVATE KEY', headers))).toEqual([
    { state: 'whole', number: 1, label: 'A', encrypted: false, der: Buffer.from([1, 2, 3, 4]) },
    {
      state: 'whole',
      number: 2,
      label: 'RSA PRIVATE KEY',
      encrypted: true,
      der: Buffer.from([1, 2, 3, 4]),
    },
  ])
})

test.each([
  ['DER', Buffer.from([0x30, 0x82, 0x01, 0x22]).toString('utf8'), true],
  ['UTF-16', Buffer.from('\uFEFF-----BEGIN A-----', 'utf16le').toString('utf8'), true],
  ['text', 'ssh-rsa AAAA käse', false],
])('binary or not: %s', (_, text, expected) => expect(looksBinary(text)).toBe(expected))
