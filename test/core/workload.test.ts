import { describe, expect, test } from 'vitest'
import { parseRoleArn } from '../../src/core/role-arn.ts'
import { identityOf, testJobName, testObjectKey } from '../../src/core/test-job.ts'
import { variable } from '../../src/core/web-identity.ts'
import { apiVersionOf, parseWorkload, shownWorkload } from '../../src/core/workload.ts'

describe('a workload', () => {
  test.each([
    ['deployment/checkout', 'apps/v1', 'Deployment'],
    ['Deployment/checkout', 'apps/v1', 'Deployment'],
    ['deploy/checkout', 'apps/v1', 'Deployment'],
    ['sts/checkout', 'apps/v1', 'StatefulSet'],
    ['daemonsets/checkout', 'apps/v1', 'DaemonSet'],
    ['rs/checkout', 'apps/v1', 'ReplicaSet'],
    ['cj/checkout', 'batch/v1', 'CronJob'],
    ['job/checkout', 'batch/v1', 'Job'],
    ['po/checkout', 'v1', 'Pod'],
    ['rc/checkout', 'v1', 'ReplicationController'],
  ])('%s is of %s, %s', (text, apiVersion, kind) => {
    const workload = parseWorkload(text)
    expect([apiVersionOf(workload.kind), workload.kind.kind]).toEqual([apiVersion, kind])
    expect(shownWorkload(workload)).toBe(`${kind.toLowerCase()}/checkout`)
  })

  test.each([
    ['checkout', 'workload/malformed'],
    ['/checkout', 'workload/malformed'],
    ['deployment/', 'workload/malformed'],
    ['deployment/Checkout', 'workload/malformed'],
    ['shop/deployment/checkout', 'workload/malformed'],
    ['deploymnet/checkout', 'workload/unknown-kind'],
    ['service/checkout', 'workload/unknown-kind'],
  ])('%s: %s', (text, code) => {
    expect(() => parseWorkload(text)).toThrow(expect.objectContaining({ code, exit: 2 }))
  })

  test('an unknown kind is answered with the nearest one', () => {
    expect(() => parseWorkload('deploymnet/a')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('--patch deployment/') }),
    )
  })
})

describe('the test job', () => {
  const named = (name: string) => testJobName({ namespace: 'shop', name })

  test('is called after the service account', () => {
    expect(named('checkout')).toBe('irsa-test-checkout')
    expect(named('checkout.v1')).toBe('irsa-test-checkout.v1')
    expect(named('a'.repeat(53))).toHaveLength(63)
  })

  test('has a name of 63 characters at most, and another one for another account', () => {
    const [one, other] = [named(`${'a'.repeat(250)}-b`), named(`${'a'.repeat(250)}-c`)]
    expect(one).toMatch(/^irsa-test-a+-[0-9a-f]+$/)
    expect(one.length).toBeLessThanOrEqual(63)
    expect(one).not.toBe(other)
  })

  test('has an object for each service account', () => {
    expect(testObjectKey({ namespace: 'shop', name: 'checkout' })).toBe('irsa-test/shop/checkout')
  })

  test.each([
    ['arn:aws:iam::111122223333:role/a', 'arn:aws:sts::111122223333:assumed-role/a/'],
    ['arn:aws-cn:iam::111122223333:role/b/c/a', 'arn:aws-cn:sts::111122223333:assumed-role/a/'],
  ])('sessions of %s are %s…', (arn, identity) => {
    expect(identityOf(parseRoleArn(arn))).toBe(identity)
  })
})

test.each([
  ['a', 'a'],
  ['$(HOME)', '$$(HOME)'],
  ['$$', '$$$$'],
])('the value %s is written %s, so that Kubernetes leaves it as it is', (value, written) => {
  expect(variable('A', value).value).toBe(written)
})
