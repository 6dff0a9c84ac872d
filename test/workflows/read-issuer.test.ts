import { expect, test } from 'vitest'
import { readIssuer } from '../../src/workflows/connect.ts'
import type { World } from '../../src/ports/world.ts'

const WITH_PORT = 'https://oidc.example.com:8443'
const ENDPOINT = 'https://localhost:4566'

const read = (env: World['env'], endpointUrl?: string) => {
  const options = endpointUrl === undefined ? {} : { endpointUrl }
  return readIssuer({ env, options: options as World['options'] }, WITH_PORT)
}

test.each(['', '_S3', '_IAM', '_STS'])('a port is allowed with AWS_ENDPOINT_URL%s', (suffix) => {
  expect(read({ [`AWS_ENDPOINT_URL${suffix}`]: ENDPOINT })).toBe(WITH_PORT)
})

test('a port is allowed with --endpoint-url, whatever is to be ignored', () => {
  expect(read({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, ENDPOINT)).toBe(WITH_PORT)
})

test.each([
  ['AWS itself', {}],
  ['an emulator of something else', { AWS_ENDPOINT_URL_DYNAMODB: ENDPOINT }],
  [
    'an endpoint that is to be ignored',
    { AWS_ENDPOINT_URL: ENDPOINT, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  ],
])('no port is allowed with %s', (_, env) => {
  expect(() => read(env)).toThrow(expect.objectContaining({ code: 'issuer/has-port' }))
})
