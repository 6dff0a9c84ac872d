import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { parseServiceAccount } from '../../src/core/service-account.ts'
import { signToken } from '../../src/core/token.ts'
import { startIrsa, workplace, type Workplace } from '../support/cli.ts'
import { expectRefusal } from '../support/problems.ts'
import { TRUST_BY_HAND } from '../support/roles.ts'

const CREATE = ['create-role', 'shop/checkout', '--token']

/** A token of the issuer at hand, as kube-apiserver would sign it. */
async function tokenFor({ cwd, aws }: Workplace, account: string): Promise<string> {
  const file = 'keys/sa-signer.key'
  const key = await readPrivateKey(await readFile(join(cwd, file), 'latin1'), file)
  const bucket = [...aws.state.buckets.keys()][0] ?? ''
  return signToken(key, {
    issuer: parseIssuer(`${aws.url}/${bucket}`, { portAllowed: true }),
    serviceAccount: parseServiceAccount(account),
    audience: 'sts.amazonaws.com',
    issuedAt: new Date(),
    lifetimeSeconds: 600,
    id: '2f9f7bd2-6b1c-4e5a-9d8b-0b1c2d3e4f50',
  })
}

/** STS hears of the role's trust policy a while after IAM has taken it. */
async function propagating({ aws }: Workplace): Promise<void> {
  const { roles } = aws.state
  while (!roles.has('blue-shop-checkout')) await setTimeout(1)
  const role = roles.get('blue-shop-checkout')!
  const trust = role.trustPolicy
  role.trustPolicy = JSON.stringify(TRUST_BY_HAND)
  await setTimeout(1500)
  role.trustPolicy = trust
}

test('with a token it waits until STS gives credentials for it, and shows neither', async () => {
  await using place = await workplace()
  expect(await place.run(['init', '--name', 'blue', '--yes'])).toMatchObject({ code: 0 })
  const token = await tokenFor(place, 'shop/checkout')
  const other = await tokenFor(place, 'shop/other')
  await writeFile(join(place.cwd, 'token'), other)
  await expectRefusal(place, [...CREATE, 'token'], {
    code: 'role/token-unfit',
    exit: 2,
    says: ['shop/other', 'kubectl create token'],
  })
  const known = propagating(place)
  const env = { ...place.aws.env }
  const input = `${token}\n`
  const ended = await startIrsa([...CREATE, '-', '--debug'], { cwd: place.cwd, env, input }).ended
  expect(ended).toMatchObject({ code: 0 })
  await known
  const asked = place.aws.requests.filter(
    ({ operation }) => operation === 'AssumeRoleWithWebIdentity',
  )
  expect(asked.map(({ status }) => status).slice(0, 1)).toEqual([403])
  expect(asked.at(-1)?.status).toBe(200)
  expect(ended.stderr).toContain('credentials of assumed-role/blue-shop-checkout/irsa-create-role')
  expect(ended.stdout).toContain('kind: ServiceAccount')
  for (const part of token.split('.')) expect(ended.stdout + ended.stderr).not.toContain(part)

  // Whose documents are gone, nobody can tell a token of.
  for (const bucket of place.aws.state.buckets.values()) bucket.policy = undefined
  await writeFile(join(place.cwd, 'token'), token)
  const refused = await place.run([...CREATE, 'token', '-o', 'json'])
  expect(refused.problem()).toMatchObject({ code: 'role/token-refused', exit: 1 })
  expect(refused.stderr).not.toContain(token)
})
