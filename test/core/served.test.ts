import { expect, test } from 'vitest'
import { serves } from '../../src/core/served.ts'

test.each([
  ['the same bytes', '{"a":1}\n', '{"a":1}\n', true],
  ['the same, written otherwise', '{"a":1,"b":[1,2]}', '{ "b": [2, 1], "a": 1 }', true],
  ['a key more', '{"keys":[{"kid":"a"}]}', '{"keys":[{"kid":"b"},{"kid":"a"}]}', true],
  ['a member more', '{"a":1}', '{"a":1,"b":2}', true],
  ['a key less', '{"keys":[{"kid":"a"},{"kid":"b"}]}', '{"keys":[{"kid":"a"}]}', false],
  ['another value', '{"issuer":"https://a"}', '{"issuer":"https://b"}', false],
  ['another type', '{"a":[1]}', '{"a":1}', false],
  ['a string for a list', '{"a":[]}', '{"a":""}', false],
  ['null', '{"a":{}}', '{"a":null}', false],
  ['HTML', '{"a":1}', '<html></html>', false],
  ['nothing', '{"a":1}', '', false],
])('%s', (_name, written, served, same) => {
  expect(serves(written, served)).toBe(same)
})
