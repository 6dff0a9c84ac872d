import { expect, test } from 'vitest'
import { audienceMiss, nearAudience } from '../../src/core/verify/audience.ts'

const miss = (audience: string, ...taken: string[]) => ({ audience, from: 'irsa.yaml', taken })

test.each([
  ['sts.amazonaws.com', 'sts.amazonaws.com.cn'],
  ['sts.amazonaws.com.cn', 'sts.amazonaws.com'],
  ['sts.amazonaws.com', 'https://sts.amazonaws.com'],
  ['sts.amazonaws.com', 'sts.amazonaws.com/'],
  ['sts.amazonaws.com', 'STS.amazonaws.com'],
  ['sts.amazonaws.com', ' sts.amazonaws.com'],
  ['sts.eu-west-3.amazonaws.com', 'sts.amazonaws.com'],
  ['sts.amazonaw.com', 'sts.amazonaws.com'],
  ['sts.amazonas.con', 'sts.amazonaws.com'],
])('%j is near to %j', (audience, other) => {
  expect(nearAudience(miss(audience, 'x', other))).toBe(other)
})

test.each([
  ['sts.amazonaws.com', 'amazonaws.com'],
  ['amazonaws.com', 'sts.amazonaws.com'],
  ['sts.amazonaws.com', 'kubernetes'],
  ['blue', 'blur'],
])('%j is not near to %j', (audience, other) => {
  expect(nearAudience(miss(audience, other))).toBeUndefined()
})

test('both are named, and what the provider takes', () => {
  const found = audienceMiss(miss('amazonaws.com', 'sts.amazonaws.com', 'b'), { fix: 'Add it' })
  expect(found).toMatchObject({ id: 'audience/not-in-provider', severity: 'high', fix: 'Add it' })
  expect(found.summary).toBe(
    'The provider does not take tokens for "amazonaws.com", the audience of irsa.yaml',
  )
  expect(found.why).toContain('It takes "sts.amazonaws.com", "b"')
})

test('an audience with signs that nobody sees is shown with them', () => {
  const found = audienceMiss(miss('sts.amazonaws.com\u200b', 'sts.amazonaws.com'), { fix: '' })
  expect(found.summary).toContain('"sts.amazonaws.com\\u200b"')
})
