import { describe, expect, test } from 'vitest'
import type { Ground } from '../../src/core/audit/ground.ts'
import { judge } from '../../src/core/audit/judge.ts'
import { evaluate } from '../../src/sandbox/policy/evaluate.ts'
import type { PolicyDocument } from '../../src/sandbox/policy/document.ts'

const ISSUER = 'oidc.example.com'
const OTHER = 'gitlab.example.com'
const GONE = 'gone.example.com'
const ROLE = 'arn:aws:iam::111122223333:role/shop'
const arnOf = (issuer: string) => `arn:aws:iam::111122223333:oidc-provider/${issuer}`
const subjects = ['shop:checkout', 'shop:refund', 'infra:agent', 'team-a:job'].map(
  (name) => `system:serviceaccount:${name}`,
)

/** A generator of pseudo-random numbers, so that a failure can be seen again: mulberry32. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const AUDIENCES = ['sts.amazonaws.com', 'vault']
const OPERATORS = ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike']
const FORMS = ['', '', '', 'ForAllValues:', 'ForAnyValue:']
const VALUES = [
  ...subjects,
  '*',
  'system:serviceaccount:shop:*',
  'system:serviceaccount:*:checkout',
  'system:serviceaccount:team-?:job',
  'shop/checkout',
]
const KEYS = [ISSUER, ISSUER, ISSUER, OTHER, `https://${ISSUER}`]
const PRINCIPALS: readonly object[] = [
  { Principal: { Federated: arnOf(ISSUER) } },
  { Principal: { Federated: arnOf(ISSUER) } },
  { Principal: { Federated: [arnOf(ISSUER), arnOf(OTHER)] } },
  { Principal: { Federated: arnOf(GONE) } },
  { Principal: { Federated: [arnOf(GONE), arnOf(ISSUER)] } },
  { Principal: '*' },
  { Principal: { Federated: '*' } },
  { Principal: { AWS: '*' } },
  { NotPrincipal: { Federated: arnOf(OTHER) } },
  { NotPrincipal: { Federated: arnOf(ISSUER) } },
]
const ACTIONS = [
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithWebIdentity',
  'sts:*',
  'sts:AssumeRole',
]

const ACCOUNT = { AWS: 'arn:aws:iam::111122223333:root' }

/** One statement for several clusters and others, as people write it to have only one. */
const SHARED: readonly object[] = [
  { Principal: { Federated: [arnOf(ISSUER), arnOf(OTHER)] } },
  { Principal: { Federated: [arnOf(ISSUER), arnOf(OTHER)] } },
  { Principal: { Federated: [arnOf(ISSUER), arnOf(GONE), arnOf(OTHER)] } },
  { Principal: { Federated: arnOf(ISSUER), ...ACCOUNT } },
  { Principal: { Federated: [arnOf(OTHER), arnOf(ISSUER)], ...ACCOUNT } },
  { Principal: { Federated: [arnOf(GONE), arnOf(ISSUER)], ...ACCOUNT } },
  { Principal: { Federated: arnOf(ISSUER) } },
  { Principal: { Federated: '*', ...ACCOUNT } },
  { Principal: '*' },
]

/** Most of it is met where a claim is absent. */
function sharedPolicy(pick: (below: number) => number): PolicyDocument {
  const one = <T>(from: readonly T[]): T => from[pick(from.length)] as T
  const several = (from: readonly string[]) => Array.from({ length: 1 + pick(3) }, () => one(from))
  const tests = () => {
    const made: Record<string, Record<string, unknown>> = {}
    for (const issuer of [ISSUER, OTHER]) {
      for (let n = pick(4); n > 0; n -= 1) {
        const operator = `${one(['', '', 'ForAllValues:'])}${one(OPERATORS.slice(0, 2))}${one(['', 'IfExists', 'IfExists'])}`
        const values = several(VALUES.slice(0, -1))
        made[operator] = { ...made[operator], [`${issuer}:sub`]: values }
      }
      const operator = one(['StringEquals', 'StringEqualsIfExists', 'ForAllValues:StringLike'])
      if (pick(3) > 0) made[operator] = { ...made[operator], [`${issuer}:aud`]: several(AUDIENCES) }
    }
    return made
  }
  const statement = () => ({
    Effect: 'Allow',
    ...one(SHARED),
    Action: one(['sts:AssumeRoleWithWebIdentity', 'sts:*']),
    Condition: tests(),
  })
  const Statement = Array.from({ length: 1 + pick(2) }, statement)
  return { Version: '2012-10-17', Statement } as PolicyDocument
}

function madeUpPolicy(pick: (below: number) => number): PolicyDocument {
  const one = <T>(from: readonly T[]): T => from[pick(from.length)] as T
  const some = <T>(from: readonly T[]): T | T[] =>
    pick(2) === 0 ? one(from) : Array.from({ length: 1 + pick(3) }, () => one(from))
  const condition = () => {
    const made: Record<string, Record<string, unknown>> = {}
    for (let n = pick(4); n > 0; n -= 1) {
      const operator = `${one(FORMS)}${one(OPERATORS)}${one(['', '', '', 'IfExists'])}`
      const isSub = pick(3) > 0
      const key = `${one(KEYS)}:${isSub ? 'sub' : 'aud'}`
      made[operator] = {
        ...made[operator],
        [key]: isSub ? some(VALUES) : some([...AUDIENCES, '*']),
      }
    }
    return made
  }
  const statement = () => ({
    Effect: pick(6) === 0 ? 'Deny' : 'Allow',
    ...one(PRINCIPALS),
    Action: one(ACTIONS),
    Condition: condition(),
  })
  return {
    Version: '2012-10-17',
    Statement: Array.from({ length: 1 + pick(3) }, statement),
  } as PolicyDocument
}

const GROUND: Ground = {
  scope: { issuers: undefined, known: [ISSUER, OTHER] },
  account: '111122223333',
  partition: 'aws',
  providers: new Map(
    [ISSUER, OTHER].map((issuer) => [arnOf(issuer), { audiences: AUDIENCES, issuer: undefined }]),
  ),
  cluster: {
    issuer: ISSUER,
    accounts: new Map([
      [subjects[0]!, ROLE],
      [subjects[1]!, undefined],
      [subjects[3]!, ROLE],
    ]),
  },
  documents: () => undefined,
  clusters: new Set([ISSUER]),
}

/** Everybody who may come with a token, and some who come without one or without a claim. */
const callers = [ISSUER, OTHER, GONE].flatMap((issuer) =>
  [...subjects, undefined].flatMap((sub) =>
    ['sts.amazonaws.com', 'vault', undefined].map((aud) => ({
      asker: { type: 'Federated' as const, names: [arnOf(issuer)] },
      action: 'sts:AssumeRoleWithWebIdentity',
      context: {
        ...(sub === undefined ? {} : { [`${issuer}:sub`]: [sub] }),
        ...(aud === undefined ? {} : { [`${issuer}:aud`]: [aud] }),
      },
    })),
  ),
)
const users = [
  {
    asker: { type: 'AWS' as const, names: ['arn:aws:iam::999999999999:user/eve', '999999999999'] },
    action: 'sts:AssumeRole',
    context: {},
  },
  {
    asker: {
      type: 'AWS' as const,
      names: ['arn:aws:iam::111122223333:root', '111122223333'],
    },
    action: 'sts:AssumeRole',
    context: {},
  },
]

/** Those that there are: tokens of AWS's providers have both claims, and an account that exists. */
const real = new Set<(typeof callers)[number] | (typeof users)[number]>([
  ...callers.filter(({ asker, context }) => {
    const issuer = [ISSUER, OTHER].find((name) => asker.names.includes(arnOf(name)))
    const { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud } = context as Record<string, string[]>
    if (issuer === undefined || sub === undefined || aud === undefined) return false
    return issuer !== GROUND.cluster?.issuer || GROUND.cluster.accounts.has(sub.join())
  }),
  ...users,
])

const lettingIn = (policy: PolicyDocument) =>
  [...callers, ...users].filter((caller) => evaluate([policy], caller) === 'allow')

const judged = (trust: unknown) =>
  judge(
    {
      arn: ROLE,
      name: 'shop',
      path: '/',
      trust,
      boundary: undefined,
      tags: {},
      attached: [],
      inline: {},
    },
    GROUND,
  )

describe('whatever a trust policy says', () => {
  const policies = Array.from({ length: 3000 }, (_, seed) =>
    (seed % 2 === 0 ? madeUpPolicy : sharedPolicy)(random(seed)),
  )

  test('--fix lets in nobody whom the embedded AWS would not let in before', () => {
    const fixed = policies.flatMap((policy) => {
      const { mended } = judged(policy)
      return mended === undefined ? [] : [{ policy, mended: mended as PolicyDocument }]
    })
    expect(fixed.length).toBeGreaterThan(policies.length / 6)
    for (const { policy, mended } of fixed) {
      const before = lettingIn(policy)
      const more = lettingIn(mended).filter((caller) => !before.includes(caller))
      expect(more, JSON.stringify({ policy, mended }, undefined, 1)).toEqual([])
    }
  })

  test('--fix shuts out nobody who exists', () => {
    for (const policy of policies) {
      const { mended } = judged(policy)
      if (mended === undefined) continue
      const after = lettingIn(mended as PolicyDocument)
      const lost = lettingIn(policy).filter((caller) => real.has(caller) && !after.includes(caller))
      expect(lost, JSON.stringify({ policy, mended }, undefined, 1)).toEqual([])
    }
  })

  test('fixing it again and again comes to an end', () => {
    for (const policy of policies) {
      let trust: unknown = policy
      let rounds = 0
      for (let next = judged(trust).mended; next !== undefined; next = judged(trust).mended) {
        trust = next
        rounds += 1
        expect(rounds, JSON.stringify({ policy, trust }, undefined, 1)).toBeLessThan(5)
      }
    }
  })

  test('where a stranger of the cluster gets in, something high is found, or a wildcard', () => {
    for (const policy of policies) {
      const strangers = lettingIn(policy).filter(
        ({ context }) =>
          `${ISSUER}:sub` in context && (context as never)[`${ISSUER}:sub`][0] === subjects[2],
      )
      if (strangers.length === 0) continue
      // One who is named is no stranger.
      const named = JSON.stringify(policy).includes(subjects[2]!)
      const { findings } = judged(policy)
      const told = findings.some(
        ({ id, severity }) => severity === 'high' || id === 'trust/subject-wildcard',
      )
      expect(told || named, JSON.stringify({ policy, findings }, undefined, 1)).toBe(true)
    }
  })
})
