import { expect, test } from 'vitest'
import { endpointIn } from '../../src/core/endpoints.ts'

const GLOBAL = { AWS_ENDPOINT_URL: 'https://all' }
const OWN = { AWS_ENDPOINT_URL_S3: 'https://s3' }
const IGNORED = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }

test.each([
  ['nothing', {}, undefined],
  ['an empty one', { AWS_ENDPOINT_URL: '' }, undefined],
  ['one for all', GLOBAL, 'https://all'],
  ['one for the service', OWN, 'https://s3'],
  ['both', { ...GLOBAL, ...OWN }, 'https://s3'],
  ['an empty one for the service', { ...GLOBAL, AWS_ENDPOINT_URL_S3: '' }, 'https://all'],
  ['one for another service', { AWS_ENDPOINT_URL_DYNAMODB: 'https://other' }, undefined],
  ['both, to be ignored', { ...GLOBAL, ...OWN, ...IGNORED }, undefined],
])('the endpoint of S3 where the environment has %s', (_, env, expected) => {
  expect(endpointIn(env, 'S3')).toBe(expected)
})
