import { createServer } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { X509Certificate } from 'node:crypto'
import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListRoles,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  TagRoleCommand,
  UntagOpenIDConnectProviderCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  UpdateRoleCommand,
  type CreateOpenIDConnectProviderCommandInput,
  type CreateRoleCommandInput,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'
import { clientsFor, refusal, sandboxForTests } from './clients.ts'

const sandbox = await sandboxForTests()
const { iam } = clientsFor(sandbox, { maxAttempts: 1 } as object)
const PRINT = 'a'.repeat(40)
const arnOf = (host: string): string => `arn:aws:iam::111122223333:oidc-provider/${host}`

const create = (Url: string, more: Partial<CreateOpenIDConnectProviderCommandInput> = {}) =>
  iam.send(new CreateOpenIDConnectProviderCommand({ Url, ThumbprintList: [PRINT], ...more }))
const get = (OpenIDConnectProviderArn: string) =>
  iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))

const trust = (more: object = {}): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: arnOf('a.example') },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'a.example:aud': 'sts.amazonaws.com' } },
        ...more,
      },
    ],
  })
const makeRole = (RoleName: string, more: Partial<CreateRoleCommandInput> = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(), ...more }))

test('a provider from its creation to its end', async () => {
  const Tags = [{ Key: 'managed-by', Value: 'irsa' }]
  const created = await create('https://a.example/path', { ClientIDList: ['one'], Tags })
  const OpenIDConnectProviderArn = arnOf('a.example/path')
  expect(created).toMatchObject({ OpenIDConnectProviderArn, Tags })
  const about = { OpenIDConnectProviderArn }
  const two = { ...about, ClientID: 'two' }
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand(two))
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand(two))
  const other = { ...about, ThumbprintList: ['B'.repeat(40), PRINT] }
  await iam.send(new UpdateOpenIDConnectProviderThumbprintCommand(other))
  await iam.send(new TagOpenIDConnectProviderCommand({ ...about, Tags: [{ Key: 'b', Value: '' }] }))
  expect(await get(OpenIDConnectProviderArn)).toMatchObject({
    Url: 'a.example/path',
    ClientIDList: ['one', 'two'],
    ThumbprintList: ['b'.repeat(40), PRINT],
    Tags: [...Tags, { Key: 'b', Value: '' }],
    CreateDate: expect.any(Date),
  })
  const one = { ...about, ClientID: 'one' }
  await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand(one))
  await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand(one))
  const keys = { ...about, TagKeys: ['managed-by'] }
  await iam.send(new UntagOpenIDConnectProviderCommand(keys))
  const left = await iam.send(new ListOpenIDConnectProviderTagsCommand(about))
  expect(left.Tags).toEqual([{ Key: 'b', Value: '' }])
  const listed = await iam.send(new ListOpenIDConnectProvidersCommand())
  expect(listed.OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }])
  await iam.send(new DeleteOpenIDConnectProviderCommand(about))
  expect(await refusal(get(OpenIDConnectProviderArn))).toBe('404 NoSuchEntity')
  const again = iam.send(new DeleteOpenIDConnectProviderCommand(about))
  expect(await refusal(again)).toBe('404 NoSuchEntity')
})

test('a provider is unique by its URL, case and slash included', async () => {
  expect(await refusal(create('https://b.example'))).toBe('it was done')
  expect(await refusal(create('https://b.example'))).toBe('409 EntityAlreadyExists')
  expect(await refusal(create('https://b.example/'))).toBe('it was done')
  expect(await refusal(create('https://b.example/A'))).toBe('it was done')
  expect(await refusal(create('https://b.example/a'))).toBe('it was done')
})

const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `id-${n}`)

test.each([
  ['http', 'http://c.example', {}, '400 InvalidInput'],
  ['no URL', 'https://', {}, '400 InvalidInput'],
  ['a query', 'https://c.example?a=b', {}, '400 InvalidInput'],
  ['a port', 'https://c.example:8443', {}, '400 InvalidInput'],
  ['the port of https', 'https://c.example:443', {}, '400 InvalidInput'],
  ['the port of https, and a path', 'https://c.example:443/path', {}, '400 InvalidInput'],
  ['a space', 'https://c.example/a b', {}, '400 InvalidInput'],
  ['a space at the end', 'https://c.example ', {}, '400 InvalidInput'],
  ['too long a URL', `https://c.example/${'a'.repeat(240)}`, {}, '400 ValidationError'],
  ['a short thumbprint', 'https://c.example', { ThumbprintList: ['abc'] }, '400 ValidationError'],
  [
    'a thumbprint that is not hexadecimal',
    'https://c.example',
    { ThumbprintList: ['g'.repeat(40)] },
    '400 InvalidInput',
  ],
  [
    'six thumbprints',
    'https://c.example',
    { ThumbprintList: ids(6).map((_, n) => `${n}`.repeat(40)) },
    '409 LimitExceeded',
  ],
  ['101 client ids', 'https://c.example', { ClientIDList: ids(101) }, '409 LimitExceeded'],
  [
    'a client id of 256 characters',
    'https://c.example',
    { ClientIDList: ['a'.repeat(256)] },
    '400 ValidationError',
  ],
  [
    'tags of AWS',
    'https://c.example',
    { Tags: [{ Key: 'aws:x', Value: 'y' }] },
    '400 InvalidInput',
  ],
])('CreateOpenIDConnectProvider refuses %s', async (_, url, more, expected) => {
  expect(await refusal(create(url, more))).toBe(expected)
})

test('the 101st client id is refused when it is added', async () => {
  await create('https://full.example', { ClientIDList: ids(100) })
  const about = { OpenIDConnectProviderArn: arnOf('full.example'), ClientID: 'one-more' }
  const add = iam.send(new AddClientIDToOpenIDConnectProviderCommand(about))
  expect(await refusal(add)).toBe('409 LimitExceeded')
})

test('thumbprints are replaced by a list, never by nothing', async () => {
  await create('https://prints.example')
  const about = { OpenIDConnectProviderArn: arnOf('prints.example') }
  const nothing = new UpdateOpenIDConnectProviderThumbprintCommand(about as never)
  expect(await refusal(iam.send(nothing))).toBe('400 ValidationError')
  expect((await get(about.OpenIDConnectProviderArn)).ThumbprintList).toEqual([PRINT])
})

test('a colon in the path of a URL is no port', async () => {
  expect(await refusal(create('https://colon.example/a:443'))).toBe('it was done')
})

test('without a thumbprint, IAM looks at the server itself', async () => {
  const { port } = new URL(sandbox.url)
  await create(`${sandbox.url}/bucket`, { ThumbprintList: [] })
  const seen = await get(arnOf(`localhost:${port}/bucket`))
  const sha1 = new X509Certificate(sandbox.caCertificate).fingerprint.replaceAll(':', '')
  expect(seen.ThumbprintList).toEqual([sha1.toLowerCase()])
})

test('without a thumbprint, a server that presents only its leaf gives the leaf', async () => {
  const validity = { days: 1, now: new Date() }
  const authority = await makeCertificateAuthority({ commonName: 'another CA', ...validity })
  const leaf = await issueServerCertificate(authority, { names: ['localhost'], ...validity })
  const server = createServer({ key: leaf.key, cert: leaf.certificate }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await create(`https://localhost:${port}`, { ThumbprintList: [] })
  const sha1 = new X509Certificate(leaf.certificate).fingerprint.replaceAll(':', '')
  const seen = await get(arnOf(`localhost:${port}`))
  expect(seen.ThumbprintList).toEqual([sha1.toLowerCase()])
  server.close()
  const gone = create(`https://localhost:${port}/other`, { ThumbprintList: [] })
  expect(await refusal(gone)).toBe('400 OpenIdIdpCommunicationError')
})

test('a role from its creation to its end', async () => {
  const RoleName = 'shop+app'
  const Tags = [{ Key: 'managed-by', Value: 'irsa' }]
  const described = { Path: '/irsa/', Description: 'ünï', MaxSessionDuration: 7200, Tags }
  const { Role } = await makeRole(RoleName, described)
  expect(Role).toMatchObject({
    ...described,
    RoleName,
    Arn: `arn:aws:iam::111122223333:role/irsa/${RoleName}`,
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
  })
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust())
  const about = { RoleName: 'SHOP+app' }
  await iam.send(
    new UpdateAssumeRolePolicyCommand({ ...about, PolicyDocument: trust({ Sid: 'x' }) }),
  )
  await iam.send(new UpdateRoleCommand({ ...about, MaxSessionDuration: 3600 }))
  await iam.send(new TagRoleCommand({ ...about, Tags: [{ Key: 'Managed-By', Value: 'me' }] }))
  const updated = (await iam.send(new GetRoleCommand(about))).Role
  expect(updated).toMatchObject({
    MaxSessionDuration: 3600,
    Tags: [{ Key: 'Managed-By', Value: 'me' }],
  })
  expect(updated?.Description).toBeUndefined()
  await iam.send(new UntagRoleCommand({ ...about, TagKeys: ['managed-by'] }))
  expect((await iam.send(new ListRoleTagsCommand(about))).Tags).toEqual([])
  expect(await refusal(makeRole(about.RoleName))).toBe('409 EntityAlreadyExists')
  await iam.send(new DeleteRoleCommand(about))
  expect(await refusal(iam.send(new GetRoleCommand(about)))).toBe('404 NoSuchEntity')
})

test('a role goes only after its policies', async () => {
  const RoleName = 'with-policies'
  const about = { RoleName }
  await makeRole(RoleName)
  const attached = { ...about, PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }
  await iam.send(new AttachRolePolicyCommand(attached))
  const document =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
  const inline = { ...about, PolicyName: 'inline' }
  await iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document }))
  const read = await iam.send(new GetRolePolicyCommand(inline))
  expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(document)
  const names = await iam.send(new ListRolePoliciesCommand(about))
  expect(names.PolicyNames).toEqual(['inline'])
  const listed = await iam.send(new ListAttachedRolePoliciesCommand(about))
  expect(listed.AttachedPolicies).toEqual([
    { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: attached.PolicyArn },
  ])
  const remove = () => refusal(iam.send(new DeleteRoleCommand(about)))
  expect(await remove()).toBe('409 DeleteConflict')
  await iam.send(new DetachRolePolicyCommand(attached))
  expect(await refusal(iam.send(new DetachRolePolicyCommand(attached)))).toBe('404 NoSuchEntity')
  expect(await remove()).toBe('409 DeleteConflict')
  await iam.send(new DeleteRolePolicyCommand(inline))
  expect(await refusal(iam.send(new DeleteRolePolicyCommand(inline)))).toBe('404 NoSuchEntity')
  expect(await remove()).toBe('it was done')
})

test('a permissions boundary comes and goes', async () => {
  const about = { RoleName: 'bounded' }
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
  await makeRole(about.RoleName, { PermissionsBoundary })
  const read = async () => (await iam.send(new GetRoleCommand(about))).Role?.PermissionsBoundary
  expect((await read())?.PermissionsBoundaryArn).toBe(PermissionsBoundary)
  await iam.send(new DeleteRolePermissionsBoundaryCommand(about))
  expect(await read()).toBeUndefined()
  await iam.send(new PutRolePermissionsBoundaryCommand({ ...about, PermissionsBoundary }))
  expect(await read()).toBeDefined()
})

const longTrust = trust({ Sid: 'a'.repeat(2048) })

test.each([
  ['no JSON', { AssumeRolePolicyDocument: '{' }, '400 MalformedPolicyDocument'],
  [
    'a Resource',
    { AssumeRolePolicyDocument: trust({ Resource: '*' }) },
    '400 MalformedPolicyDocument',
  ],
  [
    'no principal',
    { AssumeRolePolicyDocument: trust({ Principal: undefined }) },
    '400 MalformedPolicyDocument',
  ],
  [
    'another action',
    { AssumeRolePolicyDocument: trust({ Action: 's3:GetObject' }) },
    '400 MalformedPolicyDocument',
  ],
  [
    "another partition's provider",
    {
      AssumeRolePolicyDocument: trust({
        Principal: { Federated: arnOf('a.example').replace('aws', 'aws-cn') },
      }),
    },
    '400 MalformedPolicyDocument',
  ],
  [
    'an unknown operator',
    { AssumeRolePolicyDocument: trust({ Condition: { Equals: {} } }) },
    '400 MalformedPolicyDocument',
  ],
  [
    'characters beyond Latin-1',
    { AssumeRolePolicyDocument: trust({ Sid: '\u2713' }) },
    '400 MalformedPolicyDocument',
  ],
  ['2,049 characters of trust', { AssumeRolePolicyDocument: longTrust }, '409 LimitExceeded'],
  ['too long a name', { RoleName: 'a'.repeat(65) }, '400 ValidationError'],
  ['a name with a slash', { RoleName: 'a/b' }, '400 ValidationError'],
  ['a path without slashes', { Path: 'irsa' }, '400 ValidationError'],
  ['sessions of 13 hours', { MaxSessionDuration: 46_800 }, '400 ValidationError'],
  [
    'a boundary that is no ARN',
    { PermissionsBoundary: 'arn:aws:iam::aws:nothing' },
    '400 ValidationError',
  ],
  [
    'a boundary that does not exist',
    { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/missing' },
    '404 NoSuchEntity',
  ],
])('CreateRole refuses %s', async (_, more, expected) => {
  expect(await refusal(makeRole('refused', more))).toBe(expected)
})

test('too much trust says which quota it is', async () => {
  const message = 'Cannot exceed quota for ACLSizePerRole: 2048'
  const long = { AssumeRolePolicyDocument: longTrust }
  await expect(makeRole('refused', long)).rejects.toThrow(message)
})

test('ListRoles comes in pages, filtered by path', async () => {
  for (let n = 0; n < 5; n += 1) await makeRole(`paged-${n}`, { Path: '/paged/' })
  const names: string[] = []
  const pages = paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: '/paged/' })
  for await (const page of pages) {
    expect(page.Roles?.length).toBeLessThanOrEqual(2)
    names.push(...(page.Roles ?? []).map(({ RoleName }) => RoleName ?? ''))
  }
  expect(names).toEqual(['paged-0', 'paged-1', 'paged-2', 'paged-3', 'paged-4'])
})

test('a role goes only after it was taken out of its instance profiles', async () => {
  const about = { RoleName: 'of-machines' }
  await makeRole(about.RoleName)
  const { instanceProfiles } = sandbox.state.roles.get(about.RoleName)!
  instanceProfiles.add('nodes')
  const listed = await iam.send(new ListInstanceProfilesForRoleCommand(about))
  expect(listed.InstanceProfiles).toMatchObject([{ InstanceProfileName: 'nodes' }])
  const remove = () => refusal(iam.send(new DeleteRoleCommand(about)))
  expect(await remove()).toBe('409 DeleteConflict')
  instanceProfiles.clear()
  expect(await remove()).toBe('it was done')
})

test('one look shows roles with everything on them, in pages', async () => {
  const about = { RoleName: 'detailed' }
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
  const Tags = [{ Key: 'team', Value: 'a' }]
  await makeRole(about.RoleName, { Path: '/look/', PermissionsBoundary, Tags })
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
  await iam.send(new AttachRolePolicyCommand({ ...about, PolicyArn }))
  const PolicyDocument = '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
  const inline = { ...about, PolicyName: 'inline', PolicyDocument }
  await iam.send(new PutRolePolicyCommand(inline))
  const pages = paginateGetAccountAuthorizationDetails(
    { client: iam, pageSize: 2 },
    { Filter: ['Role'] },
  )
  const found = []
  for await (const { RoleDetailList = [] } of pages) {
    expect(RoleDetailList.length).toBeLessThanOrEqual(2)
    found.push(...RoleDetailList)
  }
  expect(found.length).toBe(sandbox.state.roles.size)
  const role = found.find(({ RoleName }) => RoleName === about.RoleName)
  expect(role).toMatchObject({
    Path: '/look/',
    PermissionsBoundary: { PermissionsBoundaryArn: PermissionsBoundary },
    Tags,
    AttachedManagedPolicies: [{ PolicyArn }],
    RolePolicyList: [{ PolicyName: 'inline' }],
  })
  const documents = [role?.AssumeRolePolicyDocument, role?.RolePolicyList?.[0]?.PolicyDocument]
  expect(documents.map((text = '') => decodeURIComponent(text))).toEqual([trust(), PolicyDocument])
  const all = new GetAccountAuthorizationDetailsCommand({})
  expect(await refusal(iam.send(all))).toBe('501 NotImplemented')
})

test('what the sandbox does not do is said so', async () => {
  const command = new CreateUserCommand({ UserName: 'somebody' })
  expect(await refusal(iam.send(command))).toBe('501 NotImplemented')
})
