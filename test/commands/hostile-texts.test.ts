import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ended, OPEN, startIrsa, type Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import { expectProblem } from '../support/problems.ts'
import { issuerPlace, kubeClaims, signedToken, type Signer } from '../support/tokens.ts'

/** It renames the window, clears the screen, and turns texts around. */
const EVIL = '\u001b]0;pwned\u0007\u001b[2Jx\u009b\u061c\u202eevil'
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u202E]/
const SUB = 'system:serviceaccount:shop:checkout'

let place: Workplace
let issuer: string
let signer: Signer

beforeAll(async () => {
  ;({ place, issuer, signer } = await issuerPlace())
})

afterAll(() => place[Symbol.asyncDispose]())

const token = (claims: object = {}): string =>
  signedToken(
    { alg: 'RS256', kid: signer.kid },
    { ...kubeClaims({ issuer, sub: SUB, audience: 'sts.amazonaws.com' }), ...claims },
    signer.key,
  )

const part = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64url')

/** With escapes for whatever is not plain ASCII, which is all that a token file may hold. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function expectHarmless({ stdout, stderr }: Ended): void {
  expect(stdout).not.toMatch(OBEYED)
  expect(stderr).not.toMatch(OBEYED)
  expect(stdout + stderr).not.toBe('')
}

const FORMS = ['human', 'json', 'yaml'] as const

describe.each(FORMS)('nothing that a terminal would obey comes out, as %s:', (form) => {
  test.each<[string, () => string]>([
    ['the encryption of a JWE', () => `${part({ alg: 'RSA', enc: EVIL })}.a2V5.aXY.Y2lwaGVy.dGFn`],
    ['what a document calls itself', () => asciiJson({ kind: EVIL, status: { token: 'a' } })],
    ['claims', () => token({ iss: `http://${EVIL}`, sub: EVIL, [EVIL]: [EVIL], kid: EVIL })],
    ['an audience that a command would name', () => token({ aud: EVIL })],
  ])('%s', async (_, text) => {
    await writeFile(join(place.cwd, 'token'), text())
    for (const args of [
      ['inspect-token', 'token'],
      ['verify', '--token', 'token'],
    ]) {
      expectHarmless(await place.run([...args, '-o', form]))
    }
  })

  test('what kubectl says', async () => {
    const secret = token()
    const env = await standInKubectl(place.cwd, {}, `error: ${EVIL} Bearer ${secret}`)
    const args = ['inspect-token', '--service-account', 'shop/checkout', '-o', form]
    const ended = await place.run(args, env)
    expectHarmless(ended)
    expect(ended.stderr).toContain('Bearer [a token, left out]')
    for (const piece of secret.split('.')) expect(ended.stderr).not.toContain(piece)
  })
})

test('a command with such signs is not offered, and the sentence stays', async () => {
  await writeFile(join(place.cwd, 'token'), token({ aud: [EVIL], exp: 1, iat: 0, nbf: 0 }))
  const ended = await place.run(['inspect-token', 'token', '--config', 'none.yaml'])
  expect(ended.stdout).not.toContain('kubectl create token')
  expect(ended.stdout).toContain('Use a new one of the cluster.')
})

test('a token within a claim is no less secret', async () => {
  const inner = token({ jti: 'inner' })
  await writeFile(join(place.cwd, 'token'), token({ act: { token: [inner] } }))
  for (const form of FORMS) {
    const { stdout } = await place.run(['inspect-token', 'token', '-o', form])
    expect(stdout).toContain('[a token, left out]')
    expect(stdout).not.toContain(inner.split('.')[1])
  }
})

describe('what has no end is not read to its end', () => {
  const refusal = { code: 'token/too-long', exit: 2, says: ['more than 20000'] } as const

  test.each([
    ['inspect-token', '/dev/zero'],
    ['verify', '--token', '/dev/zero'],
  ])('%s %s', async (...args) => {
    expectProblem(await place.run([...args, '-o', 'json']), refusal)
  })

  test('standard input', async () => {
    const { child, ended } = startIrsa(['inspect-token', '-', '-o', 'json'], {
      cwd: place.cwd,
      input: OPEN,
    })
    // It stays open: whoever waits for the end waits for ever.
    child.stdin.write('a'.repeat(100_000))
    expectProblem(await ended, refusal)
  })
})
