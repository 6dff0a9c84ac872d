import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import type { RoleWish } from '../../src/core/role-wish.ts'
import { parseSubject } from '../../src/core/subject.ts'
import type { Exchange } from '../../src/ports/aws.ts'
import { localFiles } from '../../src/adapters/files.ts'
import { readToken, untilAssumed } from '../../src/workflows/use-token.ts'
import { fastClock, noProgress } from './small-resources.ts'

const issuer = parseIssuer('https://oidc.example.com')
const CLAIMS = {
  iss: issuer,
  sub: 'system:serviceaccount:shop:checkout',
  aud: ['sts.amazonaws.com'],
  exp: Date.UTC(2026, 7, 1, 1) / 1000,
}
const WISH = {
  subjects: [parseSubject('shop/checkout', false), parseSubject('apps/*', true)],
  audiences: ['sts.amazonaws.com'],
} as unknown as RoleWish

const tokenOf = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`
}

const read = (text: string) =>
  readToken(
    {
      files: localFiles,
      cwd: '/nonexistent',
      clock: fastClock(),
      readInput: async () => Buffer.from(text),
    },
    '-',
    WISH,
    { issuer },
  )

describe('a token', () => {
  test('for the role is read, whatever blanks are around it', async () => {
    const token = tokenOf(CLAIMS)
    expect(await read(`${token}\n`)).toBe(token)
    const wild = tokenOf({ ...CLAIMS, sub: 'system:serviceaccount:apps:any', aud: CLAIMS.aud[0] })
    expect(await read(wild)).toBe(wild)
  })

  test.each([
    ['', 'no JSON Web Token'],
    ['abc', 'no JSON Web Token'],
    ['a.b.c', 'no JSON Web Token'],
    [tokenOf({ ...CLAIMS, exp: undefined }), 'no JSON Web Token'],
    [tokenOf({ ...CLAIMS, iss: 'https://kubernetes.default.svc' }), 'kubernetes.default.svc'],
    [tokenOf({ ...CLAIMS, sub: 'system:serviceaccount:shop:other' }), 'shop/other'],
    [tokenOf({ ...CLAIMS, aud: ['https://kubernetes.default.svc'] }), 'not for sts.amazonaws.com'],
    [tokenOf({ ...CLAIMS, exp: 1 }), 'expired'],
  ])('that is no good is refused before anything is made: %#', async (token, why) => {
    const refused = await read(token).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'role/token-unfit', why: expect.stringContaining(why) })
    // It is a secret, whatever is wrong with it.
    expect(JSON.stringify(refused)).not.toContain(token || 'nothing')
  })

  test('has to be there', async () => {
    const world = { files: localFiles, cwd: '/nonexistent', clock: fastClock() }
    const readInput = async () => Buffer.from('')
    await expect(
      readToken({ ...world, readInput }, 'token', WISH, { issuer }),
    ).rejects.toMatchObject({
      code: 'files/missing',
    })
  })
})

/** STS with these answers, one after the other, and the last of them ever after. */
function answering(...answers: (readonly [code: string, message: string] | 'assumed')[]) {
  let asked = 0
  const assume = async (): Promise<Exchange> => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer === undefined || answer === 'assumed') {
      return {
        kind: 'assumed',
        arn: 'arn:aws:sts::111122223333:assumed-role/app/x',
        expires: 'soon',
      }
    }
    return { kind: 'refused', code: answer[0], message: answer[1] }
  }
  return { assume, asked: () => asked }
}

const wait = (sts: ReturnType<typeof answering>, clock = fastClock()) =>
  untilAssumed({ clock, progress: noProgress }, sts, { roleArn: 'app', token: 'secret' })

const DENIED = ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'] as const

describe('waiting until a role can be assumed', () => {
  test('goes on as long as STS may not have heard of it', async () => {
    const clock = fastClock()
    const sts = answering(DENIED, DENIED, DENIED, 'assumed')
    await wait(sts, clock)
    expect(sts.asked()).toBe(4)
    expect(clock.waits).toEqual([1000, 2000, 4000])
  })

  test('ends after two minutes, and says what STS kept saying', async () => {
    const clock = fastClock()
    await expect(wait(answering(DENIED), clock)).rejects.toMatchObject({
      code: 'role/not-assumed-yet',
      exit: 1,
      why: expect.stringContaining('Not authorized'),
    })
    const waited = clock.waits.reduce((sum, one) => sum + one, 0)
    expect(waited).toBeGreaterThan(120_000)
    expect(waited).toBeLessThan(140_000)
  })

  test.each([
    ['InvalidIdentityToken', 'Incorrect token audience', 1],
    ['ExpiredTokenException', 'Token expired', 1],
    ['IDPRejectedClaim', 'no', 1],
    ['InvalidIdentityToken', "Couldn't retrieve verification key from your identity provider", 3],
    ['InvalidIdentityToken', 'No OpenIDConnect provider found in your account for x', 3],
    ['IDPCommunicationError', 'no answer', 3],
  ])('%s "%s" is tried %i times', async (code, message, times) => {
    const sts = answering([code, message])
    await expect(wait(sts)).rejects.toMatchObject({ code: 'role/token-refused' })
    expect(sts.asked()).toBe(times)
  })
})
