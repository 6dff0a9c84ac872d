import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changingNothing, expectRefusal } from '../support/problems.ts'
import {
  allowing,
  describedRole,
  ISSUER,
  placeWithProvider,
  putPolicy,
  putRole,
  READ_S3,
  TRUST_BY_HAND,
  trusting,
} from '../support/roles.ts'
import { configText } from '../support/signers.ts'

const CHECKOUT = 'system:serviceaccount:shop:checkout'
const FROM = ['--issuer', ISSUER]
const DELETE = ['delete-role', 'shop/checkout', ...FROM]

describe('delete-role', () => {
  test('takes a role that irsa made away, with everything on it, and again finds nothing', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    const flags = ['--policy-arn', READ_S3, '--policy-file', 's3.json']
    await place.run(['create-role', 'shop/checkout', ...FROM, ...flags])
    const role = place.aws.state.roles.get('shop-checkout')!
    role.inline.set('by-hand', JSON.stringify(allowing('s3:*')))
    await expectRefusal(place, DELETE, { code: 'usage/yes-required', exit: 2, says: ['--yes'] })
    const shown = await changingNothing(place, () => place.run([...DELETE, '--dry-run']))
    expect(shown.stdout).toContain('- role  shop-checkout  shop/checkout: no credentials any more')
    expect(shown.stdout).toContain('its inline policy by-hand goes too')
    const ended = await place.run([...DELETE, '--yes', '-o', 'json'])
    expect(ended.json()).toMatchObject({
      kind: 'Destroyed',
      issuer: ISSUER,
      changes: [{ action: 'delete', resource: 'role', id: 'shop-checkout' }],
      left: [],
    })
    expect(place.aws.state.roles.size).toBe(0)
    const again = await changingNothing(place, () => place.run(DELETE))
    expect(again).toMatchObject({ code: 0, stdout: '' })
    expect(again.stderr).toContain('There is no role shop-checkout.')
  })

  test('an adopted role only loses what irsa put there', async () => {
    await using place = await placeWithProvider()
    const tags = [{ key: 'team', value: 'shop' }]
    const inline = new Map([['by-hand', JSON.stringify(allowing('s3:*'))]])
    putRole(place, { name: 'app', tags, inline })
    const before = describedRole(place, 'app')
    await putPolicy(place, 's3.json')
    const role = ['--role-name', 'app', ...FROM]
    await place.run([
      'create-role',
      'shop/checkout',
      ...role,
      '--adopt',
      '--policy-file',
      's3.json',
    ])
    expect(describedRole(place, 'app')).not.toEqual(before)
    const ended = await place.run(['delete-role', ...role, '--yes'])
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toContain('changed  role  app')
    expect(describedRole(place, 'app')).toEqual(before)
    const again = await changingNothing(place, () => place.run(['delete-role', ...role]))
    expect(again.stdout).toContain('kept     role  app  stays, since irsa did not make it')
  })

  test('a trust policy that was ours alone lets nobody in afterwards', async () => {
    await using place = await placeWithProvider()
    const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement: [trusting(CHECKOUT)] })
    putRole(place, { name: 'app', trustPolicy })
    const role = ['--role-name', 'app', ...FROM]
    await place.run(['create-role', 'shop/checkout', ...role, '--adopt'])
    const ended = await place.run(['delete-role', ...role, '--yes'])
    expect(ended.stderr).toContain('nobody can assume it then')
    expect(describedRole(place, 'app')).toMatchObject({
      trust: { Statement: [{ Effect: 'Deny', Principal: { AWS: '*' } }] },
      tags: {},
    })
  })

  test('a role of somebody else stays as it is', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'shop-checkout' })
    const ended = await changingNothing(place, () => place.run([...DELETE, '--yes', '-o', 'json']))
    expect(ended.json()).toMatchObject({
      kind: 'Destroyed',
      changes: [{ action: 'none' }],
      left: [],
    })
    expect(describedRole(place, 'shop-checkout')?.trust).toEqual(TRUST_BY_HAND)
  })

  test('a role that machines run with, and one that others have the name of, are refused', async () => {
    await using place = await placeWithProvider()
    await place.run(['create-role', 'shop/check-out', ...FROM])
    await expectRefusal(place, ['delete-role', 'shop-check/out', ...FROM, '--yes'], {
      code: 'role/more-accounts',
      exit: 2,
      says: ['shop/check-out', '--role-name shop-check-out'],
    })
    place.aws.state.roles.get('shop-check-out')!.instanceProfiles.add('nodes')
    await expectRefusal(place, ['delete-role', 'shop/check-out', ...FROM, '--yes'], {
      code: 'role/in-instance-profile',
      exit: 1,
      says: ['nodes', 'remove-role-from-instance-profile'],
    })
    await expectRefusal(place, ['delete-role', ...FROM], { code: 'usage/flag-missing', exit: 2 })
  })

  test('says that irsa.yaml would bring it back', async () => {
    await using place = await placeWithProvider()
    const roles = [{ name: 'shop', serviceAccounts: ['shop/checkout', 'shop/refund'] }]
    await writeFile(join(place.cwd, 'irsa.yaml'), configText({ roles }))
    expect(await place.run(['create-role', 'shop/refund'])).toMatchObject({ code: 0 })
    await expectRefusal(place, ['delete-role', 'shop/checkout', '--yes'], {
      code: 'role/more-accounts',
      exit: 2,
      says: ['shop/refund', '--role-name shop'],
    })
    const ended = await place.run(['delete-role', 'shop/checkout', 'shop/refund', '--yes'])
    expect(ended.stderr).toContain('It stands in irsa.yaml')
    expect(place.aws.state.roles.size).toBe(0)
  })
})
