import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { keepState, lastingState } from '../support/lasting-state.ts'
import { answer, everydayMishaps, type Mishap, tally } from '../support/mishaps.ts'
import { places } from '../support/places.ts'
import { ISSUER, putPolicy, putProvider, READ_S3 } from '../support/roles.ts'
import { at, isWrite, runKilledAt, signedCalls } from '../support/signed-calls.ts'

const ABOUT = ['shop/checkout', '--issuer', ISSUER]
const CREATE = [
  'create-role',
  ...ABOUT,
  '--policy-arn',
  READ_S3,
  '--policy-file',
  's3.json',
  '--permissions-boundary',
  'arn:aws:iam::aws:policy/PowerUserAccess',
]
const DELETE = ['delete-role', ...ABOUT, '--yes']

// Most of a test's time is waiting for its turn.
vi.setConfig({ testTimeout: 120_000 })

const turns = await places(2)
afterAll(() => turns[Symbol.asyncDispose]())

/** A place with a provider, and the role of `CREATE` if it is to be deleted. */
async function freshPlace(command: readonly string[]) {
  const lent = await turns.take()
  const { place } = lent
  const forget = keepState(place.aws.state)
  putProvider(place)
  await putPolicy(place, 's3.json')
  if (command === DELETE) await place.run(CREATE)
  return {
    place,
    async [Symbol.asyncDispose]() {
      forget()
      await lent[Symbol.asyncDispose]()
    },
  }
}

/** What one good run calls, and leaves behind. */
async function undisturbedRun(command: readonly string[]) {
  await using fresh = await freshPlace(command)
  const { place } = fresh
  const start = place.aws.requests.length
  expect(await place.run(command)).toMatchObject({ code: 0 })
  const calls = signedCalls(place.aws.requests.slice(start))
  return { command, calls, state: await lastingState(place) }
}

type Undisturbed = Awaited<ReturnType<typeof undisturbedRun>>

const runs = {
  'create-role': await undisturbedRun(CREATE),
  'delete-role': await undisturbedRun(DELETE),
}

/** Expects the end of an undisturbed run, of which a further run changes nothing. */
async function expectSameEnd(place: Workplace, { command, state }: Undisturbed): Promise<void> {
  expect(await lastingState(place)).toEqual(state)
  const start = place.aws.requests.length
  expect(await place.run(command)).toMatchObject({ code: 0 })
  expect(signedCalls(place.aws.requests.slice(start)).filter(isWrite)).toEqual([])
}

test('the calls of one good run', () => {
  expect(runs['create-role'].calls.toSorted()).toEqual([
    'AttachRolePolicy',
    'CreateRole',
    'GetCallerIdentity',
    'GetOpenIDConnectProvider',
    'GetRole',
    'PutRolePolicy',
  ])
  expect(runs['delete-role'].calls.toSorted()).toEqual([
    'DeleteRole',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'GetCallerIdentity',
    'GetRole',
    'GetRole (2)',
    'GetRolePolicy',
    'ListAttachedRolePolicies',
    'ListInstanceProfilesForRole',
    'ListRolePolicies',
  ])
})

describe.each(Object.entries(runs))('%s', (_name, run) => {
  const { command, calls } = run
  const killings = (['before', 'after'] as const).map((moment) => ({
    moment,
    what: `killed just ${moment} the call`,
    calls,
  }))
  const mishaps: readonly Mishap[] = [
    ...everydayMishaps(calls).filter((mishap) => mishap.calls.length > 0),
    {
      what: 'a ConcurrentModification',
      calls: calls.filter(isWrite),
      times: 1,
      interception: answer(409, 'ConcurrentModification'),
    },
    {
      what: 'four Throttling',
      calls: calls.filter(isWrite),
      times: 4,
      interception: answer(400, 'Throttling', 'Rate exceeded'),
    },
  ]
  const score = tally([...killings, ...mishaps])

  describe.concurrent.each(killings)('$what', ({ moment, what }) => {
    test.each(calls)('%s: the same command finishes it', async (call) => {
      await using fresh = await freshPlace(command)
      const { place } = fresh
      expect(await runKilledAt(place, command, { call, moment })).toMatchObject({
        signal: 'SIGKILL',
      })
      expect(await place.run(command)).toMatchObject({ code: 0 })
      await expectSameEnd(place, run)
      score.count(what)
    })
  })

  describe.concurrent.each(mishaps)('gets over $what', ({ what, calls, times, interception }) => {
    test.each(calls)('at %s', async (call) => {
      await using fresh = await freshPlace(command)
      const { place } = fresh
      const hook = at(call, () => interception, times)
      place.aws.intercept(hook)
      expect(await place.run(command)).toMatchObject({ code: 0 })
      place.aws.intercept(undefined)
      expect(hook.happened()).toBe(times)
      await expectSameEnd(place, run)
      score.count(what)
    })
  })

  test('however it was disturbed, it ended in the same state', async ({ annotate }) => {
    await annotate(score.line())
    expect(score.reached()).toBe(score.expected)
  })
})
