import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal, writes } from '../support/problems.ts'
import {
  allowing,
  describedRole,
  placeWithProvider,
  putPolicy,
  putRole,
  READ_S3,
} from '../support/roles.ts'
import { configText } from '../support/signers.ts'

const INIT = ['init', '--name', 'blue', '--yes']
const APPLY = ['apply', '--yes']

/** An issuer that is up and running, and roles added to its irsa.yaml. */
async function issuerWith(roles: readonly object[]): Promise<Workplace> {
  const place = await workplace()
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  await addRoles(place, roles)
  return place
}

async function addRoles({ cwd }: Workplace, roles: readonly object[]): Promise<void> {
  const path = join(cwd, 'irsa.yaml')
  const [text = ''] = (await readFile(path, 'utf8')).split('# our roles\n')
  await writeFile(path, `${text}# our roles\nroles: ${JSON.stringify(roles)}\n`)
}

const roleNames = ({ aws }: Workplace): string[] =>
  [...aws.state.roles.values()].map(({ name }) => name).toSorted()

const TWO = [
  { serviceAccounts: ['shop/checkout'], policyFiles: ['s3.json'], policyArns: [READ_S3] },
  { name: 'apps', serviceAccounts: ['apps/*', 'shop/refund'], allowWildcard: true, path: '/team/' },
]

describe('roles in irsa.yaml', () => {
  test('are made after the provider, kept in line, and gone with the issuer', async () => {
    await using place = await issuerWith(TWO)
    await putPolicy(place, 's3.json')
    const planned = await place.run(['plan', '--exit-code', '-o', 'json'])
    expect(planned.code).toBe(3)
    expect(planned.json<{ changes: object[] }>().changes.slice(-2)).toEqual([
      { action: 'create', resource: 'role', id: 'blue-shop-checkout' },
      { action: 'create', resource: 'role', id: 'apps' },
    ])
    expect(await place.run(APPLY)).toMatchObject({ code: 0 })
    expect(describedRole(place, 'blue-shop-checkout')).toMatchObject({
      path: '/irsa/',
      tags: { 'managed-by': 'irsa', 'irsa:name': 'blue' },
      attached: [READ_S3],
      inline: { 'irsa-s3': allowing('s3:GetObject') },
    })
    expect(await place.run(['plan', '--exit-code'])).toMatchObject({ code: 0 })
    await changingNothing(place, () => place.run(INIT))

    const role = place.aws.state.roles.get('apps')!
    role.trustPolicy = role.trustPolicy.replace('apps:*', '*:*')
    const drift = await place.run(['plan', '--exit-code'])
    expect(drift.code).toBe(3)
    expect(drift.stdout).toContain('~ role')
    expect(await place.run(APPLY)).toMatchObject({ code: 0 })
    expect(role.trustPolicy).toContain('apps:*')

    const before = place.aws.requests.length
    const gone = await place.run(['destroy', '--confirm', 'blue', '-o', 'json'])
    expect(gone.json()).toMatchObject({ left: [] })
    const order = writes(place.aws.requests.slice(before))
    expect(order.lastIndexOf('DeleteRole')).toBeLessThan(
      order.indexOf('DeleteOpenIDConnectProvider'),
    )
    expect(roleNames(place)).toEqual([])
  })

  test('what is no longer wished goes, as far as it is ours', async () => {
    await using place = await issuerWith(TWO)
    await putPolicy(place, 's3.json')
    await place.run(APPLY)
    await addRoles(place, [{ serviceAccounts: ['shop/checkout'] }])
    const ended = await place.run(APPLY)
    expect(ended.stderr).toContain('removes the inline policy irsa-s3')
    expect(ended.stderr).toContain(`--policy-arn ${READ_S3}`)
    expect(describedRole(place, 'blue-shop-checkout')).toMatchObject({
      inline: {},
      attached: [READ_S3],
    })
  })

  test('a role of somebody else stops everything before it begins, or is adopted', async () => {
    await using place = await issuerWith([{ name: 'app', serviceAccounts: ['shop/checkout'] }])
    putRole(place, { name: 'app' })
    await expectRefusal(place, APPLY, { code: 'role/foreign', exit: 2 })
    const stays = await place.run(['destroy', '--confirm', 'blue', '--dry-run'])
    expect(stays.stdout).toContain('stays, since irsa did not make it')
    await addRoles(place, [{ name: 'app', serviceAccounts: ['shop/checkout'], adopt: true }])
    expect(await place.run(APPLY)).toMatchObject({ code: 0 })
    expect(await place.run(['destroy', '--confirm', 'blue'])).toMatchObject({ code: 0 })
    expect(describedRole(place, 'app')).toMatchObject({ tags: {}, inline: {} })
    expect(place.aws.state.buckets.size).toBe(0)
  })

  test('create-role takes from its entry what no flag says', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    await writeFile(join(place.cwd, 'irsa.yaml'), configText({ roles: TWO }))
    const ended = await place.run(['create-role', 'shop/checkout'])
    expect(ended).toMatchObject({ code: 0 })
    expect(describedRole(place, 'blue-shop-checkout')).toMatchObject({
      attached: [READ_S3],
      inline: { 'irsa-s3': allowing('s3:GetObject') },
    })
    expect(await place.run(['create-role', 'shop/refund'])).toMatchObject({ code: 0 })
    expect(describedRole(place, 'apps')?.trust.Statement).toHaveLength(2)
    await expectRefusal(place, ['create-role', 'shop/checkout', 'shop/other'], {
      code: 'role/not-in-file',
      exit: 2,
      says: ['shop/other', 'irsa.yaml'],
    })
    const other = await place.run(['create-role', 'shop/other', '--policy-file', 's3.json'])
    expect(other.stderr).toContain(
      'roles:\n  - serviceAccounts:\n      - shop/other\n    policyFiles:\n      - s3.json\n',
    )
  })

  test('what create-role says to put there is the role as it is', async () => {
    await using place = await placeWithProvider(['sts.amazonaws.com', 'vault'])
    const audiences = ['sts.amazonaws.com', 'vault']
    await writeFile(join(place.cwd, 'irsa.yaml'), configText({ audiences }))
    putRole(place, { name: 'app', path: '/team/' })
    const adopt = ['create-role', 'shop/checkout', '--role-name', 'app', '--adopt']
    const adopted = await place.run(adopt)
    expect(adopted.stderr).toContain('    path: /team/\n    adopt: true\n')
    const two = ['--audience', 'vault', '--audience', 'sts.amazonaws.com']
    const made = await place.run(['create-role', 'shop/refund', ...two])
    expect(made.stderr).toContain('one audience: irsa apply takes sts.amazonaws.com away')
  })

  test('flags that say something else are pointed out, since apply goes by the file', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    await putPolicy(place, 'other.json')
    await writeFile(join(place.cwd, 'irsa.yaml'), configText({ roles: TWO }))
    const args = ['create-role', 'shop/checkout', '--policy-arn', READ_S3, '--policy-file']
    const other = await place.run([...args, 'other.json'])
    expect(other.stderr).toContain('irsa.yaml says something else than --policy-file:')
    const same = await place.run([...args, 's3.json'])
    expect(same.stderr).not.toContain('something else')
  })

  test('are checked whole before anything is done', async () => {
    await using place = await placeWithProvider()
    await writeFile(join(place.cwd, 'bad.json'), '{"Statement": [}')
    const say = async (roles: readonly object[], code: string, says: (string | RegExp)[] = []) => {
      await writeFile(join(place.cwd, 'irsa.yaml'), configText({ roles }))
      await expectRefusal(place, APPLY, { code, exit: 2, says })
    }
    const one = { serviceAccounts: ['shop/a'] }
    await say([one, { name: 'b', ...one }], 'config/invalid-field', [
      /irsa\.yaml:\d+:\d+/,
      'roles.0',
    ])
    await say([one, { name: 'BLUE-shop-a', serviceAccounts: ['shop/b'] }], 'config/invalid-field', [
      'roles.1.name',
    ])
    await say([{ serviceAccounts: ['apps/*'], name: 'x' }], 'config/invalid-field', [
      'allowWildcard',
    ])
    await say([{ serviceAccounts: ['shop/a', 'shop/b'] }], 'config/invalid-field', ['needs a name'])
    await say([{ ...one, audience: 'vault' }], 'config/invalid-field', ['sts.amazonaws.com'])
    await say([{ ...one, policies: [] }], 'config/unknown-field', ['policyFiles'])
    await say([{ ...one, policyFiles: ['bad.json'] }], 'policy/malformed', ['bad.json:1:16'])
    await say([{ ...one, policyFiles: ['none.json'] }], 'files/missing', ['none.json'])
    await say([{ ...one, policyArns: ['arn:aws-cn:iam::aws:policy/X'] }], 'policy/elsewhere')
  })
})

describe('many roles', () => {
  const COUNT = 30
  const many = Array.from({ length: COUNT }, (_, at) => ({
    serviceAccounts: [`shop/a${at}`],
    policyArns: [READ_S3],
  }))
  const roleCalls = ({ aws }: Workplace, from: number) =>
    aws.requests.slice(from).filter(({ operation }) => /Role|Authorization/.test(operation))

  test('are read at once, made a few at a time, and written of once', async () => {
    await using place = await issuerWith(many)
    let now = 0
    let most = 0
    place.aws.intercept(async ({ operation }) => {
      if (operation !== 'CreateRole') return undefined
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setTimeout(resolve, 20))
      now -= 1
      return undefined
    })
    const start = place.aws.requests.length
    const ended = await place.run(APPLY)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stderr.match(/Bringing roles in line/g)).toHaveLength(1)
    expect(ended.stderr).toContain(`Bringing roles in line: ${COUNT}`)
    expect(most).toBeLessThanOrEqual(8)
    expect(most).toBeGreaterThan(1)
    expect(roleCalls(place, start)).toHaveLength(1 + 2 * COUNT)
    const again = place.aws.requests.length
    expect(await place.run(APPLY)).toMatchObject({ code: 0 })
    expect(roleCalls(place, again)).toHaveLength(1)
  })

  test('are read one by one where nobody may see all, and a failure stops the rest', async () => {
    await using place = await issuerWith(many)
    const message = 'User: x is not authorized to perform: iam:GetAccountAuthorizationDetails'
    place.aws.intercept(({ operation }) =>
      operation === 'GetAccountAuthorizationDetails'
        ? { kind: 'error', status: 403, code: 'AccessDenied', message }
        : undefined,
    )
    const start = place.aws.requests.length
    expect(await place.run(['plan', '--exit-code'])).toMatchObject({ code: 3 })
    expect(roleCalls(place, start).length).toBeGreaterThanOrEqual(COUNT)
    place.aws.intercept(({ operation, resource }) =>
      operation === 'CreateRole' && resource === 'blue-shop-a3'
        ? { kind: 'error', status: 400, code: 'UnmodifiableEntity', message: 'It is protected.' }
        : undefined,
    )
    const ended = await place.run([...APPLY])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('failed  Bringing roles in line')
    expect(roleNames(place).length).toBeLessThan(COUNT - 1)
    place.aws.intercept(undefined)
    expect(await place.run(APPLY)).toMatchObject({ code: 0 })
    expect(roleNames(place)).toHaveLength(COUNT)
    const gone = await place.run(['destroy', '--confirm', 'blue'])
    expect(gone.stderr).toContain(`Taking roles away: ${COUNT}`)
    expect(roleNames(place)).toEqual([])
  })
})
