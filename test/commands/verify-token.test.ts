import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { publicKeyOf } from '../../src/core/public-key.ts'
import type { Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import {
  encodeToken,
  issuerPlace,
  kubeClaims,
  seconds,
  signedToken,
  type Signer,
} from '../support/tokens.ts'
import { rsa } from '../support/signers.ts'
import { expectFault, type Fault, runPrinted, verify } from '../support/verified.ts'

const SUB = 'system:serviceaccount:shop:checkout'
const CREATE_TOKEN = 'create token checkout -n shop --audience sts.amazonaws.com'

let place: Workplace
let env: { readonly PATH: string }
let issuer: string
let signer: Signer

beforeAll(async () => {
  ;({ place, issuer, signer } = await issuerPlace())
})

beforeEach(async () => {
  env = await standInKubectl(place.cwd, { [CREATE_TOKEN]: token() })
})

afterAll(() => place[Symbol.asyncDispose]())

/** A token as the API server of this issuer makes it, but for what is changed. */
const token = (claims: object = {}, header: object = {}, by = signer): string =>
  signedToken(
    { alg: 'RS256', kid: by.kid, ...header },
    { ...kubeClaims({ issuer, sub: SUB, audience: 'sts.amazonaws.com' }), ...claims },
    by.key,
  )

const put = (text: string) => writeFile(join(place.cwd, 'token'), `${text}\n`)
const ARGS = ['--token', 'token', '--no-cluster']

const expectTokenFault = (
  row: Omit<Fault, 'link' | 'inject'>,
  text: () => string,
): Promise<unknown> =>
  expectFault(place, { link: 'token', args: ARGS, env, ...row, inject: () => put(text()) })

describe('a token that is right', () => {
  test('passes, and so does all that STS would look at before', async () => {
    await put(token())
    const { link, findings, ended } = await verify(place, ARGS, env)
    expect(link('token')).toMatchObject({ status: 'pass', fix: '' })
    expect(link('token').summary).toMatch(
      /^shop\/checkout for sts\.amazonaws\.com, until 20.*Z, signed by kid/,
    )
    expect(findings.filter((id) => id.startsWith('token/'))).toEqual([])
    for (const part of token().split('.').slice(2)) expect(ended.stdout).not.toContain(part)
  })

  test.each([
    ['with typ', {}, { typ: 'JWT' }],
    ['without jti and nbf', { jti: undefined, nbf: undefined }, {}],
    ['whose aud is a text', { aud: 'sts.amazonaws.com' }, {}],
    ['that expired a minute ago', { exp: seconds() - 60 }, {}],
  ])('%s is not complained about from high on', async (_, claims, header) => {
    await put(token(claims, header))
    const { link } = await verify(place, ARGS, env)
    expect(link('token').status).toMatch(/pass|warn/)
  })

  test('may be signed by an EC key among several that are published', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    await writeFile(join(place.cwd, 'ec.pub'), pem)
    const added = await place.run(['publish-jwks', '--public-key', 'ec.pub', '--yes'])
    expect(added, added.stderr).toMatchObject({ code: 0 })
    const { kid } = await publicKeyOf(createPublicKey(pem), 'ec.pub')
    await put(token({}, { alg: 'ES256' }, { key: privateKey, kid }))
    const { link } = await verify(place, ARGS, env)
    expect(link('token')).toMatchObject({ status: 'pass', summary: expect.stringContaining(kid) })
  })
})

describe('what is wrong with a token is named, and a new one mends it', () => {
  const now = seconds()
  test.each<[string, string, object, object?]>([
    ['it has expired', 'token/expired', { iat: now - 7200, nbf: now - 7200, exp: now - 3600 }],
    ['it is not valid yet', 'token/not-yet-valid', { nbf: now + 3600, exp: now + 7200 }],
    ['it is for another audience', 'token/audience-differs', { aud: ['amazonaws.com'] }],
    [
      'it is a default token of a pod',
      'token/api-server-audience',
      { aud: ['https://kubernetes.default.svc'] },
    ],
    ['it has no aud', 'token/audience-missing', { aud: undefined }],
    ['it has another azp', 'token/audience-differs', { azp: 'somebody' }],
    ['its exp is a fraction', 'token/time-not-integer', { exp: now + 3600.5 }],
    ['its iat is a text', 'token/time-not-integer', { iat: `${now}` }],
    ['it has no exp', 'token/exp-missing', { exp: undefined }],
    ['it has no iat', 'token/iat-missing', { iat: undefined }],
    ['its header has no kid', 'token/kid-missing', {}, { kid: undefined }],
    [
      'it is of another issuer',
      'token/issuer-differs',
      { iss: 'https://kubernetes.default.svc.cluster.local' },
    ],
    ['it is signed with PS256', 'token/algorithm', {}, { alg: 'PS256' }],
  ])('%s: %s', async (name, finding, claims, header) => {
    await expectTokenFault({ fault: `token: ${name}`, finding }, () => token(claims, header))
  })

  test('it is a legacy token of a secret', async () => {
    const claims = {
      iss: 'kubernetes/serviceaccount',
      'kubernetes.io/serviceaccount/namespace': 'shop',
      'kubernetes.io/serviceaccount/secret.name': 'checkout-token-x2x2x',
      sub: SUB,
    }
    const legacy = () => signedToken({ alg: 'RS256', kid: signer.kid }, claims, signer.key)
    await expectTokenFault({ fault: 'token: legacy', finding: 'token/legacy' }, legacy)
  })

  test('it is signed by a key that is not published', async () => {
    const stranger = { key: rsa(), kid: 'iIU6pV3EaBvdKxUKUhyqMGnYwfW4GZ2hJWqfqKk_U5A' }
    await expectTokenFault(
      { fault: 'token: signed by a key that is not published', finding: 'token/key-unknown' },
      () => token({}, {}, stranger),
    )
  })

  test('its payload was changed afterwards', async () => {
    const tampered = () => {
      const [header = '', , signature] = token().split('.')
      const [, payload] = token({ exp: seconds() + 7200 }).split('.')
      return `${header}.${payload}.${signature}`
    }
    const finding = 'token/signature-wrong'
    await expectTokenFault({ fault: 'token: payload changed', finding }, tampered)
  })

  test('it names another key than the one that signed it', async () => {
    const finding = 'token/kid-differs'
    await expectTokenFault({ fault: 'token: kid of another key', finding }, () =>
      token({}, { kid: 'abc' }),
    )
  })

  test.each([
    ['none', { alg: 'none' }, ''],
    ['HS256', { alg: 'HS256', kid: 'abc' }, 'c2lnbmF0dXJl'],
    ['EdDSA', { alg: 'EdDSA', kid: 'abc' }, 'c2lnbmF0dXJl'],
  ])('its alg is %s', async (alg, header, signature) => {
    const claims = kubeClaims({ issuer, sub: SUB, audience: 'sts.amazonaws.com' })
    await expectTokenFault({ fault: `token: alg ${alg}`, finding: 'token/algorithm' }, () =>
      encodeToken(header, claims, signature),
    )
  })

  test('it is of another service account', async () => {
    await expectTokenFault(
      {
        fault: 'token: of another service account',
        finding: 'token/other-service-account',
        args: [...ARGS, '--service-account', 'shop/checkout'],
      },
      () => token({ sub: 'system:serviceaccount:shop:cart' }),
    )
  })
})

describe('what a new token does not mend', () => {
  const byHand = 'the API server has to spell its issuer otherwise'

  test.each([
    ['a slash', (url: string) => `${url}/`],
    ['case', (url: string) => url.replace('https://l', 'https://L')],
    ['the scheme', (url: string) => url.replace('https', 'http')],
  ])('an issuer that differs by %s is marked', async (by, spelt) => {
    const finding = 'token/issuer-differs'
    await expectTokenFault({ fault: `token: iss differs by ${by}`, finding, byHand }, () => {
      expect(spelt(issuer)).not.toBe(issuer)
      return token({ iss: spelt(issuer) })
    })
    const { link } = await verify(place, ARGS, env)
    expect(link('token').summary).toContain(by)
    expect(link('token').why).toMatch(/\^/)
    expect(link('token').fix).toContain('irsa print-apiserver-flags --for auto')
  })

  test('a sub that is too long', async () => {
    const sub = `system:serviceaccount:shop:${'a'.repeat(240)}`
    const byName = 'a service account cannot be renamed'
    await expectTokenFault(
      { fault: 'token: sub too long', finding: 'token/subject-length', byHand: byName },
      () => token({ sub }),
    )
  })

  test('a clock that is ahead', async () => {
    const ahead = seconds() + 600
    await expectTokenFault(
      { fault: 'token: clock skew', finding: 'token/clock-skew', byHand: 'a clock of a machine' },
      () => token({ iat: ahead, nbf: ahead, exp: ahead + 3600 }),
    )
  })
})

describe('a token of the cluster', () => {
  const ASK = ['--service-account', 'shop/checkout']

  test('is asked for with the audience of irsa.yaml', async () => {
    const { link } = await verify(place, ASK, env)
    expect(link('token')).toMatchObject({ status: 'pass' })
    expect(link('token').summary).toMatch(
      /^shop\/checkout for sts\.amazonaws\.com, good for 1 hour, signed/,
    )
  })

  test('is bound to the pod that is named', async () => {
    const pod = { name: 'checkout-6c9f7', uid: randomUUID() }
    const bound = token({ 'kubernetes.io': { namespace: 'shop', pod } })
    const call = `${CREATE_TOKEN} --bound-object-kind Pod --bound-object-name ${pod.name}`
    env = await standInKubectl(place.cwd, { [call]: bound })
    const { link, ended } = await verify(place, [...ASK, '--pod', pod.name], env)
    expect(link('token').status).toBe('pass')
    expect(ended.stdout).toContain(`the pod ${pod.name}`)
  })

  test('that is refused leaves the link out, with what kubectl said', async () => {
    const said = 'error: failed to create token: serviceaccounts "checkout" not found'
    const others = {
      'config current-context': 'here',
      'get --raw /version': { gitVersion: 'v1.34.1' },
    }
    env = await standInKubectl(place.cwd, others, said)
    const { link } = await verify(place, ASK, env)
    expect(link('token')).toMatchObject({ status: 'skip', summary: expect.stringContaining(said) })
  })

  test('that is no token is not printed', async () => {
    env = await standInKubectl(place.cwd, { [CREATE_TOKEN]: 'c2VjcmV0IGJ1dCBubyB0b2tlbg' })
    const { link, ended } = await verify(place, ASK, env)
    expect(link('token')).toMatchObject({ status: 'skip' })
    expect(ended.stdout).not.toContain('c2VjcmV0')
  })

  test('that was stamped by a slow clock is remarked', async () => {
    const past = seconds() - 200
    const slow = token({ iat: past, nbf: past, exp: past + 3600 })
    env = await standInKubectl(place.cwd, { [CREATE_TOKEN]: slow })
    const { link } = await verify(place, ASK, env)
    expect(link('token')).toMatchObject({ status: 'warn' })
    expect(link('token').summary).toMatch(/behind the one of this machine/)
  })
})

describe('a token that is signed here', () => {
  test('is of the service account that is named', async () => {
    const { link } = await verify(place, ['--sign', '--service-account', 'shop/checkout'], env)
    expect(link('token')).toMatchObject({ status: 'pass' })
    expect(link('token').summary).toContain(
      'shop/checkout for sts.amazonaws.com, good for 10 minutes',
    )
  })

  test('needs a service account, and says so', async () => {
    const { link } = await verify(place, ['--sign'], env)
    expect(link('token').status).toBe('skip')
    expect(link('token').fix).toContain('--service-account')
  })

  test('is of the first one that irsa.yaml names whole', async () => {
    const file = join(place.cwd, 'irsa.yaml')
    const before = await readFile(file, 'utf8')
    const role = 'name: everybody, serviceAccounts: [shop/*], allowWildcard: true'
    const roles = `roles: [{ ${role} }, { serviceAccounts: [shop/checkout] }]\n`
    await writeFile(file, before + roles)
    const { link } = await verify(place, ['--sign'], env)
    await writeFile(file, before)
    expect(link('token').summary).toContain('shop/checkout for sts.amazonaws.com')
  })

  test('is of the one that the trust policy names', async () => {
    const role = await place.run(['create-role', 'shop/cart', '--yes', '-o', 'json'])
    const { roleArn } = role.json<{ roleArn: string }>()
    const { link } = await verify(place, ['--sign', '--role-arn', roleArn], env)
    expect(link('token').summary).toContain('shop/cart for sts.amazonaws.com')
  })
})

test('without a token the link says what it would take', async () => {
  const { link } = await verify(place, ['--no-cluster'], env)
  expect(link('token')).toMatchObject({ status: 'skip' })
  expect(link('token').fix).toContain('--token')
})

test('where the key of irsa.yaml is not published, that is what mends the token', async () => {
  const [bucket] = place.aws.state.buckets.values()
  const versions = bucket?.objects.get('keys.json') ?? []
  expect(versions[0]).toBeDefined()
  versions[0] = { ...versions[0]!, body: Buffer.from('{"keys":[]}'), checksums: {} }
  await put(token())
  const broken = await verify(place, ARGS, env)
  const [finding] = broken.link('token').findings
  expect(finding).toMatchObject({ id: 'token/key-unknown', command: 'irsa apply' })
  const mending = await runPrinted(place, finding?.command ?? 'false', env)
  expect(mending, mending.stderr).toMatchObject({ code: 0 })
  expect((await verify(place, ARGS, env)).link('token').status).toBe('pass')
})
