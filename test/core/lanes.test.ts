import { expect, test } from 'vitest'
import { lanes } from '../../src/core/lanes.ts'

test('no more are under way than there are lanes, and all get their turn in order', async () => {
  const inLane = lanes(3)
  const began: number[] = []
  let now = 0
  let most = 0
  const work = Array.from({ length: 10 }, (_, at) =>
    inLane(async () => {
      began.push(at)
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      return at
    }),
  )
  expect(await Promise.all(work)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([most, began]).toEqual([3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
})

test('a failure gives its lane back', async () => {
  const inLane = lanes(1)
  const fails = inLane(async () => Promise.reject(new Error('no')))
  await expect(fails).rejects.toThrow('no')
  expect(await inLane(async () => 'yes')).toBe('yes')
})
