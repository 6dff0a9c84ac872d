import { partition as partitionOfSdk } from '@aws-sdk/core/client'
import { describe, expect, test } from 'vitest'
import { hasAccountRegionalNamespace, partitionOf } from '../../src/core/partition.ts'

describe('the partition of a region is the one the SDK knows', () => {
  test.each([
    'us-east-1',
    'eu-west-3',
    'me-central-1',
    'cn-north-1',
    'cn-northwest-1',
    'us-gov-west-1',
    'us-gov-east-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
    'xx-unheard-of-9',
  ])('%s', (region) => {
    const { name: id, dnsSuffix } = partitionOfSdk(region)
    expect(partitionOf(region)).toMatchObject({ id, dnsSuffix })
  })
})

test.each([
  ['us-east-1', true],
  ['cn-north-1', true],
  ['us-gov-west-1', true],
  ['me-south-1', false],
  ['me-central-1', false],
])('%s has the account-regional namespace: %s', (region, expected) => {
  expect(hasAccountRegionalNamespace(region)).toBe(expected)
})
