import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { expectProblem } from '../support/problems.ts'
import { served } from '../support/published.ts'
import { standInSts } from '../support/stand-in-sts.ts'
import { issuerPlace, kubeClaims, signedToken, type Signer } from '../support/tokens.ts'
import { ACCOUNT_NAME, type TrustingRole, trustingRole } from '../support/trusting-role.ts'
import { expectFault, runPrinted, verify } from '../support/verified.ts'

let place: Workplace
let issuer: string
let signer: Signer
let role: TrustingRole

beforeAll(async () => {
  ;({ place, issuer, signer } = await issuerPlace())
})
beforeEach(() => {
  place.aws.state.roles.clear()
  role = trustingRole(place)
})
afterEach(() => place.aws.intercept(undefined))
afterAll(() => place[Symbol.asyncDispose]())

const token = (claims: object = {}): string =>
  signedToken(
    { alg: 'RS256', kid: signer.kid },
    { ...kubeClaims({ issuer, sub: role.sub, audience: role.aud }), ...claims },
    signer.key,
  )

const verifyToken = async (text: string, ...flags: string[]) => {
  await writeFile(join(place.cwd, 'tk'), text)
  return verify(place, ['--token', 'tk', '--no-cluster', ...flags])
}

describe('a role is not judged by an audience that is known to be wrong', () => {
  test.each([
    ['of the API server', ['https://kubernetes.default.svc']],
    ['of somebody else', ['vault']],
    ['empty', []],
    ['absent', undefined],
  ])('%s', async (_, aud) => {
    const found = await verifyToken(token({ aud }), '--role-arn', role.arn)
    expect(found.brokenLink).toMatch(/token|audience/)
    expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
    role.trust()
    const [kept] = (await verifyToken(token({ aud }), '--role-arn', role.arn)).link('role').findings
    expect(kept?.command ?? '').not.toMatch(/undefined|kubernetes\.default|vault/)
  })
})

test('a mistyped --audience is answered with the one that was meant', async () => {
  const flags = ['--sign', '--service-account', ACCOUNT_NAME, '--role-arn', role.arn]
  const found = await verify(place, [...flags, '--audience', 'sts.amazonaw.com'])
  expect(found.brokenLink).toBe('audience')
  const { command = '' } = found.link('audience').findings[0] ?? {}
  expect(command).toContain('irsa verify')
  expect(command).toContain('--audience sts.amazonaws.com')
  expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
  expect(await runPrinted(place, command)).toMatchObject({ code: 0 })
})

test('a condition that only STS can judge is the likely cause of its refusal', async () => {
  role.trust(
    role.with({
      Condition: { ...role.statement.Condition, IpAddress: { 'aws:SourceIp': '192.0.2.7/32' } },
    }),
  )
  const found = await verify(place, [
    '--sign',
    '--service-account',
    ACCOUNT_NAME,
    '--role-arn',
    role.arn,
  ])
  expect(found.link('role').status).toBe('pass')
  expect(found.link('sts').status).toBe('fail')
  expect(found.link('sts').why).toMatch(/The likely cause is .*IpAddress aws:SourceIp/)
})

describe('a workload for which nothing names a role', () => {
  const flags = ['--service-account', ACCOUNT_NAME, '--no-cluster']

  test('has none where there is none by the usual name either, and gets one by the command', async () => {
    place.aws.state.roles.clear()
    const broken = await expectFault(place, {
      fault: 'no role for the service account',
      link: 'role',
      finding: 'role/none-named',
      args: flags,
      inject: () => undefined,
    })
    expect(broken.link('role').summary).toBe(
      `No role is named for shop/checkout, and there is none called blue-shop-checkout in account ${place.aws.account}`,
    )
  })

  test('may have one, where these credentials may not look', async () => {
    place.aws.intercept(async ({ operation }) =>
      operation === 'GetRole'
        ? {
            kind: 'error',
            status: 403,
            code: 'AccessDenied',
            message: 'User: x is not authorized to perform: iam:GetRole on resource: role y',
          }
        : undefined,
    )
    const { status, summary, fix } = (await verify(place, flags)).link('role')
    expect(status).toBe('skip')
    expect(`${summary} ${fix}`).toMatch(/blue-shop-checkout could not be seen.*iam:GetRole/s)
  })

  test('is looked up once by its usual name', async () => {
    trustingRole(place, { name: 'blue-shop-checkout' })
    let looks = 0
    place.aws.intercept(async ({ operation }) => {
      if (operation === 'GetRole') looks += 1
      return undefined
    })
    expect((await verify(place, flags)).link('role').status).toBe('pass')
    expect(looks).toBe(1)
  })
})

test('a signature that is cut off is told by its length', async () => {
  const found = await verifyToken(token().slice(0, -20), '--role-arn', role.arn)
  expect(found.link('token').summary).toContain('Its signature is cut off: it has 241 bytes')
})

test('a public key is told to be one, whoever may read it', async () => {
  const ended = await place.run([
    'verify',
    '--sign',
    '--signing-key',
    'keys/sa-signer.pub',
    '-o',
    'json',
  ])
  expectProblem(ended, { code: 'key/public-given', exit: 2, says: ['sa-signer.pub'] })
})

describe('what is proposed next', () => {
  const said = async (args: readonly string[], env = {}): Promise<string> =>
    (await place.run(args, env)).stderr

  test('has no switch that a variable sets, and nothing twice', async () => {
    const file = join(place.cwd, 'irsa.yaml')
    expect(await readFile(file, 'utf8')).toContain('audiences')
    const text = await said(['verify', '--no-cluster'], { IRSA_YES: 'true' })
    expect(text).toContain('irsa verify --no-cluster')
    expect(text).not.toContain('--yes')
  })

  test('keeps the audience that inspect-token was given', async () => {
    await writeFile(join(place.cwd, 'tk'), token())
    const text = await said(['inspect-token', 'tk', '--audience', role.aud])
    expect(text).toContain(`irsa verify --token tk --audience ${role.aud}`)
  })
})

test('a thumbprint is only warned of where STS takes what it is presented', async () => {
  await using folder = await served()
  const trusted = trustingRole(folder)
  for (const provider of folder.aws.state.providers.values())
    provider.thumbprints = ['a'.repeat(40)]
  const flags = ['--sign', '--service-account', ACCOUNT_NAME, '--role-arn', trusted.arn]
  const refused = await verify(folder, flags, folder.env)
  expect(refused.link('tls')).toMatchObject({
    status: 'fail',
    findings: [{ id: 'tls/thumbprint-stale', severity: 'high' }],
  })
  expect(refused.link('sts').findings[0]?.id).toBe('sts/thumbprint')
  await using sts = await standInSts(folder.aws.account, ['credentials'])
  const found = await verify(folder, flags, { ...folder.env, ...sts.env })
  const [stale] = found.link('tls').findings
  expect(stale).toMatchObject({ id: 'tls/thumbprint-stale', severity: 'medium' })
  expect(stale?.command).toBeUndefined()
  expect(found.ok).toBe(true)
})
