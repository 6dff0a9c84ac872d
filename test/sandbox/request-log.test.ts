import { expect, test } from 'vitest'
import { record, type RecordedRequest } from '../../src/sandbox/request-log.ts'

test('the log of requests keeps the latest 10,000', () => {
  const log: RecordedRequest[] = []
  const at = new Date(0)
  const about = { service: 's3', operation: 'GetObject', signed: false, status: 200, at } as const
  for (let n = 1; n <= 10_002; n += 1) record(log, { ...about, resource: `bucket/${n}` })
  expect(log).toHaveLength(10_000)
  expect(log.at(0)?.resource).toBe('bucket/3')
  expect(log.at(-1)?.resource).toBe('bucket/10002')
})
