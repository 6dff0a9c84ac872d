import { expect, test } from 'vitest'
import { xmlDocument } from '../../src/sandbox/xml.ts'
import { child, children, childText, readXml } from '../../src/sandbox/xml-reader.ts'

test('what is written can be read again, whatever characters it holds', () => {
  const text = `<a> & "b" 'c' ünï \u{1F600}`
  const written = xmlDocument('Root', { List: { Item: [text, 1, true] }, Empty: '' }, 'urn:x')
  const root = readXml(Buffer.from(written))
  expect(root.name).toBe('Root')
  expect(children(child(root, 'List'), 'Item').map((item) => item.text)).toEqual([
    text,
    '1',
    'true',
  ])
  expect(childText(root, 'Empty')).toBe('')
  expect(childText(root, 'Absent')).toBeUndefined()
})

test('prefixes, attributes, comments, empty elements and character references are understood', () => {
  const text =
    '<?xml version="1.0"?><!-- x --><s3:A xmlns:s3="u"><B/><C z=\'1\'>&#65;&#x42;</C></s3:A>\n'
  const root = readXml(Buffer.from(text))
  expect(root.name).toBe('A')
  expect(childText(root, 'B')).toBe('')
  expect(childText(root, 'C')).toBe('AB')
})

test.each([
  '',
  'text',
  '<a>',
  '</a>',
  '<a></b>',
  '<a><b></a></b>',
  '<a/><b/>',
  '<a>&unknown;</a>',
  '<a>&#x110000;</a>',
  '<a b=c/>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
])('%j is malformed', (text) => {
  expect(() => readXml(Buffer.from(text))).toThrow(/not well-formed/)
})
