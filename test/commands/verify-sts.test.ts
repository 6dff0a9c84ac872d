import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import type { LinkId } from '../../src/core/verify/link.ts'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { parseServiceAccount } from '../../src/core/service-account.ts'
import { signToken } from '../../src/core/token.ts'
import type { Workplace } from '../support/cli.ts'
import { SECRET, standInSts, type StsAnswer } from '../support/stand-in-sts.ts'
import {
  ACCOUNT_NAME,
  type TrustingRole,
  trustingRole,
  placeWithIssuer,
} from '../support/trusting-role.ts'
import { recordFault, verify } from '../support/verified.ts'

let place: Workplace
let role: TrustingRole
let args: readonly string[]
const signed = (): string[] => ['--sign', '--service-account', ACCOUNT_NAME, '--role-arn', role.arn]

beforeAll(async () => {
  place = await placeWithIssuer()
  role = trustingRole(place)
  args = signed()
})

afterAll(() => place[Symbol.asyncDispose]())

/** A token of the issuer as kube-apiserver signs it, in a file. */
async function tokenFile({ issuedAt = new Date(), lifetimeSeconds = 600 } = {}): Promise<string> {
  const file = 'keys/sa-signer.key'
  const key = await readPrivateKey(await readFile(join(place.cwd, file), 'latin1'), file)
  const token = await signToken(key, {
    issuer: parseIssuer(`https://${role.claims}`, { portAllowed: true }),
    serviceAccount: parseServiceAccount(ACCOUNT_NAME),
    audience: role.aud,
    issuedAt,
    lifetimeSeconds,
    id: '2f9f7bd2-6b1c-4e5a-9d8b-0b1c2d3e4f50',
  })
  await writeFile(join(place.cwd, 'token'), token)
  return token
}

test('a token of a file is exchanged, and neither it nor the credentials are seen', async () => {
  const token = await tokenFile()
  const found = await verify(place, [
    '--token',
    'token',
    '--role-arn',
    role.arn,
    '--no-cluster',
    '--debug',
  ])
  expect(found.link('role').status).toBe('pass')
  expect(found.link('sts')).toMatchObject({ status: 'pass', findings: [] })
  expect(found.link('sts').summary).toMatch(/credentials of assumed-role\/app\/irsa-verify until 2/)
  const everything = found.ended.stdout + found.ended.stderr
  for (const part of token.split('.').slice(1)) expect(everything).not.toContain(part)
  const kept = [...place.aws.state.credentials.values()].filter(({ kind }) => kind === 'session')
  expect(kept).toHaveLength(1)
  for (const { secretAccessKey } of kept) expect(everything).not.toContain(secretAccessKey)
})

test('the role can be told from irsa.yaml by the subject of the token', async () => {
  const file = join(place.cwd, 'irsa.yaml')
  const before = await readFile(file, 'utf8')
  await writeFile(
    file,
    `${before}roles:\n  - serviceAccounts: [shop/checkout]\n    name: app\n    path: /\n`,
  )
  await tokenFile()
  const found = await verify(place, ['--token', 'token', '--no-cluster'])
  expect(found.link('role').status).toBe('pass')
  expect(found.link('sts').status).toBe('pass')
  // One that was there before irsa may be under any path: IAM knows.
  await writeFile(
    file,
    `${before}roles:\n  - serviceAccounts: [shop/checkout]\n    name: app\n    adopt: true\n`,
  )
  expect((await verify(place, ['--token', 'token', '--no-cluster'])).link('sts').status).toBe(
    'pass',
  )
  await writeFile(file, before)
})

test('that takes no credentials and no region', async () => {
  await tokenFile()
  const nobody = {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
  }
  const given = ['--token', 'token', '--role-arn', role.arn, '--no-cluster']
  const stranger = {
    ...place,
    run: (flags: readonly string[], env = {}) =>
      place.run([...flags, '--config', 'none.yaml'], env),
  }
  const found = await verify(stranger, given, nobody)
  expect(found.link('role').status).toBe('skip')
  expect(found.link('sts').status).toBe('pass')
})

test('--no-aws leaves it out', async () => {
  const found = await verify(place, [...args, '--no-aws'])
  for (const id of ['role', 'sts'] as const) {
    expect(found.link(id)).toMatchObject({ status: 'skip', fix: 'Leave --no-aws out.' })
  }
})

describe('what is broken before it is named as the reason', () => {
  const bucket = () => [...place.aws.state.buckets.values()][0]!
  const provider = () => [...place.aws.state.providers.values()][0]!

  const expectExplained = async (
    link: LinkId,
    finding: string,
    { env = {}, flags = args }: { env?: Record<string, string>; flags?: readonly string[] } = {},
  ): Promise<void> => {
    const found = await verify(place, flags, env)
    const sts = found.link('sts')
    expect(found.link(link).status, JSON.stringify(found.link(link))).toBe('fail')
    expect(sts.findings.map(({ id }) => id)).toEqual([finding])
    expect(sts.why).toContain(
      `That is because the link ${link} is broken: ${found.link(link).summary}`,
    )
    expect(sts.fix).toBe(found.link(link).fix)
    await recordFault({
      fault: `STS refuses: ${sts.why.split('\n')[0]}`,
      link: 'sts',
      finding,
      mended: `by what mends ${link}`,
    })
  }

  test('documents that are not public', async () => {
    const { policy } = bucket()
    bucket().policy = undefined
    await expectExplained('discovery', 'sts/verification-key')
    bucket().policy = policy
  })

  test('a key that is not published', async () => {
    const objects = bucket().objects.get('keys.json')!
    const [latest] = objects
    objects.unshift({ ...latest!, body: Buffer.from('{"keys":[]}\n') })
    await expectExplained('jwks', 'sts/verification-key')
    objects.shift()
  })

  test('a provider that is not there', async () => {
    const kept = provider()
    place.aws.state.providers.clear()
    await expectExplained('provider', 'sts/no-provider')
    place.aws.state.providers.set(kept.arn, kept)
  })

  test('an audience that the provider does not list', async () => {
    const kept = provider().clientIds
    provider().clientIds = ['other']
    await expectExplained('audience', 'sts/audience', { flags: [...args, '--audience', role.aud] })
    provider().clientIds = kept
  })

  test('a token that has expired', async () => {
    await tokenFile({ issuedAt: new Date(Date.now() - 3_600_000) })
    await expectExplained('token', 'sts/token-expired', {
      flags: ['--token', 'token', '--role-arn', role.arn, '--no-cluster'],
    })
  })

  test('a token that lacks a claim', async () => {
    const [header, , signature] = (await tokenFile()).split('.')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: `https://${role.claims}`, sub: role.sub, iat: now, exp: now + 600 }
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    await writeFile(join(place.cwd, 'token'), `${header}.${payload}.${signature}`)
    await expectExplained('token', 'sts/token-invalid', {
      flags: ['--token', 'token', '--role-arn', role.arn, '--no-cluster'],
    })
  })
})

/** What the embedded AWS never says, since nothing there is late, shared, or forbidden from above. */
const SAID: readonly (readonly [
  answer: Exclude<StsAnswer, 'credentials'>,
  finding: string,
  status: string,
  says: RegExp,
])[] = [
  [
    {
      status: 403,
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    },
    'access-denied',
    'fail',
    /organization denies.*last minute/,
  ],
  [
    {
      status: 400,
      code: 'InvalidIdentityToken',
      message: 'No OpenIDConnect provider found in your account for x',
    },
    'no-provider',
    'fail',
    /last minute/,
  ],
  [
    {
      status: 400,
      code: 'InvalidIdentityToken',
      message: "Couldn't retrieve verification key from your identity provider",
    },
    'verification-key',
    'fail',
    /Cache-Control.*internet/,
  ],
  [
    {
      status: 400,
      code: 'InvalidIdentityToken',
      message: "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    },
    'thumbprint',
    'fail',
    /thumbprints of the provider/,
  ],
  [
    { status: 400, code: 'InvalidIdentityToken', message: 'Incorrect token audience' },
    'audience',
    'fail',
    /last minute/,
  ],
  [
    {
      status: 400,
      code: 'ExpiredTokenException',
      message: 'Token expired: current date/time 9 must be before the expiration date/time 1',
    },
    'token-expired',
    'fail',
    /clocks/,
  ],
  [
    {
      status: 400,
      code: 'IDPCommunicationError',
      message: 'The identity provider could not be reached',
    },
    'issuer-unreachable',
    'fail',
    /internet/,
  ],
  [
    { status: 403, code: 'IDPRejectedClaim', message: 'Claim rejected' },
    'claim-rejected',
    'fail',
    /revoked/,
  ],
  [
    {
      status: 400,
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    },
    'duration',
    'fail',
    /hour/,
  ],
  [
    {
      status: 400,
      code: 'PackedPolicyTooLarge',
      message: 'Packed policy consumes 120% of allotted space',
    },
    'packed-policy',
    'fail',
    /tags/,
  ],
  [
    { status: 400, code: 'MalformedPolicyDocument', message: 'Syntax errors in policy' },
    'malformed-policy',
    'fail',
    /changes the request/,
  ],
  [
    {
      status: 403,
      code: 'RegionDisabledException',
      message: 'STS is not activated in this region for account:111122223333',
    },
    'region-disabled',
    'fail',
    /switched off in the region/,
  ],
  [
    { status: 400, code: 'Throttling', message: 'Rate exceeded' },
    'throttled',
    'warn',
    /limits how often it is called/,
  ],
]

describe('where every other link is in order, the causes that are left are named', () => {
  test.each(SAID.map(([answer, finding, ...more]) => [finding, answer, ...more] as const))(
    '%s',
    async (finding, answer, status, says) => {
      await using sts = await standInSts(place.aws.account, [answer])
      const found = await verify(place, args, sts.env)
      const link = found.link('sts')
      expect(link).toMatchObject({ status, findings: [{ id: `sts/${finding}` }] })
      expect(link.why).toMatch(says)
      await recordFault({
        fault: `STS answers ${answer.code}: ${answer.message}`,
        link: 'sts',
        finding: `sts/${finding}`,
        mended: 'outside of what irsa can reach',
      })
    },
  )

  test('with a command to look into CloudTrail, or to try again, whole', async () => {
    await using sts = await standInSts(place.aws.account, [SAID[0]![0], SAID[1]![0]])
    const denied = await verify(place, args, sts.env)
    expect(denied.link('sts').findings[0]?.command).toContain(
      'aws cloudtrail lookup-events --region eu-west-3',
    )
    const unknown = await verify(place, args, sts.env)
    expect(unknown.link('sts').findings[0]?.command).toBe(
      `irsa verify --role-arn ${role.arn} --service-account shop/checkout --sign`,
    )
  })
})

test('what fails once is asked a second time', async () => {
  await using sts = await standInSts(place.aws.account, [SAID[2]![0], 'credentials'])
  const found = await verify(place, args, sts.env)
  expect(found.link('sts').status).toBe('pass')
  expect(sts.asked()).toBe(2)
  expect(found.ended.stdout + found.ended.stderr).not.toContain(SECRET)
})
