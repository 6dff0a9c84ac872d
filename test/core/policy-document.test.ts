import { describe, expect, test } from 'vitest'
import { inlineName, parseInlinePolicy } from '../../src/core/inline-policy.ts'
import { policySize, samePolicy } from '../../src/core/policy-document.ts'

const statement = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: '*' }
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
const conditioned = (Condition: object) => policy({ ...statement, Condition })

describe('two policies say the same', () => {
  test.each<[string, object, object]>([
    [
      'a lone statement without a list',
      policy(statement),
      { Statement: statement, Version: '2012-10-17' },
    ],
    [
      'actions in another order and case',
      policy(statement),
      policy({ ...statement, Action: ['S3:putobject', 's3:GetObject'] }),
    ],
    [
      'a value twice',
      policy({ ...statement, Resource: ['a', 'b', 'a'] }),
      policy({ ...statement, Resource: ['b', 'a'] }),
    ],
    ['an empty condition', policy(statement), conditioned({})],
    [
      'keys and operators in another case',
      conditioned({ StringEquals: { 'aws:X': ['a'] } }),
      conditioned({ stringequals: { 'AWS:x': 'a' } }),
    ],
    ['a truth as a text', conditioned({ Bool: { a: true } }), conditioned({ Bool: { a: 'true' } })],
    ['everybody', policy({ Principal: '*' }), policy({ Principal: { AWS: ['*'] } })],
    ['no label', policy({ ...statement, Sid: '' }), policy(statement)],
  ])('but for %s', (_what, one, other) => {
    expect(samePolicy(one, other)).toBe(true)
  })

  test.each<[string, object, object]>([
    ['effect', policy(statement), policy({ ...statement, Effect: 'Deny' })],
    [
      'resource in another case',
      policy({ ...statement, Resource: 'a' }),
      policy({ ...statement, Resource: 'A' }),
    ],
    ['condition', conditioned({ Bool: { a: 'true' } }), conditioned({ Bool: { a: 'false' } })],
    [
      'operator',
      conditioned({ StringEquals: { a: 'b' } }),
      conditioned({ StringLike: { a: 'b' } }),
    ],
    ['version', policy(statement), { Statement: [statement] }],
    ['number of statements', policy(statement), policy(statement, statement)],
    [
      'NotAction',
      policy({ Effect: 'Allow', Action: 'a:b' }),
      policy({ Effect: 'Allow', NotAction: 'a:b' }),
    ],
  ])('not with another %s', (_what, one, other) => {
    expect(samePolicy(one, other)).toBe(false)
  })
})

test('IAM does not count white space', () => {
  expect(policySize({ a: 'b c' })).toBe('{"a":"bc"}'.length)
})

describe('a policy file', () => {
  const good = JSON.stringify(policy(statement))

  test('is read with a byte order mark and without', () => {
    for (const text of [good, `\ufeff${good}`]) {
      expect(parseInlinePolicy(text, 's3.json')).toEqual(policy(statement))
    }
  })

  test.each([
    ['', 's3.json:1:1', 'end of JSON'],
    ['{\n "Statement": [}', 's3.json:2:16', "token '}'"],
    ['{"Statement": tru}', 's3.json:1:18', 'token'],
    ['{"a": "b\n"}', 's3.json:1:9', 'control character'],
    ['{} x', 's3.json:1:4', 'after JSON|non-whitespace'],
    ['{"a": "€"}', 's3.json:1:8', '€'],
    ['"text"', 's3.json', 'JSON object'],
    ['{"Statement": [1]}', 's3.json', 'number 1 is not an object'],
    [JSON.stringify(policy(statement, { Action: 'a:b' })), 's3.json', 'number 2 has no Effect'],
    [JSON.stringify(policy({ Effect: 'Allow', Resource: '*' })), 's3.json', 'no Action'],
    [JSON.stringify(policy({ ...statement, Principal: '*' })), 's3.json', 'Principal'],
  ])('%j is refused at %s', (text, place, why) => {
    expect(() => parseInlinePolicy(text, 's3.json')).toThrow(
      expect.objectContaining({
        code: 'policy/malformed',
        what: `${place} is not a policy for a role.`,
        why: expect.stringMatching(why),
      }),
    )
  })

  test.each([
    ['policies/s3.json', 'irsa-s3'],
    ['C:\\policies\\s3.JSON', 'irsa-s3'],
    ['read only.json', 'irsa-read-only'],
    ['s3', 'irsa-s3'],
  ])('%s is kept as %s', (file, name) => {
    expect(inlineName(file)).toBe(name)
  })

  test('a name that is too long ends in a hash', () => {
    const name = inlineName(`${'a'.repeat(150)}.json`)
    expect(name).toHaveLength(116)
    expect(name).toMatch(/^irsa-a+-[0-9a-f]{10}$/)
  })
})
