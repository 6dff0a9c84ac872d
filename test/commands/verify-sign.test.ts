import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { ACCOUNT_NAME, trustingRole, placeWithIssuer } from '../support/trusting-role.ts'
import { runPrinted, verify } from '../support/verified.ts'

let place: Workplace

beforeAll(async () => {
  place = await placeWithIssuer()
})

afterAll(() => place[Symbol.asyncDispose]())

test('with the private key alone the AWS side is proved, and what remains is said', async () => {
  const { arn } = trustingRole(place)
  const found = await verify(place, [
    '--sign',
    '--service-account',
    ACCOUNT_NAME,
    '--role-arn',
    arn,
  ])
  expect(found.ok).toBe(true)
  const notable = found.links
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
  expect(notable).toEqual([])
  const sts = found.link('sts')
  expect(sts.status).toBe('pass')
  const [signed] = sts.findings
  expect(signed).toMatchObject({ id: 'sts/signed-here', severity: 'info' })
  expect(signed?.why).toContain('What remains is that the API server signs with this key')
  const flags = await runPrinted(place, signed?.command ?? 'false')
  expect(flags.code).toBe(0)
  expect(flags.stdout).toContain('service-account-issuer')
})

test('the account and the audience can be told from the role itself', async () => {
  const { arn } = trustingRole(place)
  const found = await verify(place, ['--sign', '--role-arn', arn])
  expect(found.link('sts').status).toBe('pass')
  expect(found.link('role').summary).toContain('shop/checkout')
})

test('without an irsa.yaml, flags say it all', async () => {
  const { arn, claims } = trustingRole(place)
  const file = join(place.cwd, 'irsa.yaml')
  await rename(file, `${file}.away`)
  const found = await verify(place, [
    '--issuer',
    `https://${claims}`,
    '--signing-key',
    'keys/sa-signer.key',
    '--service-account',
    ACCOUNT_NAME,
    '--role-arn',
    arn,
  ])
  await rename(`${file}.away`, file)
  expect(found.link('sts').status).toBe('pass')
  expect(found.link('sts').findings[0]?.command).toContain(`--issuer https://${claims}`)
})

test('a key that is not published proves nothing', async () => {
  const { arn } = trustingRole(place)
  expect(await place.run(['generate-keypair', '--out-dir', 'other'])).toMatchObject({ code: 0 })
  const found = await verify(place, [
    '--signing-key',
    'other/sa-signer.key',
    '--service-account',
    ACCOUNT_NAME,
    '--role-arn',
    arn,
  ])
  expect(found.ok).toBe(false)
  expect(found.link('sts').findings[0]?.id).toBe('sts/verification-key')
})
