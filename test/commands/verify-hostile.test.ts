import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Json, type Published, published } from '../support/published.ts'

let place: Published

beforeAll(async () => {
  place = await published()
})
afterAll(() => place[Symbol.asyncDispose]())
beforeEach(() => place.heal())

const filled = (piece: string): string => piece.repeat(Math.floor(900_000 / piece.length))
const discovery = (members: Json): void =>
  place.put('discovery', { ...place.read('discovery'), ...members })
const keys = (...entries: unknown[]): void => place.put('keys', { keys: entries })

describe('an issuer that answers with a megabyte holds nobody up, nor fills the screen:', () => {
  test.each<[string, () => void]>([
    ['beginnings of tokens', () => discovery({ issuer: filled('-eyJhbGci') })],
    ['slashes', () => discovery({ issuer: `${place.issuer}/${filled('/')}x` })],
    ['blanks', () => discovery({ issuer: `${place.issuer}${filled(' ')}x` })],
    ['dots', () => discovery({ issuer: `${place.issuer}${filled('a.')}` })],
    ['a jwks_uri', () => discovery({ jwks_uri: `${place.issuer}/${filled('-eyJ')}` })],
    ['a host', () => discovery({ jwks_uri: `https://${filled('a.')}example/keys.json` })],
    ['algorithms', () => discovery({ id_token_signing_alg_values_supported: [filled('-eyJ')] })],
    ['a kid', () => keys({ kty: 'RSA', kid: filled('-eyJ') })],
    ['a type', () => keys({ kty: filled('-eyJ'), kid: 'a' })],
    ['a modulus', () => keys({ kty: 'RSA', kid: 'a', e: 'AQAB', n: filled('a') })],
    [
      'keys of one name',
      () => place.put('keys', { keys: Array.from({ length: 70_000 }, () => ({ kid: 'a' })) }),
    ],
    [
      'keys without anything',
      () => place.put('keys', { keys: Array.from({ length: 250_000 }, () => ({})) }),
    ],
    ['quotes of members', () => keys({ kty: 'RSA', kid: filled("'d'") })],
  ])('%s', async (_, inject) => {
    inject()
    for (const form of ['human', 'json']) {
      const begun = performance.now()
      const ended = await place.run(['verify', '--no-cluster', '-o', form])
      expect([0, 1], ended.stderr.slice(0, 2_000)).toContain(ended.code)
      expect(performance.now() - begun).toBeLessThan(30_000)
      expect(ended.stdout.length + ended.stderr.length).toBeLessThan(40_000)
    }
  })
})
