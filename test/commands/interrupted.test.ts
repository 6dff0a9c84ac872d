import { setTimeout } from 'node:timers/promises'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { lastingState } from '../support/lasting-state.ts'
import { listen } from '../support/loopback-servers.ts'
import { said, STOPPING } from '../support/said.ts'
import { at, isWrite, signedCalls, type CallName } from '../support/signed-calls.ts'

/** Two signals within 300 ms count as one wish to stop. */
const NOT_AT_ONCE_MS = 500

vi.setConfig({ testTimeout: 60_000 })

const INIT = ['init', '--name', 'x', '--yes']
const CALLS: readonly CallName[] = [
  'GetCallerIdentity',
  'HeadBucket',
  'account GetPublicAccessBlock',
  'CreateBucket',
  'PutPublicAccessBlock',
  'PutBucketPolicy',
  'PutObject keys.json',
]

const undisturbed = await undisturbedEnd()

async function undisturbedEnd() {
  await using place = await workplace()
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  return await lastingState(place)
}

/** Sends a signal during a call, which is carried out once the run has said that it will stop. */
async function runInterruptedAt(
  { aws, start }: Workplace,
  call: CallName,
  signal: NodeJS.Signals = 'SIGINT',
) {
  const running = start(INIT)
  const stopping = said(running, STOPPING)
  let before = 0
  const hook = at(call, async () => {
    running.child.kill(signal)
    await stopping
    before = aws.requests.length
    return { kind: 'delay', ms: 300 }
  })
  aws.intercept(hook)
  const ended = await running.ended
  aws.intercept(undefined)
  return { ended, afterwards: signedCalls(aws.requests.slice(before)) }
}

async function expectFinishedByRerun(place: Workplace): Promise<void> {
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  expect(await lastingState(place)).toEqual(undisturbed)
}

describe('Ctrl-C during a call', () => {
  test.each(CALLS)('%s: is said at once, the call ends, no other begins', async (call) => {
    await using place = await workplace()
    const { ended, afterwards } = await runInterruptedAt(place, call)
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toContain('Run the same command again to go on where it stopped.')
    // The two documents are written side by side: the other one may be under way as well.
    const underWay = afterwards.filter((name) => isWrite(name) && !name.startsWith('PutObject'))
    expect(underWay).toEqual(isWrite(call) && !call.startsWith('PutObject') ? [call] : [])
    await expectFinishedByRerun(place)
  })

  test('the last call of all: with it everything is done, and the run says so', async () => {
    await using place = await workplace()
    const { ended } = await runInterruptedAt(place, 'CreateOpenIDConnectProvider')
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('provider') })
    expect(await lastingState(place)).toEqual(undisturbed)
  })

  test('a second one ends the run at once', async () => {
    await using place = await workplace()
    const running = place.start(INIT)
    const stopping = said(running, STOPPING)
    let second = 0
    place.aws.intercept(
      at('PutBucketPolicy', async () => {
        running.child.kill('SIGINT')
        await stopping
        await setTimeout(NOT_AT_ONCE_MS)
        second = performance.now()
        running.child.kill('SIGINT')
        return { kind: 'delay', ms: 20_000 }
      }),
    )
    expect(await running.ended).toMatchObject({ code: 130 })
    expect(performance.now() - second).toBeLessThan(5_000)
    place.aws.intercept(undefined)
    await expectFinishedByRerun(place)
  })

  test('SIGTERM, as from a job that is cancelled, is heard in the same way', async () => {
    await using place = await workplace()
    const { ended, afterwards } = await runInterruptedAt(place, 'PutPublicAccessBlock', 'SIGTERM')
    expect(ended.code).toBe(130)
    expect(afterwards).toEqual(['PutPublicAccessBlock'])
    await expectFinishedByRerun(place)
  })

  test('with --output json the problem is one object', async () => {
    await using place = await workplace()
    const running = place.start([...INIT, '--output', 'json'])
    place.aws.intercept(
      at('CreateBucket', () => {
        running.child.kill('SIGINT')
        return { kind: 'delay', ms: 300 }
      }),
    )
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.problem()).toMatchObject({ code: 'interrupted', exit: 130 })
  })

  test('destroy: stops before the next deletion', async () => {
    await using place = await workplace()
    await place.run(INIT)
    const running = place.start(['destroy', '--confirm', 'x'])
    const stopping = said(running, STOPPING)
    place.aws.intercept(
      at('DeleteOpenIDConnectProvider', async () => {
        running.child.kill('SIGINT')
        await stopping
        return { kind: 'delay', ms: 300 }
      }),
    )
    expect(await running.ended).toMatchObject({ code: 130 })
    expect(place.aws.state.providers.size).toBe(0)
    expect([...place.aws.state.buckets.values()][0]?.objects.size).toBe(2)
    expect(await place.run(['destroy', '--confirm', 'x'])).toMatchObject({ code: 0 })
    expect(place.aws.state.buckets.size).toBe(0)
  })
})

describe('Ctrl-C while waiting for others', () => {
  test('for documents that nobody can read yet', async () => {
    await using place = await workplace()
    const { aws } = place
    aws.intercept(
      at('PutObject keys.json', () => {
        for (const bucket of aws.state.buckets.values()) bucket.policy = undefined
        return { kind: 'delay', ms: 0 }
      }),
    )
    const running = place.start(INIT)
    await vi.waitUntil(() => aws.requests.filter(({ status }) => status === 403).length > 4, 20_000)
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(aws.state.providers.size).toBe(0)
    await expectFinishedByRerun(place)
  })

  const DIRECTORY = ['init', '--name', 'x', '--yes', '--host', 'directory', '--directory', 'public']

  test.each([
    ['its certificate', (url: string) => ['print-thumbprint', url]],
    ['its documents', (url: string) => [...DIRECTORY, '--issuer', url]],
  ])('for an issuer that says nothing when asked for %s', async (_, argsFor) => {
    await using place = await workplace()
    let connected = (): void => undefined
    const connection = new Promise<void>((resolve) => {
      connected = resolve
    })
    await using silent = await listen(createServer(() => connected()))
    const running = place.start(argsFor(`https://localhost:${silent.port}`))
    await connection
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toContain('Interrupted.')
  })

  test('for kubectl', async () => {
    await using place = await workplace()
    const kubectl = '#!/bin/sh\necho called > called\nexec sleep 60\n'
    await writeFile(join(place.cwd, 'kubectl'), kubectl, { mode: 0o755 })
    const PATH = `${place.cwd}:${process.env['PATH']}`
    const running = place.start([...INIT, '--jwks-from-cluster'], { PATH })
    await vi.waitUntil(() => existsSync(join(place.cwd, 'called')), 20_000)
    running.child.kill('SIGINT')
    const ended = await running.ended
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toContain('Interrupted.')
  })
})
