import { expect, test } from 'vitest'
import { interrupted } from '../../src/core/problems/usage.ts'
import { looked, type Verification } from '../../src/core/verify/link.ts'
import { type Round, watchChain } from '../../src/workflows/verify/watch-chain.ts'
import { chainOf, KID_MISSING } from '../support/verifications.ts'

const BROKEN = chainOf({ jwks: looked('jwks', '', { findings: [KID_MISSING] }) })

/** Sees these one after the other, and is interrupted then. */
async function watching(seen: readonly (Verification | Error)[]) {
  const left = [...seen]
  const slept: number[] = []
  const rounds: Round[] = []
  const clock = {
    now: () => new Date(0),
    sleep: async (ms: number) => {
      slept.push(ms)
      if (left.length === 0) throw interrupted()
    },
  }
  const look = async (): Promise<Verification> => {
    const next = left.shift()
    if (next === undefined || next instanceof Error) throw next ?? new Error('nothing left')
    return next
  }
  for await (const round of watchChain(clock, 30, look)) rounds.push(round)
  return { slept, rounds }
}

test('a watch looks, waits and looks again, and ends when it is interrupted while it waits', async () => {
  const { slept, rounds } = await watching([chainOf(), BROKEN, BROKEN])
  expect(slept).toEqual([30_000, 30_000, 30_000])
  expect(rounds.map(({ changes }) => changes?.map(({ after }) => after.id))).toEqual([
    undefined,
    ['jwks'],
    [],
  ])
})

test('it ends as well when it is interrupted while it looks', async () => {
  const { rounds } = await watching([chainOf(), interrupted()])
  expect(rounds).toHaveLength(1)
})

test('before anything was seen it is interrupted as everything else', async () => {
  await expect(watching([interrupted()])).rejects.toMatchObject({ code: 'interrupted' })
})

test('any other error goes on as it is', async () => {
  await expect(watching([chainOf(), new Error('a bug')])).rejects.toThrow('a bug')
})
