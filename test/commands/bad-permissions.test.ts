import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { expectNoStack, expectProblem, listing, writes } from '../support/problems.ts'
import { putPolicy, TRUST_BY_HAND } from '../support/roles.ts'
import { configText, publicPem, putSigner, rsa, wholeSigner } from '../support/signers.ts'

/**
 * The permission behind each call: Service Authorization Reference, "Actions, resources, and
 * condition keys" of Amazon S3, IAM and STS.
 */
const PERMISSIONS: Readonly<Record<string, string>> = {
  's3 HeadBucket': 's3:ListBucket',
  's3 CreateBucket': 's3:CreateBucket',
  's3 GetBucketTagging': 's3:GetBucketTagging',
  's3 GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3 PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3 GetBucketPolicy': 's3:GetBucketPolicy',
  's3 PutBucketPolicy': 's3:PutBucketPolicy',
  's3 DeleteBucketPolicy': 's3:DeleteBucketPolicy',
  's3 GetObject': 's3:GetObject',
  's3 PutObject': 's3:PutObject',
  's3 ListObjectVersions': 's3:ListBucketVersions',
  's3 DeleteObject': 's3:DeleteObjectVersion',
  's3 DeleteBucket': 's3:DeleteBucket',
  's3-control GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  'iam GetOpenIDConnectProvider': 'iam:GetOpenIDConnectProvider',
  'iam CreateOpenIDConnectProvider': 'iam:CreateOpenIDConnectProvider',
  'iam DeleteOpenIDConnectProvider': 'iam:DeleteOpenIDConnectProvider',
  'iam AddClientIDToOpenIDConnectProvider': 'iam:AddClientIDToOpenIDConnectProvider',
  'iam UpdateOpenIDConnectProviderThumbprint': 'iam:UpdateOpenIDConnectProviderThumbprint',
  'iam TagOpenIDConnectProvider': 'iam:TagOpenIDConnectProvider',
  'iam GetAccountAuthorizationDetails': 'iam:GetAccountAuthorizationDetails',
  'iam GetRole': 'iam:GetRole',
  'iam CreateRole': 'iam:CreateRole',
  'iam DeleteRole': 'iam:DeleteRole',
  'iam UpdateAssumeRolePolicy': 'iam:UpdateAssumeRolePolicy',
  'iam TagRole': 'iam:TagRole',
  'iam UntagRole': 'iam:UntagRole',
  'iam PutRolePermissionsBoundary': 'iam:PutRolePermissionsBoundary',
  'iam ListAttachedRolePolicies': 'iam:ListAttachedRolePolicies',
  'iam AttachRolePolicy': 'iam:AttachRolePolicy',
  'iam DetachRolePolicy': 'iam:DetachRolePolicy',
  'iam ListRolePolicies': 'iam:ListRolePolicies',
  'iam GetRolePolicy': 'iam:GetRolePolicy',
  'iam PutRolePolicy': 'iam:PutRolePolicy',
  'iam DeleteRolePolicy': 'iam:DeleteRolePolicy',
  'iam ListInstanceProfilesForRole': 'iam:ListInstanceProfilesForRole',
  'sts GetCallerIdentity': 'sts:GetCallerIdentity',
}

/** Only asked to find out early: without it S3 itself decides later. */
const PREFLIGHT = 's3-control GetPublicAccessBlock'

const key = rsa()
const old = rsa()

/** A command, and what was there before it. */
interface Scenario {
  readonly args: readonly string[]
  readonly prepare?: readonly (readonly string[])[]
}

const apply = ['apply', '--yes']
const OIDC = 'https://oidc.example.com'
const oidcProvider = ['create-provider', '--issuer', OIDC, '--thumbprint', 'a'.repeat(40)]
const READ_S3 = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
const role = (...more: string[]) => [
  'create-role',
  'shop/checkout',
  '--issuer',
  OIDC,
  '--policy-arn',
  READ_S3,
  '--policy-file',
  ...more,
]
const provider = ['create-provider', '--issuer', 'https://oidc.example.com', '--thumbprint']

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'init from nothing': { args: ['init', '--name', 'blue', '--yes'] },
  'init where a closed bucket is there': {
    args: ['init', '--name', 'blue', '--bucket', 'oidc-acme', '--yes'],
  },
  'apply where everything is there': { args: apply, prepare: [apply] },
  'publish-jwks to a new bucket': {
    args: ['publish-jwks', '--bucket', 'oidc-new', '--public-key', 'sa.pub'],
  },
  'publish-jwks of another key': {
    args: ['publish-jwks', '--bucket', 'oidc-new', '--public-key', 'sa.pub'],
    prepare: [['publish-jwks', '--bucket', 'oidc-new', '--public-key', 'old.pub']],
  },
  'create-provider from nothing': { args: [...provider, 'a'.repeat(40)] },
  'create-provider bringing one in line': {
    args: [...provider, 'b'.repeat(40), '--audience', 'second'],
    prepare: [[...provider, 'a'.repeat(40)]],
  },
  'create-role from nothing': { args: role('s3.json'), prepare: [oidcProvider] },
  'create-role bringing one in line': {
    args: role('other.json', '--permissions-boundary', READ_S3, '--adopt'),
    prepare: [oidcProvider, role('s3.json')],
  },
  'delete-role': {
    args: ['delete-role', 'shop/checkout', '--issuer', OIDC, '--yes'],
    prepare: [oidcProvider, role('s3.json')],
  },
  destroy: { args: ['destroy', '--confirm', 'blue'], prepare: [apply] },
}

/** Runs what has to work, so that a failure is not taken for the one that is looked for. */
async function succeed({ run }: Workplace, args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(args)
  if (code !== 0) throw new Error(`irsa ${args.join(' ')} ended with ${code}: ${stderr}`)
}

async function prepared(name: string): Promise<Workplace> {
  const place = await workplace()
  const { prepare = [], args } = SCENARIOS[name] as Scenario
  await putSigner(place.cwd, wholeSigner(key))
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(key))
  await writeFile(join(place.cwd, 'old.pub'), publicPem(old))
  for (const file of ['s3.json', 'other.json']) await putPolicy(place, file)
  if (name === 'init where a closed bucket is there') {
    await succeed(place, ['publish-jwks', '--bucket', 'oidc-acme', '--public-key', 'sa.pub'])
    const bucket = place.aws.state.buckets.get('oidc-acme')!
    bucket.objects.clear()
    bucket.policy = undefined
    bucket.block = { ...bucket.block!, BlockPublicPolicy: true }
  }
  if ([...prepare, args].some(([command]) => command === 'apply')) {
    const bucket = 'irsa-blue-111122223333-eu-west-3-an'
    const config = { issuer: `${place.aws.url}/${bucket}`, host: { type: 's3', bucket } }
    await writeFile(join(place.cwd, 'irsa.yaml'), configText(config))
  }
  for (const step of prepare) await succeed(place, step)
  if (name === 'create-provider bringing one in line') {
    for (const kept of place.aws.state.providers.values()) kept.tags = []
  }
  if (name === 'create-role bringing one in line') {
    for (const kept of place.aws.state.roles.values()) {
      const tags = [{ key: 'irsa:inline:irsa-s3', value: OIDC.slice(8) }]
      Object.assign(kept, { tags, trustPolicy: JSON.stringify(TRUST_BY_HAND) })
      kept.attached.clear()
    }
  }
  return place
}

const callOf = ({ service, operation }: Pick<RecordedRequest, 'service' | 'operation'>) =>
  `${service} ${operation}`

/** The calls of a good run, in order, each once. */
async function callsOf(name: string): Promise<string[]> {
  await using place = await prepared(name)
  const seen = place.aws.requests.length
  const ended = await place.run([...SCENARIOS[name]!.args, '-o', 'json'])
  expect(ended).toMatchObject({ code: 0 })
  const requests = place.aws.requests.slice(seen).filter(({ signed }) => signed)
  return [...new Set(requests.map(callOf))]
}

/** Refuses one kind of call, in the words of S3 user guide, troubleshoot-403-errors.html. */
function refuse({ aws }: Workplace, refused: string): void {
  const permission = PERMISSIONS[refused]
  aws.intercept((call) =>
    callOf(call) === refused
      ? {
          kind: 'error',
          status: 403,
          code: 'AccessDenied',
          message:
            `User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: ${permission} ` +
            `on resource: "arn:aws:s3:::${call.resource}" because no identity-based policy allows ` +
            `the ${permission} action`,
        }
      : undefined,
  )
}

describe.each(Object.keys(SCENARIOS))('%s', (name) => {
  let calls: string[]

  beforeAll(async () => {
    calls = await callsOf(name)
  })

  test('makes only calls whose permission is known', () => {
    expect(calls.filter((call) => PERMISSIONS[call] === undefined)).toEqual([])
  })

  test('names the permission that is missing, whichever it is', { timeout: 180_000 }, async () => {
    for (const call of calls.filter((one) => one !== PREFLIGHT && !isSearch(name, one))) {
      const expectDenial = leavesOver(name, call) ? expectLeftover : expectRefused
      await expectDenial(name, call)
    }
  })

  test('does without asking for the block of the account', async () => {
    if (!calls.includes(PREFLIGHT)) return
    await using place = await prepared(name)
    refuse(place, PREFLIGHT)
    expect(await place.run(SCENARIOS[name]!.args)).toMatchObject({ code: 0 })
  })
})

/** Roles that irsa.yaml does not have are only told of: without it there is a warning. */
const isSearch = (name: string, call: string): boolean =>
  name === 'destroy' && call === 'iam GetAccountAuthorizationDetails'

/** `destroy` goes on where it can; delete-role has one thing to look at only. */
const leavesOver = (name: string, call: string): boolean =>
  name === 'destroy' || (name === 'delete-role' && !/ (Get|List)/.test(call))

/** A run in which one kind of call is refused, and what it had changed by then. */
async function refusedRun(name: string, call: string) {
  await using place = await prepared(name)
  const before = await listing(place.cwd)
  const seen = place.aws.requests.length
  refuse(place, call)
  const ended = await place.run([...SCENARIOS[name]!.args, '-o', 'json'])
  const written = writes(place.aws.requests.slice(seen))
  return { ended, written, before, after: await listing(place.cwd) }
}

const UNTOLD = { code: 'bucket/out-of-reach', exit: 4, says: [/permission/] } as const

async function expectRefused(name: string, call: string): Promise<void> {
  const { ended, written, before, after } = await refusedRun(name, call)
  const says = [`may not call ${PERMISSIONS[call]}`, '--profile', /no identity-based policy allows/]
  // A refused HEAD has no body, so nobody can tell a stranger's bucket from a missing permission.
  const told = { code: 'aws/access-denied', exit: 4, says } as const
  expectProblem(ended, call === 's3 HeadBucket' ? UNTOLD : told)
  // What only looks is refused before anything was done.
  const looks = / (Get|Head|List)/.test(call)
  expect(looks ? { written, files: after } : {}).toEqual(
    looks ? { written: [], files: before } : {},
  )
}

/** A removal says what is left and why. */
async function expectLeftover(name: string, call: string): Promise<void> {
  if (call === 'sts GetCallerIdentity') return expectRefused(name, call)
  const { ended, before, after } = await refusedRun(name, call)
  expectNoStack(ended)
  expect(after).toEqual(before)
  const { left } = ended.json<{ left: { why: string }[] }>()
  const why = call === 's3 HeadBucket' ? 'permissions' : `may not call ${PERMISSIONS[call]}`
  expect({ code: ended.code, why: left.map((one) => one.why).join('\n') }).toEqual({
    code: 1,
    why: expect.stringContaining(why),
  })
}

test('a run that was refused in the middle is finished by the same command', async () => {
  await using place = await prepared('init from nothing')
  const { args } = SCENARIOS['init from nothing']!
  for (const call of ['s3 CreateBucket', 's3 PutBucketPolicy', 'iam CreateOpenIDConnectProvider']) {
    refuse(place, call)
    expect(await place.run(args)).toMatchObject({ code: 4 })
  }
  expect(place.aws.state.providers.size).toBe(0)
  place.aws.intercept(undefined)
  expect(await place.run(args)).toMatchObject({ code: 0 })
  expect(place.aws.state.providers.size).toBe(1)
  await rm(join(place.cwd, 'sa.pub'))
  const again = await place.run([...args, '-o', 'json'])
  const { changes } = again.json<{ changes: { action: string }[] }>()
  expect(changes.filter(({ action }) => action !== 'none')).toEqual([])
})
