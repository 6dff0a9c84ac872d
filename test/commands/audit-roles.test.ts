import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyPatch } from 'diff'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { emptyBucket } from '../../src/sandbox/s3/buckets.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import {
  changingNothing,
  expectNoStack,
  expectProblem,
  expectRefusal,
} from '../support/problems.ts'
import { putProvider, putRole, trusting, trustOf } from '../support/roles.ts'
import { said as saidBy } from '../support/said.ts'
import { noTerminal, startInTerminal } from '../support/terminal.ts'

vi.setConfig({ testTimeout: 120_000 })

const CHECKOUT = 'system:serviceaccount:shop:checkout'
const REFUND = 'system:serviceaccount:shop:refund'

interface PrintedRole {
  readonly arn: string
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly summary: string
    readonly why: string
    readonly fix: string
    readonly command?: string
    readonly diff?: string
    readonly automatic: boolean
  }[]
  readonly diff?: string
  readonly fixed?: boolean
  readonly problem?: { readonly what: string }
}

interface Printed {
  readonly kind: string
  readonly read: number
  readonly roles: readonly PrintedRole[]
  readonly left: readonly string[]
}

/** An account with the provider of an issuer that answers on loopback, whatever the network is like. */
async function account(audiences?: string[]) {
  const place = await workplace()
  const issuer = `${place.aws.url}/oidc`
  putBucket(place, 'oidc')
  putProvider(place, audiences, issuer)
  return Object.assign(place, { issuer, claims: issuer.slice(8) })
}

/** A bucket that is there, and private. */
function putBucket({ aws }: Workplace, name: string): void {
  const { account: owner, region } = aws
  aws.state.buckets.set(name, emptyBucket({ name, owner, region, created: new Date(0) }))
}

const run = (place: Workplace, args: readonly string[] = [], env = {}) =>
  place.run(['audit-roles', '--no-cluster', ...args], env)

const audit = async (place: Workplace, args: readonly string[] = [], env = {}) => {
  const ended = await run(place, ['-o', 'json', ...args], env)
  expect(ended.stdout, ended.stderr).not.toBe('')
  const document = ended.json<Printed & Record<string, unknown>>()
  expect(document).toMatchObject({ apiVersion: 'irsa/v1', kind: 'Audit' })
  return { ...document, code: ended.code }
}

const said = ({ roles }: Pick<Printed, 'roles'>) =>
  Object.fromEntries(
    roles.map(({ arn, findings }) => [
      arn.replace(/^.*\//, ''),
      findings.map(({ severity, id }) => `${severity} ${id}`),
    ]),
  )

/** Without a condition on the audience. */
const withoutAudience = (place: { issuer: string; claims: string }, sub: string | string[]) => {
  const statement = trusting(sub, 'any', place.issuer)
  return { ...statement, Condition: { StringEquals: { [`${place.claims}:sub`]: sub } } }
}

const withoutSubject = (place: { issuer: string; claims: string }) => {
  const statement = trusting('any', 'any', place.issuer)
  const tests = { [`${place.claims}:aud`]: 'sts.amazonaws.com' }
  return { ...statement, Condition: { StringEquals: tests } }
}

const healthy = ({ issuer }: { issuer: string }, sub: string | string[] = CHECKOUT) =>
  trusting(sub, 'sts.amazonaws.com', issuer)

const trustNow = (place: Workplace, name: string) =>
  JSON.parse(place.aws.state.roles.get(name)?.trustPolicy ?? '')

describe('what it reads', () => {
  test('without a role that trusts a provider it says so, and ends with 0', async () => {
    await using place = await account()
    putRole(place, { name: 'machine' })
    const ended = await run(place)
    expect(ended.code).toBe(0)
    expect(ended.stdout).toBe(
      'No role of account 111122223333 trusts a provider of a cluster.\n\n1 role read, 0 trust a provider, no findings\n',
    )
  })

  test('without any role at all, too', async () => {
    await using place = await workplace()
    expect(await audit(place)).toMatchObject({ code: 0, read: 0, roles: [], left: [] })
  })

  test('healthy roles have no findings, and those of others are left out', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place)) })
    putRole(place, { name: 'machine' })
    const github = 'https://token.actions.githubusercontent.com'
    const deploy = { ...trusting('x', 'x', github), Condition: undefined }
    putRole(place, { name: 'deploy', trustPolicy: trustOf(deploy) })
    const found = await changingNothing(place, () => audit(place))
    expect(found.code).toBe(0)
    expect(found.read).toBe(3)
    expect(said(found)).toEqual({ shop: [] })
    const human = await run(place)
    expect(human.stdout).toBe(
      '✓ arn:aws:iam::111122223333:role/shop\n\n3 roles read, 1 trusts a provider, no findings\n',
    )
  })

  test('a role that create-role made has no findings', async () => {
    await using place = await account()
    const made = await place.run(['create-role', 'shop/checkout', '--issuer', place.issuer])
    expect(made.code, made.stderr).toBe(0)
    expect(said(await audit(place))).toEqual({ 'shop-checkout': [] })
  })

  test('every page is read, policies of the account included, in few requests', async () => {
    await using place = await account()
    const own = 'arn:aws:iam::111122223333:policy/Own'
    const Statement = { Effect: 'Allow', Action: 'iam:*', Resource: '*' } as const
    place.aws.state.managedPolicies.set(own, { Version: '2012-10-17', Statement })
    for (let at = 0; at < 2100; at += 1) putRole(place, { name: `role-${at}` })
    const like = {
      ...withoutSubject(place),
      Condition: {
        ...withoutSubject(place).Condition,
        StringLike: { [`${place.claims}:sub`]: 'system:serviceaccount:shop:a*' },
      },
    }
    putRole(place, { name: 'zoo', trustPolicy: trustOf(like), attached: new Set([own]) })
    const before = place.aws.requests.length
    const found = await audit(place)
    expect(found.read).toBe(2101)
    expect(said(found)).toEqual({
      zoo: ['high trust/power-wildcard', 'low trust/subject-wildcard'],
    })
    const operations = place.aws.requests.slice(before).map(({ operation }) => operation)
    expect(operations.filter((name) => name === 'GetAccountAuthorizationDetails')).toHaveLength(3)
    expect(operations.length).toBeLessThan(10)
  })

  test('--issuer keeps to the issuers that are named', async () => {
    await using place = await account()
    const other = `${place.aws.url}/other`
    putProvider(place, undefined, other)
    putBucket(place, 'other')
    putRole(place, { name: 'ours', trustPolicy: trustOf(healthy(place)) })
    putRole(place, { name: 'theirs', trustPolicy: trustOf(healthy({ issuer: other })) })
    expect(said(await audit(place, ['--issuer', place.issuer]))).toEqual({ ours: [] })
    const both = await audit(place, ['--issuer', place.issuer, '--issuer', other])
    expect(said(both)).toEqual({ ours: [], theirs: [] })
  })
})

describe('permissions', () => {
  const refusing = (place: Workplace, ...actions: string[]) =>
    place.aws.intercept(({ operation }) => (actions.includes(operation) ? DENIED : undefined))

  test('without GetAccountAuthorizationDetails roles are listed, and only the ones in question read', async () => {
    await using place = await account()
    for (let at = 0; at < 1100; at += 1) putRole(place, { name: `role-${at}` })
    const own = 'arn:aws:iam::111122223333:policy/Own'
    const Statement = { Effect: 'Allow', Action: '*', Resource: '*' } as const
    place.aws.state.managedPolicies.set(own, { Version: '2012-10-17', Statement })
    putRole(place, {
      name: 'shop',
      trustPolicy: trustOf(healthy(place, [CHECKOUT, REFUND])),
      attached: new Set([own]),
    })
    refusing(place, 'GetAccountAuthorizationDetails')
    const found = await audit(place)
    expect(found).toMatchObject({ read: 1101, left: [], code: 0 })
    expect(said(found)).toEqual({ shop: ['medium trust/power-shared'] })
    const asked = place.aws.requests.map(({ operation }) => operation)
    expect(asked.filter((name) => name === 'ListRoles')).toHaveLength(2)
    expect(asked.filter((name) => name === 'GetRole')).toHaveLength(1)
  })

  test('a policy of any name is seen, whichever way it is read', async () => {
    await using place = await account()
    const all = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
    putRole(place, {
      name: 'shop',
      trustPolicy: trustOf(healthy(place, [CHECKOUT, REFUND])),
      inline: new Map([['__proto__', JSON.stringify(all)]]),
    })
    expect(said(await audit(place))).toEqual({ shop: ['medium trust/power-shared'] })
    refusing(place, 'GetAccountAuthorizationDetails')
    expect(said(await audit(place))).toEqual({ shop: ['medium trust/power-shared'] })
  })

  test('without the details either the trust is judged alone, and the permission named', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(withoutSubject(place)) })
    refusing(place, 'GetAccountAuthorizationDetails', 'ListAttachedRolePolicies')
    const found = await audit(place)
    expect(said(found)).toEqual({ shop: ['high trust/no-subject'] })
    expect(found.left.join()).toContain('iam:ListAttachedRolePolicies')
  })

  test('without ListRoles it ends with 4 and names the permission', async () => {
    await using place = await account()
    refusing(place, 'GetAccountAuthorizationDetails', 'ListRoles')
    const ended = await run(place, ['-o', 'json'])
    expectProblem(ended, { code: 'aws/access-denied', exit: 4, says: [/iam:ListRoles/] })
  })

  test('without ListOpenIDConnectProviders it judges what the trust alone tells', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(withoutSubject(place)) })
    refusing(place, 'ListOpenIDConnectProviders')
    const found = await audit(place)
    expect(said(found)).toEqual({ shop: ['high trust/no-subject'] })
    expect(found.left.join()).toContain('iam:ListOpenIDConnectProviders')
  })

  test('without GetOpenIDConnectProvider the audiences are not known', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    refusing(place, 'GetOpenIDConnectProvider')
    const found = await audit(place)
    expect(said(found)).toEqual({ shop: ['medium trust/no-audience'] })
    expect(found.roles[0]?.diff).toBeUndefined()
    expect(found.left.join()).toContain('iam:GetOpenIDConnectProvider')
  })

  test('a fix that is refused is told with its permission, and ends with 4', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    refusing(place, 'UpdateAssumeRolePolicy')
    const found = await audit(place, ['--fix', '--yes'])
    expect(found.code).toBe(4)
    expect(found.roles[0]).toMatchObject({ fixed: false })
    expect(found.roles[0]?.problem?.what).toContain('iam:UpdateAssumeRolePolicy')
    expect(said(found)).toEqual({ shop: ['medium trust/no-audience'] })
  })
})

const DENIED = {
  kind: 'error',
  code: 'AccessDenied',
  status: 403,
  message: 'not authorized',
} as const

describe('issuers and providers', () => {
  test('a bucket that is gone is a takeover, seen by asking the issuer once', async () => {
    await using place = await account()
    const issuer = `${place.aws.url}/gone-bucket`
    putProvider(place, undefined, issuer)
    for (const name of ['a', 'b'])
      putRole(place, { name, trustPolicy: trustOf(healthy({ issuer })) })
    const found = await audit(place)
    expect(found.code).toBe(1)
    expect(said(found)).toEqual({
      a: ['high trust/issuer-bucket-gone'],
      b: ['high trust/issuer-bucket-gone'],
    })
    expect(found.roles[0]?.findings[0]?.summary).toContain('The bucket gone-bucket')
    const visits = place.aws.requests.filter(
      ({ operation, resource }) => operation === 'GetObject' && resource.includes('gone-bucket'),
    )
    expect(visits.length).toBeLessThan(2)
  })

  test('the command for it, run as printed, ends the danger', async () => {
    await using place = await account()
    const issuer = `${place.aws.url}/gone-bucket`
    putProvider(place, undefined, issuer)
    putRole(place, { name: 'a', trustPolicy: trustOf(healthy({ issuer })) })
    const { command = '' } = (await audit(place)).roles[0]?.findings[0] ?? {}
    const arn = /--open-id-connect-provider-arn (\S+)$/.exec(command)?.[1] ?? ''
    expect(place.aws.state.providers.delete(arn)).toBe(true)
    expect(said(await audit(place))).toEqual({ a: ['medium trust/provider-gone'] })
  })

  test('a provider that is gone goes from the trust as well', async () => {
    await using place = await workplace()
    const issuer = `${place.aws.url}/oidc`
    putRole(place, { name: 'a', trustPolicy: trustOf(healthy({ issuer })) })
    const found = await audit(place, ['--fix', '--yes', '--fail-on', 'low'])
    expect(found.code).toBe(0)
    expect(found.roles).toMatchObject([{ fixed: true, findings: [] }])
    expect(trustNow(place, 'a').Statement).toEqual([
      { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
    ])
    expect(await audit(place)).toMatchObject({ read: 1, roles: [] })
  })
})

describe('the cluster at hand', () => {
  const serviceAccounts = (accounts: Readonly<Record<string, string | undefined>>) => ({
    kind: 'List',
    items: Object.entries(accounts).map(([account, role]) => {
      const [namespace, name] = account.split('/')
      const annotations = role === undefined ? {} : { 'eks.amazonaws.com/role-arn': role }
      return { metadata: { namespace, name, annotations } }
    }),
  })
  const asked = (place: Workplace) => readFile(join(place.cwd, 'kubectl.log'), 'utf8')
  const ROLE = 'arn:aws:iam::111122223333:role/shop'
  const kubectl = (
    place: Workplace & { issuer: string },
    accounts: Readonly<Record<string, string | undefined>>,
    issuer = place.issuer,
  ) =>
    standInKubectl(place.cwd, {
      'get --raw /.well-known/openid-configuration': { issuer },
      'get serviceaccounts -A -o json': serviceAccounts(accounts),
    })

  /** With `--fix`, which finds nothing that it may do. */
  const fixingNothing = async (place: Workplace, env: Readonly<Record<string, string>>) => {
    const before = trustNow(place, 'shop')
    const ended = await place.run(['audit-roles', '-o', 'json', '--fix', '--yes'], env)
    expect(trustNow(place, 'shop'), ended.stderr).toEqual(before)
    return ended
  }

  test('a service account that is gone is found, and taken out', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place, [CHECKOUT, REFUND])) })
    const env = await kubectl(place, { 'shop/checkout': undefined })
    const ended = await place.run(['audit-roles', '-o', 'json', '--fix', '--yes'], env)
    expect(ended.json<Printed>().roles).toMatchObject([{ fixed: true, findings: [] }])
    expect(trustNow(place, 'shop').Statement).toEqual([healthy(place)])
    expect(await asked(place)).toBe(
      'get --raw /.well-known/openid-configuration\nget serviceaccounts -A -o json\n',
    )
  })

  test('whom the cluster annotates is advised for everybody, and the command for it does that', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(withoutSubject(place)) })
    const env = await kubectl(place, { 'shop/checkout': ROLE, 'shop/refund': undefined })
    const ended = await fixingNothing(place, env)
    const [finding] = ended.json<Printed>().roles[0]?.findings ?? []
    expect(finding).toMatchObject({ id: 'trust/no-subject', automatic: false })
    expect(finding?.why).toContain('They may have annotated it with the role, too')
    expect(finding?.diff).toContain(`+          "${place.claims}:sub": "${CHECKOUT}"`)
    const [, policy = ''] = /--policy-document '(.*)'/.exec(finding?.command ?? '') ?? []
    expect(JSON.parse(policy).Statement).toEqual([healthy(place)])
  })

  test('the last service account that is gone is left to a person', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place)) })
    const env = await kubectl(place, { 'infra/agent': undefined })
    const ended = await fixingNothing(place, env)
    expect(said(ended.json<Printed>())).toEqual({ shop: ['medium trust/service-account-gone'] })
  })

  test.each<[string, object]>([
    ['is a list of none', { kind: 'List', items: [] }],
    ['has null for a list', { kind: 'List', items: null }],
    ['has no list', { kind: 'List' }],
    ['has no list, but a text', { items: 'shop/checkout' }],
    ['lists what is no service account', { items: [null, {}, { metadata: null }] }],
  ])('an answer that %s tells nothing, and nobody is taken for gone', async (_, answer) => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place, [CHECKOUT, REFUND])) })
    const env = await standInKubectl(place.cwd, {
      'get --raw /.well-known/openid-configuration': { issuer: place.issuer },
      'get serviceaccounts -A -o json': answer,
    })
    const ended = await fixingNothing(place, env)
    const found = ended.json<Printed>()
    expect(said(found)).toEqual({ shop: [] })
    expect(found.left).toEqual([expect.stringMatching(/^The cluster named no service accounts/)])
  })

  test('the cluster of another issuer is not asked for its accounts', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place)) })
    const env = await kubectl(place, {}, 'https://other.example.com')
    const ended = await place.run(['audit-roles', '-o', 'json'], env)
    expect(said(ended.json<Printed>())).toEqual({ shop: [] })
    expect(await asked(place)).toBe('get --raw /.well-known/openid-configuration\n')
  })

  test('without kubectl, or a cluster that answers, the rest goes on and says so', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place)) })
    const refused = await standInKubectl(place.cwd, {})
    for (const [env, why] of [
      [{ PATH: '/nonexistent' }, /^No cluster was asked\. /],
      [refused, /^The cluster was asked, and told nothing\. /],
    ] as const) {
      const found = (await place.run(['audit-roles', '-o', 'json'], env)).json<Printed>()
      expect(said(found)).toEqual({ shop: [] })
      expect(found.left).toEqual([expect.stringMatching(why)])
    }
  })
})

describe('what it prints', () => {
  const three = (place: Workplace & { issuer: string; claims: string }) => {
    putRole(place, { name: 'open', trustPolicy: trustOf(withoutSubject(place)) })
    putRole(place, { name: 'audience', trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    putRole(place, {
      name: 'star',
      trustPolicy: trustOf(healthy(place, 'system:serviceaccount:shop:*')),
    })
    putRole(place, { name: 'fine', trustPolicy: trustOf(healthy(place)) })
  }

  test('roles, the worst ones first, each finding with its fix, and what it adds up to', async () => {
    await using place = await account()
    three(place)
    const ended = await run(place)
    expect(ended.code).toBe(1)
    const at = ['role/open', 'role/audience', 'role/star', '✓ arn'].map((text) =>
      ended.stdout.indexOf(text),
    )
    expect(at).toEqual(at.toSorted((one, other) => one - other))
    expect(ended.stdout).toContain('  high    Every service account of')
    expect(ended.stdout).toContain('          trust/no-audience, statement 1, mended by --fix\n')
    expect(ended.stdout).toContain(
      `    +          "${place.claims}:aud": "sts.amazonaws.com"\n`.replace('    +  ', '    +  '),
    )
    expect(ended.stdout).toMatch(
      /\n\n4 roles read, 4 trust a provider, 3 findings: 1 high, 2 medium\n$/,
    )
    expect(ended.stderr).toContain('irsa audit-roles --fix --no-cluster  ')
    expect(ended.stderr).toContain('irsa audit-roles --format sarif --no-cluster > irsa.sarif')
    expect(ended.stdout).not.toContain('\u001b')
  })

  test('an advice comes with its diff and the command for it, and --fix leaves it alone', async () => {
    await using place = await account()
    putRole(place, {
      name: 'star',
      trustPolicy: trustOf(healthy(place, 'system:serviceaccount:shop:*')),
    })
    const found = await changingNothing(place, () => audit(place, ['--fix', '--yes']))
    const [finding] = found.roles[0]?.findings ?? []
    expect(finding?.command).toMatch(
      /^aws iam update-assume-role-policy --role-name star --policy-document '\{/,
    )
    expect(finding?.diff).toContain('+        "StringLike": {')
    expect(found.roles[0]?.diff).toBeUndefined()
  })

  test('a diff of the documents applies to the policy as it is', async () => {
    await using place = await account()
    three(place)
    const { roles } = await audit(place)
    const { diff = '', arn } = roles.find((role) => role.arn.endsWith('/audience')) ?? {}
    expect(arn).toBeDefined()
    const before = `${JSON.stringify(trustNow(place, 'audience'), undefined, 2)}\n`
    const after = applyPatch(before, diff)
    expect(after).not.toBe(false)
    expect(JSON.parse(String(after)).Statement[0].Condition.StringEquals).toMatchObject({
      [`${place.claims}:aud`]: 'sts.amazonaws.com',
    })
  })

  test.each([
    ['high', 1],
    ['never', 0],
  ])('--fail-on %s with something high: %s', async (severity, code) => {
    await using place = await account()
    putRole(place, { name: 'open', trustPolicy: trustOf(withoutSubject(place)) })
    expect((await audit(place, ['--fail-on', severity])).code).toBe(code)
  })

  test.each([
    ['high', 0],
    ['medium', 1],
    ['low', 1],
  ])('--fail-on %s with something medium: %s', async (severity, code) => {
    await using place = await account()
    putRole(place, { name: 'a', trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    expect((await audit(place, ['--fail-on', severity])).code).toBe(code)
  })

  test('the JSON of a finding keeps to the contract', async () => {
    await using place = await account()
    three(place)
    for (const { findings } of (await audit(place)).roles) {
      for (const finding of findings) {
        expect(finding).toMatchObject({
          id: expect.stringMatching(/^trust\/[a-z-]+$/),
          severity: expect.stringMatching(/^(high|medium|low|info)$/),
          summary: expect.stringMatching(/[^.]$/),
          fix: expect.stringMatching(/\S/),
        })
      }
    }
  })

  test('YAML and quiet', async () => {
    await using place = await account()
    three(place)
    expect((await run(place, ['-o', 'yaml'])).stdout).toMatch(
      /^apiVersion: irsa\/v1\nkind: Audit\n/,
    )
    const quiet = await run(place, ['--quiet'])
    expect(quiet.stderr).toBe('')
    expect(quiet.stdout).toContain('4 roles read')
  })
})

describe('SARIF', () => {
  test('is a log that code scanning takes, and the same every time', async () => {
    await using place = await account()
    putRole(place, { name: 'open', trustPolicy: trustOf(withoutSubject(place)) })
    putRole(place, { name: 'a', trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    const ended = await run(place, ['--format', 'sarif'])
    expect(ended.code).toBe(1)
    const log = ended.json<Sarif>()
    expect(log).toMatchObject({
      version: '2.1.0',
      $schema: expect.stringMatching(/sarif-schema-2\.1\.0\.json$/),
    })
    const [{ tool, results }] = log.runs
    expect(tool.driver.name).toBe('irsa')
    for (const rule of tool.driver.rules) {
      expect(rule).toMatchObject({ shortDescription: { text: /\S/ }, help: { text: /\S/ } })
    }
    expect(results.map(({ ruleId, level }) => `${level} ${ruleId}`)).toEqual([
      'warning trust/no-audience',
      'error trust/no-subject',
    ])
    for (const { ruleId, ruleIndex, locations, message, partialFingerprints } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
      expect(message.text).toMatch(/\S/)
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(
        /^iam\/role\/(open|a)\.json$/,
      )
      expect(locations[0].logicalLocations[0].fullyQualifiedName).toMatch(/^arn:aws:iam::/)
      expect(Object.keys(partialFingerprints)).toHaveLength(1)
    }
    expect(
      new Set(results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))).size,
    ).toBe(2)
    expect((await run(place, ['--format', 'sarif'])).stdout).toBe(ended.stdout)
  })

  test('without a finding there are no results', async () => {
    await using place = await workplace()
    const ended = await run(place, ['--format', 'sarif'])
    expect(ended.code).toBe(0)
    expect(ended.json<Sarif>().runs[0].results).toEqual([])
  })
})

interface Sarif {
  readonly version: string
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly name: string
          readonly rules: readonly { readonly id: string }[]
        }
      }
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly [
          {
            readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
            readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }]
          },
        ]
        readonly partialFingerprints: Readonly<Record<string, string>>
      }[]
    },
  ]
}

describe('--fix', () => {
  const broken = (place: Workplace & { issuer: string; claims: string }, ...names: string[]) => {
    for (const name of names) {
      putRole(place, { name, trustPolicy: trustOf(withoutAudience(place, CHECKOUT)) })
    }
  }
  const fixed = (place: { issuer: string; claims: string }) => ({
    StringEquals: {
      [`${place.claims}:sub`]: CHECKOUT,
      [`${place.claims}:aud`]: 'sts.amazonaws.com',
    },
  })

  test('shows the diffs, applies them, and reports what is left', async () => {
    await using place = await account()
    broken(place, 'a', 'b')
    const ended = await run(place, ['--fix', '--yes', '--fail-on', 'low'])
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain(`+          "${place.claims}:aud": "sts.amazonaws.com"`)
    expect(ended.stdout).toContain('\n\n  fixed\n')
    expect(ended.stdout).toContain('2 roles read, 2 trust a provider, no findings')
    for (const name of ['a', 'b']) {
      expect(trustNow(place, name).Statement[0].Condition).toEqual(fixed(place))
    }
    expect(await audit(place)).toMatchObject({
      code: 0,
      roles: [{ findings: [] }, { findings: [] }],
    })
  })

  test('shows the diffs before it applies them with --quiet as well', async () => {
    await using place = await account()
    broken(place, 'a')
    place.aws.intercept(({ operation }) =>
      operation === 'UpdateAssumeRolePolicy' ? DENIED : undefined,
    )
    const ended = await run(place, ['--fix', '--yes', '--quiet'])
    expect(ended.stderr).toContain('arn:aws:iam::111122223333:role/a\n')
    expect(ended.stderr).toContain(`+          "${place.claims}:aud": "sts.amazonaws.com"`)
  })

  test.each(['json', 'yaml'])('with -o %s the document has the diffs', async (form) => {
    await using place = await account()
    broken(place, 'a')
    const ended = await run(place, ['--fix', '--yes', '-o', form])
    expect(ended.stdout).toContain('sts.amazonaws.com')
    const { roles } = parse(ended.stdout) as Printed
    expect(roles).toMatchObject([{ fixed: true, findings: [] }])
    expect(roles[0]?.diff).toContain(`+          "${place.claims}:aud": "sts.amazonaws.com"`)
  })

  test('--dry-run changes nothing, and prints the diffs', async () => {
    await using place = await account()
    broken(place, 'a')
    const ended = await changingNothing(place, () => run(place, ['--fix', '--dry-run']))
    expect(ended.stdout).toContain('What --fix would change:')
  })

  test('without a terminal --yes has to be given', async () => {
    await using place = await account()
    broken(place, 'a')
    await expectRefusal(place, ['audit-roles', '--no-cluster', '--fix'], {
      code: 'usage/yes-required',
      exit: 2,
    })
  })

  test('with nothing to fix nobody is asked', async () => {
    await using place = await account()
    putRole(place, { name: 'shop', trustPolicy: trustOf(healthy(place)) })
    const ended = await changingNothing(place, () => run(place, ['--fix']))
    expect(ended.code, ended.stderr).toBe(0)
  })

  test('the exit code is of what is left', async () => {
    await using place = await account()
    broken(place, 'a')
    putRole(place, { name: 'open', trustPolicy: trustOf(withoutSubject(place)) })
    const found = await audit(place, ['--fix', '--yes'])
    expect(found.code).toBe(1)
    expect(said(found)).toEqual({ open: ['high trust/no-subject'], a: [] })
  })

  test('a trust that was changed meanwhile stays, and the others go on', async () => {
    await using place = await account()
    broken(place, 'a', 'b', 'c')
    const changed = trustOf(healthy(place, REFUND))
    place.aws.intercept(({ operation }) => {
      if (operation !== 'GetRole') return undefined
      place.aws.state.roles.get('a')!.trustPolicy = changed
      place.aws.state.roles.delete('b')
      return undefined
    })
    const found = await audit(place, ['--fix', '--yes'])
    expect(found.code).toBe(1)
    const outcomes = Object.fromEntries(found.roles.map((role) => [role.arn.slice(-1), role.fixed]))
    expect(outcomes).toEqual({ a: false, b: false, c: true })
    expect(place.aws.state.roles.get('a')?.trustPolicy).toBe(changed)
    expect(trustNow(place, 'c').Statement[0].Condition).toEqual(fixed(place))
    expect(found.roles.find(({ arn }) => arn.endsWith('/a'))?.problem?.what).toContain(
      'not the one',
    )
  })

  test('a policy that would be too long is told, and stays', async () => {
    await using place = await account(
      Array.from({ length: 40 }, (_, at) => `audience-${at}-${'x'.repeat(100)}`),
    )
    broken(place, 'a')
    const found = await changingNothing(place, () => audit(place, ['--fix', '--yes']))
    expect(found.code).toBe(2)
    expect(found.roles[0]?.problem?.what).toContain('too long')
  })
})

describe('bad input', () => {
  test.each([
    ['an issuer that is no URL', ['--issuer', 'oidc'], 'issuer/not-a-url'],
    [
      'an issuer with a slash at the end',
      ['--issuer', 'https://a.example/'],
      'issuer/trailing-slash',
    ],
    ['a severity that is none', ['--fail-on', 'worst'], 'usage/invalid'],
    ['a format that is none', ['--format', 'xml'], 'usage/invalid'],
    ['an argument', ['shop'], 'usage/invalid'],
    ['two forms at once', ['--format', 'sarif'], 'usage/flags-conflict'],
  ])('%s', async (_, args, code) => {
    await using place = await workplace()
    await expectRefusal(place, ['audit-roles', ...args], { code, exit: 2 })
  })

  test('without credentials it ends with 4', async () => {
    await using place = await workplace()
    const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    const ended = await run(place, ['-o', 'json'], env)
    expectProblem(ended, { code: 'aws/no-credentials', exit: 4 })
  })

  test('a trust policy that tries to paint the terminal does not', async () => {
    await using place = await account()
    putRole(place, { name: 'a', trustPolicy: trustOf(healthy(place, 'shop\u009b31m*')) })
    const ended = await run(place)
    expectNoStack(ended)
    expect(ended.stdout).not.toContain('\u009b')
  })
})

describe.skipIf(noTerminal)('on a terminal', () => {
  test('what could not be looked at is said once', async () => {
    await using place = await account()
    putRole(place, { name: 'a', trustPolicy: trustOf(healthy(place)) })
    const env = { ...place.aws.env, ...(await standInKubectl(place.cwd, {})) }
    const ended = await startInTerminal(['audit-roles'], { cwd: place.cwd, env }).ended
    expect(ended.stdout.match(/The cluster was asked/g)).toHaveLength(1)
  })

  test.each([
    ['y\r', 0, true],
    ['\r', 1, false],
  ])('--fix shows the diff in colour and asks: %j', async (typed, code, changed) => {
    await using place = await account()
    const trustPolicy = trustOf(withoutAudience(place, CHECKOUT))
    putRole(place, { name: 'a', trustPolicy })
    const { cwd, aws } = place
    const running = startInTerminal(['audit-roles', '--no-cluster', '--fix'], { cwd, env: aws.env })
    const question = 'Change the trust of this role in account 111122223333?'
    await Promise.race([saidBy(running, question), running.ended])
    running.child.stdin.write(typed)
    const ended = await running.ended
    expect(ended.stdout).toContain('\u001b[32m+')
    expect(ended.stdout).toContain(changed ? 'fixed' : 'Nothing was changed.')
    expect(ended.code).toBe(code)
    expect(place.aws.state.roles.get('a')?.trustPolicy === trustPolicy).toBe(!changed)
  })
})
