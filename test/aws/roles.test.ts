import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, test } from 'vitest'
import { ACCOUNT, iam, moto, requestsDuring, withoutMoto, writesDuring } from './moto.ts'
import { changed, openWorkspace, type Workspace } from './workspace.ts'

// moto has none of AWS's own policies, unless it is told to load them all.
const READ_S3 = `arn:aws:iam::${ACCOUNT}:policy/ReadS3`
const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::b/ü%+ &*' }],
}

/** The provider of an issuer of its own, and the flag that names it. */
async function providerOf(ci: Workspace, path: string) {
  const issuer = `${moto.endpoint}/${path}`
  await ci.json('create-provider', '--issuer', issuer, '--thumbprint', 'none')
  const claims = issuer.replace('https://', '')
  const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${claims}`
  return { flags: ['--issuer', issuer], claims, arn }
}

const decoded = (text = '') => JSON.parse(decodeURIComponent(text))

describe.skipIf(withoutMoto)('roles on moto', () => {
  beforeAll(async () => {
    const PolicyDocument = JSON.stringify({
      ...POLICY,
      Statement: { ...POLICY.Statement[0], Resource: '*' },
    })
    await iam.send(new CreatePolicyCommand({ PolicyName: 'ReadS3', PolicyDocument }))
  })

  test('create-role makes one, again writes nothing, and delete-role takes it away', async () => {
    await using ci = await openWorkspace()
    const { flags, claims, arn } = await providerOf(ci, 'roles')
    await writeFile(join(ci.folder, 's3.json'), JSON.stringify(POLICY, undefined, 2))
    const create = [
      'create-role',
      'shop/checkout',
      ...flags,
      '--policy-arn',
      READ_S3,
      '--policy-file',
      's3.json',
      '--path',
      '/team/',
    ]
    const made = await ci.json(...create)
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/team/shop-checkout`
    expect(made).toMatchObject({ kind: 'Applied', roleArn })
    const RoleName = 'shop-checkout'
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    expect(Role).toMatchObject({
      Arn: roleArn,
      Tags: [
        { Key: 'managed-by', Value: 'irsa' },
        { Key: 'irsa:issuer', Value: claims },
      ],
    })
    expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(made.trustPolicy)
    expect(made.trustPolicy.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: arn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${claims}:aud`]: 'sts.amazonaws.com',
            [`${claims}:sub`]: 'system:serviceaccount:shop:checkout',
          },
        },
      },
    ])
    const inline = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'irsa-s3' }))
    expect(decoded(inline.PolicyDocument)).toEqual(POLICY)
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
    expect(attached.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn)).toEqual([READ_S3])
    expect(await writesDuring(() => ci.json(...create))).toEqual([])

    const gone = await ci.json('delete-role', 'shop/checkout', ...flags, '--yes')
    expect(gone).toMatchObject({ kind: 'Destroyed', left: [] })
    await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
    expect(await writesDuring(() => ci.json('delete-role', 'shop/checkout', ...flags))).toEqual([])
  })

  test('a role of somebody else is adopted when asked, and keeps its own', async () => {
    await using ci = await openWorkspace()
    const { flags } = await providerOf(ci, 'adopted')
    const RoleName = 'by-hand'
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }
    const AssumeRolePolicyDocument = JSON.stringify(trust)
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_S3 }))
    const create = ['create-role', 'shop/checkout', '--role-name', RoleName, ...flags]
    expect(await ci.problem(...create)).toMatchObject({ code: 'role/foreign', exit: 2 })
    expect(changed(await ci.json(...create, '--adopt'))).toEqual([`update role ${RoleName}`])
    expect(await writesDuring(() => ci.json(...create))).toEqual([])
    await ci.json('delete-role', '--role-name', RoleName, ...flags, '--yes')
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
    expect(decoded(Role?.AssumeRolePolicyDocument)).toEqual(trust)
    expect(Role?.Tags ?? []).toEqual([])
  })

  test('a policy that does not exist is named', async () => {
    await using ci = await openWorkspace()
    const { flags } = await providerOf(ci, 'missing')
    const missing = `arn:aws:iam::${ACCOUNT}:policy/Nobody`
    expect(
      await ci.problem('create-role', 'shop/missing', '--policy-arn', missing, ...flags),
    ).toMatchObject({ code: 'policy/missing', why: expect.stringContaining(missing) })
  })

  test('many roles of irsa.yaml are read with one request', async () => {
    await using ci = await openWorkspace()
    await ci.init('--name', 'many')
    const path = join(ci.folder, 'irsa.yaml')
    await writeFile(join(ci.folder, 's3.json'), JSON.stringify(POLICY))
    const roles = Array.from({ length: 12 }, (_, at) => ({
      serviceAccounts: [`shop/a${at}`],
      policyArns: [READ_S3],
      policyFiles: ['s3.json'],
      permissionsBoundary: READ_S3,
    }))
    await writeFile(path, `${await readFile(path, 'utf8')}roles: ${JSON.stringify(roles)}\n`)
    const applied = await ci.json('apply', '--yes')
    expect(changed(applied)).toEqual(roles.map((_, at) => `create role many-shop-a${at}`))
    const again = await requestsDuring(async () => {
      expect(changed(await ci.json('apply', '--yes'))).toEqual([])
    })
    const ofRoles = again.map(({ what }) => what).filter((what) => /Role|Authorization/.test(what))
    expect(ofRoles).toEqual(['iam GetAccountAuthorizationDetails'])
    await ci.json('destroy', '--confirm', 'many')
    await expect(iam.send(new GetRoleCommand({ RoleName: 'many-shop-a0' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })
})
