import { describe, expect, test } from 'vitest'
import {
  discoveryDocument,
  mergedAlgs,
  parseDiscovery,
  serialiseDiscovery,
} from '../../src/core/discovery.ts'
import { parseIssuer } from '../../src/core/issuer.ts'

const issuer = parseIssuer('https://oidc.example.com/blue')

test('the discovery document is written to the byte', () => {
  expect(serialiseDiscovery(discoveryDocument(issuer, ['RS256', 'ES256', 'RS256']))).toBe(`{
  "issuer": "https://oidc.example.com/blue",
  "jwks_uri": "https://oidc.example.com/blue/keys.json",
  "authorization_endpoint": "urn:kubernetes:programmatic_authorization",
  "response_types_supported": [
    "id_token"
  ],
  "subject_types_supported": [
    "public"
  ],
  "id_token_signing_alg_values_supported": [
    "ES256",
    "RS256"
  ],
  "claims_supported": [
    "aud",
    "exp",
    "iat",
    "iss",
    "sub"
  ]
}
`)
})

describe('a published document is read with tolerance', () => {
  test.each([
    ['our own', serialiseDiscovery(discoveryDocument(issuer, ['RS256'])), issuer, ['RS256']],
    ['an empty file', ' \n', undefined, []],
    ['an empty object', '{}', undefined, []],
    [
      'one of other types',
      '{"issuer":1,"id_token_signing_alg_values_supported":"x"}',
      undefined,
      [],
    ],
    [
      'one with odd algorithms',
      '{"id_token_signing_alg_values_supported":[1,"ES256"]}',
      undefined,
      ['ES256'],
    ],
  ])('%s', (_, text, theirs, algs) => {
    expect(parseDiscovery(text, 'it')).toMatchObject({ issuer: theirs, algs })
  })

  test.each(['<html>', '[]', 'null', '"x"'])('but not %s', (text) => {
    expect(() => parseDiscovery(text, 'it')).toThrow(
      expect.objectContaining({ code: 'documents/discovery-unparsable' }),
    )
  })
})

describe('the algorithms to list', () => {
  test('are ours where nothing is published', () => {
    expect(mergedAlgs(undefined, issuer, ['RS256', 'ES256'], 'it')).toEqual(['ES256', 'RS256'])
  })

  test('are ours and the published ones of the same issuer', () => {
    const published = { issuer, algs: ['RS512', 'RS256'] }
    expect(mergedAlgs(published, issuer, ['RS256'], 'it')).toEqual(['RS256', 'RS512'])
  })

  test.each(['https://oidc.example.com/green', 'https://oidc.example.com/blue/'])(
    'are nobody else: %s',
    (theirs) => {
      expect(() => mergedAlgs({ issuer: theirs, algs: [] }, issuer, [], 'it')).toThrow(
        expect.objectContaining({ code: 'documents/other-issuer', exit: 2 }),
      )
    },
  )
})
