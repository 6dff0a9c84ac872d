import { createPrivateKey, createPublicKey } from 'node:crypto'
import { watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { Running, Workplace } from '../support/cli.ts'
import { emptyFolder, filesIn, isTemporary, keepState } from '../support/lasting-state.ts'
import { places } from '../support/places.ts'

// Most of a test's time is waiting for its turn.
vi.setConfig({ testTimeout: 120_000 })

const GENERATE = ['generate-keypair', '--bits', '2048']
const KEY = 'keys/sa-signer.key'
const PUBLIC = 'keys/sa-signer.pub'

const turns = await places(2)
afterAll(() => turns[Symbol.asyncDispose]())

async function emptyPlace() {
  const lent = await turns.take()
  const forget = keepState(lent.place.aws.state)
  return {
    place: lent.place,
    async [Symbol.asyncDispose]() {
      await emptyFolder(lent.place)
      forget()
      await lent[Symbol.asyncDispose]()
    },
  }
}

/** Whatever is there is whole, and no private key is where others or git could take it. */
async function expectWholeOrNone({ cwd }: Workplace): Promise<'none' | 'private' | 'both'> {
  const files = await filesIn(cwd)
  const secret = files.get(KEY)
  const open = files.get(PUBLIC)
  if (secret) {
    expect(secret.mode).toBe('600')
    expect(createPrivateKey(secret.text).asymmetricKeyDetails?.modulusLength).toBe(2048)
  }
  if (open) expect(pemOf(secret?.text ?? '')).toBe(pemOf(open.text))
  for (const [path, { mode }] of files) {
    if (isTemporary(path) && path.includes('sa-signer.key')) expect(mode).toBe('600')
    if (secret || path.includes('.sa-signer.')) {
      // The key, and what a killed run leaves of it.
      expect(files.get('keys/.gitignore')?.text).toBe('/sa-signer.key\n/.sa-signer.key.*.tmp\n')
    }
  }
  return open ? 'both' : secret ? 'private' : 'none'
}

const pemOf = (pem: string): string =>
  createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()

const outcomes: string[] = []

/**
 * A killed run, then `init`, which takes up what it finds, completes it, or makes it. Answers the
 * private key as it was found and as it is in the end.
 */
async function killAndComplete(place: Workplace, kill: (running: Running) => Promise<void>) {
  const running = place.start(GENERATE)
  await kill(running)
  await running.ended
  outcomes.push(await expectWholeOrNone(place))
  const found = await filesIn(place.cwd)
  // Where nothing was begun yet, there is nothing to complete: that is anybody's first run.
  if (found.size > 0) await expectCompleted(place)
  const after = (await filesIn(place.cwd)).get(KEY)?.text
  return { after, found: found.get(KEY)?.text ?? after }
}

async function expectCompleted(place: Workplace): Promise<void> {
  expect(await place.run(['init', '--name', 'x', '--yes'])).toMatchObject({ code: 0 })
  expect(await expectWholeOrNone(place)).toBe('both')
}

const MOMENTS = Array.from({ length: 40 }, (_, index) => Math.round((index * 300) / 39))

const CHANGES = Array.from({ length: 12 }, (_, index) => index + 1)

describe.concurrent('generate-keypair killed', () => {
  test.each(MOMENTS)('after %d ms: a whole key or none, and init completes it', async (ms) => {
    await using empty = await emptyPlace()
    const key = await killAndComplete(empty.place, async ({ child }) => {
      await new Promise((resolve) => setTimeout(resolve, ms))
      child.kill('SIGKILL')
    })
    expect(key.after).toBe(key.found)
  })

  test.each(CHANGES)('at change %d in the folder: a whole key or none', async (count) => {
    await using empty = await emptyPlace()
    await mkdir(join(empty.place.cwd, 'keys'))
    const key = await killAndComplete(empty.place, async ({ child, ended }) => {
      let seen = 0
      const watcher = watch(join(empty.place.cwd, 'keys'), () => {
        seen += 1
        if (seen === count) child.kill('SIGKILL')
      })
      await ended
      watcher.close()
    })
    expect(key.after).toBe(key.found)
  })
})

test('whenever it was killed, there was a whole key or none', async ({ annotate }) => {
  const counts = ['none', 'private', 'both'].map(
    (kind) => `${kind} ${outcomes.filter((outcome) => outcome === kind).length}`,
  )
  await annotate(`${outcomes.length} of ${MOMENTS.length + CHANGES.length}: ${counts.join(', ')}`)
  expect(outcomes).toHaveLength(MOMENTS.length + CHANGES.length)
})
