import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { emptyFolder, keepState, lastingState } from '../support/lasting-state.ts'
import { answer, everydayMishaps, tally, type Mishap } from '../support/mishaps.ts'
import { places } from '../support/places.ts'
import { at, isWrite, runKilledAt, signedCalls } from '../support/signed-calls.ts'

const INIT = ['init', '--name', 'x', '--yes']
const KEY_FILES = ['keys/sa-signer.key', 'keys/sa-signer.pub', 'keys/.gitignore'] as const

// Most of a test's time is waiting for its turn.
vi.setConfig({ testTimeout: 120_000 })

const turns = await places(2)
afterAll(() => turns[Symbol.asyncDispose]())
const undisturbed = await undisturbedRun()
const { calls } = undisturbed

/** What one good run calls, and what it leaves behind. */
async function undisturbedRun() {
  await using lent = await turns.take()
  const { place } = lent
  const forget = keepState(place.aws.state)
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  const state = await lastingState(place)
  const keys = KEY_FILES.map((path) => readFile(join(place.cwd, path), 'utf8'))
  const run = { calls: signedCalls(place.aws.requests), state, keys: await Promise.all(keys) }
  await emptyFolder(place)
  forget()
  return run
}

/** A place where nothing was done yet; after the test everything is as before. */
async function freshPlace(keys: 'with keys' | 'without keys') {
  const lent = await turns.take()
  const forget = keepState(lent.place.aws.state)
  if (keys === 'with keys') await bringKeys(lent.place)
  return {
    place: lent.place,
    async [Symbol.asyncDispose]() {
      await emptyFolder(lent.place)
      forget()
      await lent[Symbol.asyncDispose]()
    },
  }
}

/** Making a pair takes longer than all the rest; most cases are not about it. */
async function bringKeys({ cwd }: Workplace): Promise<void> {
  await mkdir(join(cwd, 'keys'))
  for (const [index, path] of KEY_FILES.entries()) {
    const mode = path.endsWith('.key') ? 0o600 : 0o644
    await writeFile(join(cwd, path), undisturbed.keys[index] ?? '', { mode })
  }
}

/** Expects the end of an undisturbed run, of which a further run changes nothing. */
async function expectSameEnd(place: Workplace): Promise<void> {
  expect(await lastingState(place)).toEqual(undisturbed.state)
  const before = place.aws.requests.length
  expect(await place.run(INIT)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('nothing was written'),
  })
  expect(signedCalls(place.aws.requests.slice(before)).filter(isWrite)).toEqual([])
  expect(await lastingState(place)).toEqual(undisturbed.state)
}

test('an undisturbed init makes ten signed calls', () => {
  expect(calls.toSorted()).toEqual([
    'CreateBucket',
    'CreateOpenIDConnectProvider',
    'GetCallerIdentity',
    'GetOpenIDConnectProvider',
    'HeadBucket',
    'PutBucketPolicy',
    'PutObject .well-known/openid-configuration',
    'PutObject keys.json',
    'PutPublicAccessBlock',
    'account GetPublicAccessBlock',
  ])
})

const killings = (['before', 'after'] as const).map((moment) => ({
  moment,
  what: `killed just ${moment} the call`,
  calls,
}))

const CONFIGURATION = ['CreateBucket', 'PutPublicAccessBlock', 'PutBucketPolicy']

const mishaps: readonly Mishap[] = [
  ...everydayMishaps(calls),
  {
    what: 'a ConcurrentModification',
    calls: ['CreateOpenIDConnectProvider'],
    times: 1,
    interception: answer(409, 'ConcurrentModification'),
  },
  {
    what: 'two OperationAborted',
    calls: CONFIGURATION,
    times: 2,
    interception: answer(409, 'OperationAborted', 'A conflicting operation is in progress.'),
  },
  {
    what: 'three refusals by the block that was just opened',
    calls: ['PutBucketPolicy'],
    times: 3,
    interception: answer(
      403,
      'AccessDenied',
      'User: arn:aws:iam::111122223333:user/admin is not authorized to perform: s3:PutBucketPolicy ' +
        'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    ),
  },
]

const score = tally([...killings, ...mishaps])

describe.concurrent.each(killings)('init, $what', ({ moment, what, calls }) => {
  test.each(calls)('%s: the same command finishes it', async (call) => {
    await using fresh = await freshPlace('without keys')
    const { place } = fresh
    expect(await runKilledAt(place, INIT, { call, moment })).toMatchObject({ signal: 'SIGKILL' })
    expect(await place.run(INIT)).toMatchObject({ code: 0 })
    await expectSameEnd(place)
    score.count(what)
  })
})

describe.concurrent.each(mishaps)(
  'init gets over $what',
  ({ what, calls, times, interception }) => {
    test.each(calls)('at %s', async (call) => {
      await using fresh = await freshPlace('with keys')
      const { place } = fresh
      const hook = at(call, () => interception, times)
      place.aws.intercept(hook)
      expect(await place.run(INIT)).toMatchObject({ code: 0 })
      place.aws.intercept(undefined)
      expect(hook.happened()).toBe(times)
      await expectSameEnd(place)
      score.count(what)
    })
  },
)

test('however init was disturbed, it ended in the same state', async ({ annotate }) => {
  await annotate(score.line())
  expect(score.reached()).toBe(score.expected)
})
