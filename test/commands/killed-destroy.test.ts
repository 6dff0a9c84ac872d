import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { keepState, lastingState } from '../support/lasting-state.ts'
import { answer, lostAnswer, tally, type Mishap } from '../support/mishaps.ts'
import { places } from '../support/places.ts'
import { at, isWrite, runKilledAt, signedCalls } from '../support/signed-calls.ts'

const INIT = ['init', '--name', 'x', '--yes']
const DESTROY = ['destroy', '--confirm', 'x']

// Most of a test's time is waiting for its turn.
vi.setConfig({ testTimeout: 120_000 })

const turns = await places(2)
afterAll(() => turns[Symbol.asyncDispose]())
const made = new Map<Workplace, Awaited<ReturnType<typeof makeIssuer>>>()
const calls = await undisturbedCalls()

/** A place with an issuer that is up and running, made once and brought back after each test. */
async function placeWithIssuer() {
  const lent = await turns.take()
  const { place } = lent
  const { before, bringBack } = made.get(place) ?? (await makeIssuer(place))
  return {
    place,
    before,
    async [Symbol.asyncDispose]() {
      bringBack()
      await lent[Symbol.asyncDispose]()
    },
  }
}

async function makeIssuer(place: Workplace) {
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  const before = await lastingState(place)
  const issuer = { before, bringBack: keepState(place.aws.state) }
  made.set(place, issuer)
  return issuer
}

/** What one good run calls. */
async function undisturbedCalls() {
  await using issuer = await placeWithIssuer()
  const { place, before } = issuer
  const start = place.aws.requests.length
  expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
  const calls = signedCalls(place.aws.requests.slice(start))
  await expectAllGone(issuer)
  expect(before.buckets).toHaveLength(1)
  return calls
}

/** Everything is gone from AWS, nothing from the folder, and a further run finds nothing to do. */
async function expectAllGone({
  place,
  before,
}: Pick<Awaited<ReturnType<typeof placeWithIssuer>>, 'place' | 'before'>) {
  expect(await lastingState(place)).toEqual({ buckets: [], providers: [], files: before.files })
  const start = place.aws.requests.length
  expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
  expect(signedCalls(place.aws.requests.slice(start)).filter(isWrite)).toEqual([])
}

const killings = (['before', 'after'] as const).map((moment) => ({
  moment,
  what: `killed just ${moment} the call`,
  calls,
}))

const mishaps: readonly Mishap[] = [
  lostAnswer(calls),
  {
    what: 'two OperationAborted',
    calls: ['DeleteBucketPolicy', 'DeleteBucket'],
    times: 2,
    interception: answer(409, 'OperationAborted', 'A conflicting operation is in progress.'),
  },
]

const score = tally([...killings, ...mishaps])

describe.concurrent.each(killings)('destroy, $what', ({ moment, what, calls }) => {
  test.each(calls)('%s: the same command finishes it', async (call) => {
    await using issuer = await placeWithIssuer()
    const { place } = issuer
    expect(await runKilledAt(place, DESTROY, { call, moment })).toMatchObject({ signal: 'SIGKILL' })
    expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
    await expectAllGone(issuer)
    score.count(what)
  })
})

describe.concurrent.each(mishaps)(
  'destroy gets over $what',
  ({ what, calls, times, interception }) => {
    test.each(calls)('at %s', async (call) => {
      await using issuer = await placeWithIssuer()
      const { place } = issuer
      const hook = at(call, () => interception, times)
      place.aws.intercept(hook)
      expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
      place.aws.intercept(undefined)
      expect(hook.happened()).toBe(times)
      await expectAllGone(issuer)
      score.count(what)
    })
  },
)

test('however destroy was disturbed, everything is gone and the keys are not', async ({
  annotate,
}) => {
  await annotate(score.line())
  expect(score.reached()).toBe(score.expected)
})
