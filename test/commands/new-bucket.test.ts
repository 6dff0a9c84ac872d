import { expect, test } from 'vitest'
import { workplace } from '../support/cli.ts'
import { answer } from '../support/mishaps.ts'

const INIT = ['init', '--name', 'blue', '--yes', '-o', 'json']
const GONE = answer(404, 'NoSuchBucket', 'The specified bucket does not exist')

test.each([
  ['PutPublicAccessBlock', []],
  ['PutPublicAccessBlock', ['GetPublicAccessBlock']],
  ['PutBucketPolicy', ['GetBucketPolicy']],
  ['PutObject', ['GetObject']],
])('a new bucket that %s does not see yet, nor %j, is looked at again', async (put, gets) => {
  await using place = await workplace()
  const left = new Map([put, ...gets].map((operation) => [operation, 2]))
  let made = false
  place.aws.intercept(({ operation }) => {
    made ||= operation === 'CreateBucket'
    const times = left.get(operation) ?? 0
    if (!made || times === 0) return undefined
    left.set(operation, times - 1)
    return GONE
  })
  const ended = await place.run(INIT)
  expect(ended).toMatchObject({ code: 0 })
  expect(left.get(put)).toBe(0)
  place.aws.intercept(undefined)
  const { changes } = (await place.run(['plan', '-o', 'json'])).json<{
    changes: { action: string }[]
  }>()
  expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['none']))
})
