import { describe, expect, test } from 'vitest'
import { goneBucket } from '../../src/core/audit/gone-bucket.ts'
import { hostUnknown, timedOut, tlsFailed } from '../../src/core/problems/network.ts'
import { interrupted } from '../../src/core/problems/usage.ts'
import type { AnonymousFetch } from '../../src/ports/documents.ts'
import { quietProgress } from '../../src/ui/quiet.ts'
import { seeProviders } from '../../src/workflows/audit/see-providers.ts'

const ISSUER = 'oidc.example.com'
const ARN = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`
const code = (name: string) => Object.assign(new Error(name), { code: name })

const provider = { audiences: ['sts.amazonaws.com'], thumbprints: [], tags: {} }
const aws = {
  region: 'eu-west-3',
  provider: () => ({ read: async () => provider }) as never,
}

/** What is known of an issuer whose documents this fetches; names of the internet resolve or not. */
async function stateBy(fetch: AnonymousFetch, resolving = true) {
  const asked: string[] = []
  const world = {
    fetch,
    progress: quietProgress,
    addressesOf: async (host: string) => {
      asked.push(host)
      return resolving ? ['192.0.2.1'] : []
    },
  }
  const { providers } = await seeProviders(world, aws, [ARN, `${ARN}/other`], new Set([ARN]))
  return { state: providers?.get(ARN)?.issuer, asked, all: [...(providers ?? [])] }
}

const failing = (problem: Error) => stateBy(() => Promise.reject(problem))

describe('an issuer', () => {
  test('whose host is unknown, where other names resolve, is gone', async () => {
    const { state, asked } = await failing(hostUnknown({ host: ISSUER }, false, code('ENOTFOUND')))
    expect(state).toEqual({ kind: 'unresolved', host: ISSUER })
    expect(asked).toEqual(['sts.eu-west-3.amazonaws.com'])
  })

  test('whose host is unknown, where no name resolves, may be there', async () => {
    const problem = hostUnknown({ host: ISSUER }, false, code('ENOTFOUND'))
    const { state } = await stateBy(() => Promise.reject(problem), false)
    expect(state).toBeUndefined()
  })

  test.each([
    ['a resolver that does not answer', hostUnknown({ host: ISSUER }, true, code('EAI_AGAIN'))],
    ['a timeout', timedOut({ host: ISSUER }, 5000)],
    ['a certificate that is not trusted', tlsFailed({ host: ISSUER }, 'It is expired', code('X'))],
  ])('is not called gone for %s', async (_, problem) => {
    expect((await failing(problem)).state).toBeUndefined()
  })

  test('is not asked where no role trusts it', async () => {
    const { all } = await stateBy(async (url) => {
      expect(url).toBe(`https://${ISSUER}/.well-known/openid-configuration`)
      return { status: 200, body: '{}' }
    })
    expect(all).toEqual([
      [ARN, { audiences: ['sts.amazonaws.com'], issuer: undefined }],
      [`${ARN}/other`, { audiences: undefined, issuer: undefined }],
    ])
  })

  test('an interruption ends the looking', async () => {
    await expect(failing(interrupted())).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('a bucket that is gone', () => {
  const body = (bucket: string) =>
    `<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>${bucket}</Error>`
  const named = '<BucketName>acme-oidc</BucketName>'
  test.each([
    ['by the answer', 'oidc.example.com', 404, body(named), 'acme-oidc'],
    ['by the host', 'acme.s3.eu-west-3.amazonaws.com/blue', 404, body(''), 'acme'],
    ['by the old host', 'acme.s3-eu-west-1.amazonaws.com', 404, body(''), 'acme'],
    ['by the path', 's3.eu-west-3.amazonaws.com/acme/blue', 404, body(''), 'acme'],
    [
      'by a name of no bucket',
      'oidc.example.com',
      404,
      body('<BucketName>a b</BucketName>'),
      'oidc.example.com',
    ],
    [
      'not a missing object',
      'oidc.example.com',
      404,
      body(named).replace('NoSuchBucket', 'NoSuchKey'),
      undefined,
    ],
    ['not a refusal', 'oidc.example.com', 403, body(named), undefined],
    ['not a document', 'oidc.example.com', 200, '{}', undefined],
  ])('%s', (_, issuer, status, text, bucket) => {
    expect(goneBucket(issuer, { status, body: text })).toBe(bucket)
  })
})
