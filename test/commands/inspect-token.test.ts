import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { type Ended, startIrsa, type Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import { expectProblem, expectRefusal } from '../support/problems.ts'
import { configText, publicPem, rsa } from '../support/signers.ts'
import { issuerPlace, kubeClaims, seconds, signedToken, type Signer } from '../support/tokens.ts'

const SUB = 'system:serviceaccount:shop:checkout'

let place: Workplace
let issuer: string
let signer: Signer

beforeAll(async () => {
  ;({ place, issuer, signer } = await issuerPlace())
  await writeFile(join(place.cwd, 'stranger.pub'), publicPem(rsa()))
  await mkdir(join(place.cwd, 'elsewhere'))
})

afterAll(() => place[Symbol.asyncDispose]())

const BOUND = {
  namespace: 'shop',
  node: { name: 'node-1', uid: randomUUID() },
  pod: { name: 'checkout-6c9f7', uid: randomUUID() },
  serviceaccount: { name: 'checkout', uid: randomUUID() },
}

const token = (claims: object = {}, header: object = {}, by = signer): string =>
  signedToken(
    { alg: 'RS256', kid: by.kid, ...header },
    {
      ...kubeClaims({ issuer, sub: SUB, audience: 'sts.amazonaws.com' }),
      'kubernetes.io': BOUND,
      ...claims,
    },
    by.key,
  )

interface Inspected {
  readonly kind: string
  readonly header: object
  readonly claims: object
  readonly signature: string
  readonly checkedWith: string
  readonly findings: readonly { id: string; severity: string; summary: string; fix: string }[]
}

/** Runs it on a text, and sees to it that no part of the token comes out again. */
async function inspect(text: string, args: readonly string[] = []): Promise<Inspected> {
  await writeFile(join(place.cwd, 'token'), text)
  const ended = await place.run(['inspect-token', 'token', '-o', 'json', ...args])
  expect(ended.stdout, ended.stderr).not.toBe('')
  const document = ended.json<Inspected & Record<string, unknown>>()
  expectSilence(ended, text)
  expect(ended.code).toBe(document.findings.some(({ severity }) => severity === 'high') ? 1 : 0)
  return document
}

function expectSilence({ stdout, stderr }: Ended, text: string): void {
  const parts = text.trim().split('.')
  expect(parts.filter((part) => part !== '' && (stdout + stderr).includes(part))).toEqual([])
}

describe('a token that is right', () => {
  test('is read, judged and verified by the keys of irsa.yaml', async () => {
    const { kind, header, claims, signature, checkedWith, findings } = await inspect(token())
    expect({ kind, signature, checkedWith, findings }).toEqual({
      kind: 'Token',
      signature: 'valid',
      checkedWith: 'keys/sa-signer.pub',
      findings: [],
    })
    expect(header).toEqual({ alg: 'RS256', kid: signer.kid })
    expect(claims).toMatchObject({ iss: issuer, sub: SUB, 'kubernetes.io': BOUND })
  })

  test('is told in words, with dates, and what to type next', async () => {
    const iat = Date.UTC(2030, 0, 2, 3, 4, 5) / 1000
    await writeFile(
      join(place.cwd, 'token'),
      token({ iat: seconds() - 60, exp: iat, nbf: undefined }),
    )
    const ended = await place.run(['inspect-token', 'token'])
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toMatch(/^A token of shop\/checkout$/m)
    expect(ended.stdout).toMatch(/^ {2}expires +2030-01-02T03:04:05Z$/m)
    expect(ended.stdout).toMatch(/^ {2}lifetime +\d+ s, \d+ s left$/m)
    for (const [label, value] of [
      ['issuer', issuer],
      ['audience', 'sts.amazonaws.com'],
      ['pod', 'checkout-6c9f7'],
      ['node', 'node-1'],
      ['key', signer.kid],
      ['signature', 'valid (keys/sa-signer.pub)'],
    ]) {
      expect(ended.stdout).toContain(`\n  ${label?.padEnd(9)}  ${value}\n`)
    }
    expect(ended.stdout).toMatch(/^STS would take it, if its provider and the role do\.$/m)
    expect(ended.stderr).toContain('irsa verify --token token')
    expectSilence(ended, token())
  })

  test('may come from standard input', async () => {
    const text = `${token()}\n`
    const ended = await startIrsa(['inspect-token', '-', '-o', 'json'], {
      cwd: place.cwd,
      env: { ...place.aws.env },
      input: text,
    }).ended
    expect(ended.json()).toMatchObject({ kind: 'Token', signature: 'valid' })
    expectSilence(ended, text)
  })

  test.each(['P-256', 'P-384', 'P-521'])('may be signed with %s', async (namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    await writeFile(join(place.cwd, 'ec.pub'), pem)
    await writeFile(join(place.cwd, 'ec.key'), privateKey.export({ type: 'sec1', format: 'pem' }))
    const read = await readPrivateKey(await readFile(join(place.cwd, 'ec.key'), 'latin1'), 'ec.key')
    const { kid, alg } = read.publicKey
    const text = token({}, { alg }, { key: privateKey, kid })
    const keys = ['--public-key', 'stranger.pub', '--public-key', 'ec.pub']
    expect(await inspect(text, keys)).toMatchObject({ signature: 'valid', findings: [] })
  })

  test('is for the audience of kops where that is expected', async () => {
    const text = token({ aud: ['amazonaws.com'] })
    expect(await inspect(text, ['--audience', 'amazonaws.com'])).toMatchObject({ findings: [] })
    expect((await inspect(text)).findings).toMatchObject([{ id: 'token/audience-differs' }])
  })

  test('is checked without anybody being asked, and without credentials', async () => {
    await writeFile(join(place.cwd, 'elsewhere/token'), token())
    const seen = place.aws.requests.length
    const run = startIrsa(['inspect-token', 'token', '-o', 'json'], {
      cwd: join(place.cwd, 'elsewhere'),
    })
    const ended = await run.ended
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ signature: 'unknown', findings: [] })
    expect(place.aws.requests).toHaveLength(seen)
  })
})

describe('the keys of an issuer', () => {
  test('are fetched as STS does', async () => {
    const found = await inspect(token(), ['--issuer', issuer])
    expect(found).toMatchObject({ signature: 'valid', checkedWith: `${issuer}/keys.json` })
  })

  test('do not verify what another key has signed', async () => {
    const kid = 'iIU6pV3EaBvdKxUKUhyqMGnYwfW4GZ2hJWqfqKk_U5A'
    const found = await inspect(token({}, {}, { key: rsa(), kid }), ['--issuer', issuer])
    expect(found).toMatchObject({ signature: 'invalid', findings: [{ id: 'token/key-unknown' }] })
    expect(found.findings[0]?.summary).toContain('not published')
  })

  test('that cannot be had are a finding of their own', async () => {
    const nobody = `${issuer}/nobody`
    const found = await inspect(token({ iss: nobody }), ['--issuer', nobody])
    expect(found).toMatchObject({
      signature: 'unknown',
      findings: [{ id: 'token/keys-unreachable', severity: 'high' }],
    })
    expect(found.findings[0]?.fix).toContain(`irsa verify --issuer ${nobody}`)
  })
})

describe('what is wrong is found', () => {
  const now = seconds()

  test.each<[string, string, object, object?]>([
    ['an expired token', 'token/expired', { iat: now - 7200, nbf: now - 7200, exp: now - 3600 }],
    [
      'one from the future',
      'token/clock-skew',
      { iat: now + 900, nbf: now + 900, exp: now + 4500 },
    ],
    ['one that waits', 'token/not-yet-valid', { nbf: now + 900, exp: now + 4500 }],
    ['a slash too many', 'token/issuer-differs', { iss: 'https://oidc.example.com/' }],
    ['a pod default', 'token/api-server-audience', { aud: ['https://kubernetes.default.svc'] }],
    ['no kid', 'token/kid-missing', {}, { kid: undefined }],
    ['PS256', 'token/algorithm', {}, { alg: 'PS256' }],
    ['a fraction', 'token/time-not-integer', { exp: now + 3600.5 }],
    ['a long sub', 'token/subject-length', { sub: `${SUB}-${'a'.repeat(240)}` }],
  ])('%s: %s', async (_, id, claims, header) => {
    const { findings } = await inspect(token(claims, header))
    expect(findings[0]).toMatchObject({ id, severity: 'high' })
  })

  test('a changed payload, by whichever keys', async () => {
    const [header = '', , signature = ''] = token().split('.')
    const changed = `${header}.${token({ sub: `${SUB}-admin` }).split('.')[1]}.${signature}`
    for (const keys of [[], ['--issuer', issuer], ['--public-key', 'keys/sa-signer.pub']]) {
      expect(await inspect(changed, keys)).toMatchObject({
        signature: 'invalid',
        findings: [{ id: 'token/signature-wrong', severity: 'high' }],
      })
    }
  })

  test('a kid that the key does not have', async () => {
    expect(await inspect(token({}, { kid: 'signer-1' }))).toMatchObject({
      signature: 'valid',
      findings: [{ id: 'token/kid-differs', severity: 'high' }],
    })
  })

  test('in words as well, with exit 1 and the command that mends it', async () => {
    await writeFile(join(place.cwd, 'token'), token({ aud: ['vault'] }))
    const ended = await place.run(['inspect-token', 'token'])
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.stdout).toMatch(/^fail token: Its aud is "vault"/m)
    expect(ended.stdout).toContain(
      'kubectl create token checkout -n shop --audience sts.amazonaws.com > token',
    )
    expect(ended.stdout).toMatch(/^STS would refuse it\.$/m)
  })

  test('what claims hold cannot play tricks with the terminal', async () => {
    const name = 'evil\u001b[2J\u202e'
    await writeFile(join(place.cwd, 'token'), token({ sub: name, [name]: name }))
    const ended = await place.run(['inspect-token', 'token'])
    for (const sign of ['\u001b', '\u202e']) {
      expect(ended.stdout + ended.stderr).not.toContain(sign)
    }
  })
})

describe('a token of the cluster', () => {
  const ASK = ['inspect-token', '--service-account', 'shop/checkout', '-o', 'json']
  const CREATE = 'create token checkout -n shop --audience'

  test('is asked for, bound to the pod, and printed no more than any other', async () => {
    const text = token()
    const call = `${CREATE} sts.amazonaws.com --bound-object-kind Pod --bound-object-name checkout-1`
    const env = await standInKubectl(place.cwd, { [call]: text })
    const ended = await place.run([...ASK, '--pod', 'checkout-1'], env)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ signature: 'valid', findings: [] })
    expectSilence(ended, text)
    expect(await readFile(join(place.cwd, 'kubectl.log'), 'utf8')).toBe(`${call}\n`)
  })

  test('is for the audience that is named', async () => {
    const text = token({ aud: ['amazonaws.com'] })
    const env = await standInKubectl(place.cwd, { [`${CREATE} amazonaws.com`]: text })
    const ended = await place.run([...ASK, '--audience', 'amazonaws.com'], env)
    expect(ended.json()).toMatchObject({ findings: [] })
  })

  test('is a problem where there is none', async () => {
    const said = 'error: failed to create token: serviceaccounts "checkout" not found'
    const env = await standInKubectl(place.cwd, {}, said)
    expectProblem(await place.run(ASK, env), { code: 'kubectl/failed', exit: 1, says: [said] })
    const odd = await standInKubectl(place.cwd, { [`${CREATE} sts.amazonaws.com`]: 'hunter2' })
    const ended = await place.run(ASK, odd)
    expectProblem(ended, { code: 'token/not-printed', exit: 1, says: ['kubectl create token'] })
    expect(ended.stderr).not.toContain('hunter2')
  })
})

describe('is refused, with exit 2', () => {
  test.each([
    [[], 'token/source-missing'],
    [['--pod', 'a'], 'usage/flag-missing'],
    [['token', '--service-account', 'shop/checkout'], 'usage/flags-conflict'],
    [['token', '--pod', 'a'], 'usage/flags-conflict'],
    [['--service-account', 'checkout'], 'service-account/invalid'],
    [['nowhere'], 'files/missing'],
    [['token', '--public-key', 'nowhere.pub'], 'files/missing'],
    [['token', '--public-key', 'keys/sa-signer.key'], 'key/private-given'],
    [['token', '--issuer', 'oidc.example.com'], 'issuer/not-a-url'],
    [['token', '--audience', ''], 'provider/audience-invalid'],
  ])('%j: %s', async (args, code) => {
    await writeFile(join(place.cwd, 'token'), token())
    await expectRefusal(place, ['inspect-token', ...args], { code, exit: 2, says: [] })
  })

  test.each([
    ['a file of 1 MB', 'a'.repeat(1024 * 1024), 'token/too-long'],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\n', 'token/mistaken'],
    ['nothing', '', 'token/empty'],
    ['an opaque text', 'abcdef', 'token/not-a-jwt'],
  ])('%s, by verify as well', async (_, text, code) => {
    await writeFile(join(place.cwd, 'token'), text)
    await expectRefusal(place, ['inspect-token', 'token'], { code, exit: 2, says: [] })
    await expectRefusal(place, ['verify', '--token', 'token'], { code, exit: 2, says: [] })
  })

  test('a token with line breaks, and what is printed mends it', async () => {
    await writeFile(join(place.cwd, 'token'), token().replace(/.{76}/g, '$&\n'))
    const expected = {
      code: 'token/line-break',
      exit: 2,
      says: ['character 76 of line 1'],
    } as const
    const text = await expectRefusal(place, ['inspect-token', 'token'], expected)
    const command = /: (tr .*)$/m.exec(text)?.[1] ?? 'false'
    execFileSync('sh', ['-c', command], { cwd: place.cwd })
    const mended = await place.run(['inspect-token', 'token.jwt', '-o', 'json'])
    expect(mended.json()).toMatchObject({ signature: 'valid' })
  })
})

test('an irsa.yaml of another issuer is what the token is held against', async () => {
  await writeFile(join(place.cwd, 'other.yaml'), configText())
  const found = await inspect(token(), ['--config', 'other.yaml'])
  expect(found.findings.map(({ id }) => id)).toContain('token/issuer-differs')
})
