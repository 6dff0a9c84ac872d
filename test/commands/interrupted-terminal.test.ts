import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { ENTRY, startProgram, workplace } from '../support/cli.ts'
import { filesIn, lastingState } from '../support/lasting-state.ts'
import { said, STOPPING } from '../support/said.ts'
import { at } from '../support/signed-calls.ts'
import { CTRL_C, noTerminal, startInTerminal } from '../support/terminal.ts'

/** Two signals within 300 ms count as one wish to stop. */
const NOT_AT_ONCE_MS = 500

vi.setConfig({ testTimeout: 60_000 })

const INIT = ['init', '--name', 'x', '--yes']

const undisturbed = await undisturbedEnd()

async function undisturbedEnd() {
  await using place = await workplace()
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  return await lastingState(place)
}

describe('whoever reads our output stops reading', () => {
  test.each(['stdout', 'stderr'] as const)(
    '%s: the work is finished all the same',
    async (stream) => {
      await using place = await workplace()
      const running = place.start(INIT)
      running.child[stream].destroy()
      expect(await running.ended).toMatchObject({ code: 0 })
      expect(await lastingState(place)).toEqual(undisturbed)
    },
  )

  test('irsa init 2>&1 | head -1', async () => {
    await using place = await workplace()
    const pipe = '"$0" "$@" 2>&1 | head -1'
    const command = ['sh', '-c', pipe, process.execPath, ENTRY, ...INIT]
    const { ended } = startProgram(command, { cwd: place.cwd, env: place.aws.env })
    expect(await ended).toMatchObject({ code: 0 })
    expect(await lastingState(place)).toEqual(undisturbed)
  })
})

describe.skipIf(noTerminal)('Ctrl-C at a terminal', () => {
  test('in the first question: nothing is made, on disk neither', async () => {
    await using place = await workplace()
    const { cwd, aws } = place
    const running = startInTerminal(['init'], { cwd, env: aws.env })
    await said(running, 'A short name')
    running.child.stdin.write(CTRL_C)
    const ended = await running.ended
    expect(ended.code).toBe(130)
    expect(ended.stdout).toContain('Interrupted.')
    expect([...(await filesIn(cwd)).keys()]).toEqual([])
    expect(aws.requests).toEqual([])
  })

  test('in the question whether to go on, and then in the middle of it', async () => {
    await using place = await workplace()
    const { cwd, aws } = place
    const args = ['init', '--name', 'x', '--region', 'eu-west-3', '--key-bits', '2048']
    const flags = ['--host', 's3', '--bucket', 'irsa-x-111122223333-eu-west-3-an']
    const first = startInTerminal([...args, ...flags], { cwd, env: aws.env })
    await said(first, 'Do this in account')
    first.child.stdin.write(CTRL_C)
    expect(await first.ended).toMatchObject({ code: 130 })
    expect([...(await filesIn(cwd)).keys()]).toEqual([])

    const second = startInTerminal([...args, ...flags], { cwd, env: aws.env })
    const stopping = said(second, STOPPING)
    aws.intercept(
      at('CreateBucket', async () => {
        second.child.stdin.write(CTRL_C)
        await stopping
        return { kind: 'delay', ms: 100 }
      }),
    )
    await said(second, 'Do this in account')
    second.child.stdin.write('y\r')
    expect(await second.ended).toMatchObject({ code: 130 })
    expect(aws.state.buckets.size).toBe(1)
    aws.intercept(undefined)
    expect(await place.run(INIT)).toMatchObject({ code: 0 })
    expect(await lastingState(place)).toEqual(undisturbed)
  })

  test('twice: the run is gone at once', async () => {
    await using place = await workplace()
    const running = startInTerminal(INIT, { cwd: place.cwd, env: place.aws.env })
    const stopping = said(running, STOPPING)
    place.aws.intercept(
      at('CreateBucket', async () => {
        running.child.stdin.write(CTRL_C)
        await stopping
        await setTimeout(NOT_AT_ONCE_MS)
        running.child.stdin.write(CTRL_C)
        return { kind: 'delay', ms: 20_000 }
      }),
    )
    const begun = performance.now()
    expect(await running.ended).toMatchObject({ code: 130 })
    expect(performance.now() - begun).toBeLessThan(10_000)
  })
})
