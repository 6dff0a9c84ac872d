import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readInput } from '../../src/adapters/input.ts'

const stream = (...texts: readonly string[]) =>
  Readable.from(texts.map((text) => Buffer.from(text)))

test('all of the input is read, whatever the pieces it comes in', async () => {
  expect((await readInput(stream('ab', 'c'))).toString()).toBe('abc')
  expect((await readInput(stream())).toString()).toBe('')
})

test('no more is read than was asked for, and the writer is told', async () => {
  let pieces = 0
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(1_000, (pieces += 1))
    })(),
  )
  expect(await readInput(endless, 2_500)).toHaveLength(2_500)
  expect(endless.destroyed).toBe(true)
  expect(pieces).toBeLessThan(100)
})
