import { describe, expect, test } from 'vitest'
import { accessDenied } from '../../src/core/problems/credentials.ts'
import { interrupted } from '../../src/core/problems/usage.ts'
import { Conflict } from '../../src/ports/conflict.ts'
import { applyPlan } from '../../src/workflows/apply-plan.ts'
import { makePlan, makeRemovalPlan } from '../../src/workflows/make-plan.ts'
import { removePlan } from '../../src/workflows/remove-plan.ts'
import { fastClock, noProgress, small, type Log } from './small-resources.ts'

const context = () => ({ clock: fastClock(), progress: noProgress, random: () => 1 })
const denied = () => accessDenied('s3:PutObject', 'keys.json', undefined)
const fails = (problem: () => Error) => async () => {
  throw problem()
}

describe('making a plan', () => {
  test('reads everything once, and changes nothing', async () => {
    const log: Log = []
    const a = small({ id: 'a', log, there: 'here' })
    const plan = await makePlan([
      a,
      small({ id: 'b', log, within: a }),
      small({ id: 'c', log, after: [a] }),
    ])
    expect(log.toSorted()).toEqual(['read a', 'read b', 'read c'])
    expect(plan.map(({ change }) => `${change.action} ${change.id}`)).toEqual([
      'none a',
      'create b',
      'create c',
    ])
  })

  test('does not ask for what lies in something that is not there', async () => {
    const log: Log = []
    const a = small({ id: 'a', log })
    const b = small({ id: 'b', log, within: a })
    const plan = await makePlan([a, b, small({ id: 'c', log, within: b })])
    expect(log).toEqual(['read a'])
    expect(plan.every(({ seen }) => seen === undefined)).toBe(true)
  })

  test('of several failures says the first in the list, after all have ended', async () => {
    const log: Log = []
    const slow = small({ id: 'a', log, read: async () => Promise.reject(new Error('first')) })
    const fast = small({ id: 'b', log, read: fails(() => new Error('second')) })
    await expect(makePlan([slow, fast, small({ id: 'c', log })])).rejects.toThrow('first')
    expect(log).toEqual(['read c'])
  })

  test('a removal goes the other way, and on where something cannot be read', async () => {
    const log: Log = []
    const a = small({ id: 'a', log, there: 'here' })
    const b = small({ id: 'b', log, read: fails(denied) })
    const plan = await makeRemovalPlan([a, b, small({ id: 'c', log })])
    expect(plan.map(({ change }) => `${change.action} ${change.id}`)).toEqual([
      'none c',
      'none b',
      'delete a',
    ])
    expect(plan[1]?.obstacle).toMatchObject({ code: 'aws/access-denied' })
    await expect(
      makeRemovalPlan([small({ id: 'd', log, read: fails(interrupted) })]),
    ).rejects.toThrow('Interrupted')
  })
})

describe('applying a plan', () => {
  test('keeps the order of what stands on something, and leaves alone what is right', async () => {
    const log: Log = []
    const a = small({ id: 'a', log })
    const b = small({ id: 'b', log, there: 'here', after: [a] })
    const c = small({ id: 'c', log, after: [a, b] })
    const plan = await makePlan([a, b, c])
    const pass = async () => void log.push('gate')
    const changes = await applyPlan(plan, context(), [{ before: c, pass }])
    expect(log.slice(3)).toEqual(['converge a', 'gate', 'converge c'])
    expect(changes).toHaveLength(3)
  })

  test('stops at the first failure', async () => {
    const log: Log = []
    const a = small({ id: 'a', log, converge: fails(denied) })
    const plan = await makePlan([a, small({ id: 'b', log, after: [a] })])
    await expect(applyPlan(plan, context())).rejects.toMatchObject({ code: 'aws/access-denied' })
    expect(log).not.toContain('converge b')
  })

  test('an interruption is noticed between two steps', async () => {
    const log: Log = []
    const clock = { ...fastClock(), sleep: fails(interrupted) }
    const plan = await makePlan([small({ id: 'a', log })])
    const applying = applyPlan(plan, { ...context(), clock })
    await expect(applying).rejects.toMatchObject({ code: 'interrupted' })
    expect(log).toEqual(['read a'])
  })

  test('where somebody else writes too, looks again until it is in line', async () => {
    const log: Log = []
    let there: string | undefined
    const a = small({
      id: 'a',
      log,
      read: async () => there,
      converge: async () => {
        log.push('converge')
        // The other one writes just what was to be written.
        if (log.length === 3) there = 'here'
        throw new Conflict('a has changed')
      },
    })
    await applyPlan(await makePlan([a]), context())
    expect(log).toEqual(['converge', 'converge', 'converge'])
  })

  test('gives up on them after a minute', async () => {
    const log: Log = []
    const lost = small({ id: 'a', log, converge: fails(() => new Conflict('a has changed')) })
    const { clock, ...rest } = context()
    const applying = applyPlan(await makePlan([lost]), { clock, ...rest })
    await expect(applying).rejects.toMatchObject({ code: 'documents/contended' })
    const waited = clock.waits.reduce((sum, wait) => sum + wait, 0)
    expect(waited).toBeGreaterThan(60_000)
    expect(waited).toBeLessThan(70_000)
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(5_000)
    const refused = small({ id: 'a', log, converge: fails(() => new Conflict('x', denied())) })
    const again = applyPlan(await makePlan([refused]), context())
    await expect(again).rejects.toMatchObject({ code: 'aws/access-denied' })
  })
})

describe('removing', () => {
  const removed = async (resources: Parameters<typeof makeRemovalPlan>[0]) =>
    removePlan(await makeRemovalPlan(resources), context())

  test('goes on where one thing fails, and says what is left and why', async () => {
    const log: Log = []
    const there = 'here'
    const { changes, left } = await removed([
      small({ id: 'a', log, there }),
      small({ id: 'b', log, there, remove: fails(denied) }),
      small({ id: 'c', log, there }),
    ])
    expect(log.slice(3)).toEqual(['remove c', 'remove a'])
    expect(changes.map(({ id }) => id)).toEqual(['c', 'a'])
    expect(left).toEqual([
      { resource: 'object', id: 'b', why: expect.stringContaining('PutObject') },
    ])
  })

  test('a bucket stays while something in it is left', async () => {
    const log: Log = []
    const bucket = small({ id: 'a', log, there: 'here', kind: 'bucket' })
    const document = small({ id: 'b', log, there: 'here', remove: fails(denied) })
    const { left } = await removed([bucket, document])
    expect(left.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(log).not.toContain('remove a')
  })

  test('what is not there, or not ours, is left in peace', async () => {
    const log: Log = []
    const { changes, left } = await removed([
      small({ id: 'a', log }),
      small({ id: 'b', log, there: 'here', verdict: 'none' }),
    ])
    expect(log.filter((line) => line.startsWith('remove'))).toEqual([])
    expect([changes.length, left.length]).toEqual([2, 0])
  })

  test('a conflict is tried again, until the thing is gone', async () => {
    const log: Log = []
    let tries = 0
    const a = small({
      id: 'a',
      log,
      read: async () => (tries < 2 ? 'here' : undefined),
      remove: async () => {
        tries += 1
        throw new Conflict('a is settling')
      },
    })
    const { left } = await removed([a])
    expect([tries, left]).toEqual([2, []])
  })

  test('an interruption ends it, and a bug too', async () => {
    const log: Log = []
    const there = 'here'
    const stopped = removed([small({ id: 'a', log, there, remove: fails(interrupted) })])
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' })
    const broken = removed([
      small({ id: 'a', log, there, remove: fails(() => new TypeError('x')) }),
    ])
    await expect(broken).rejects.toThrow(TypeError)
  })
})
