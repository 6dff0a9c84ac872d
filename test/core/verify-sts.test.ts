import { describe, expect, test } from 'vitest'
import { looked, type Link, type LinkId, skipped, unseen } from '../../src/core/verify/link.ts'
import { explainRefusal, mayBePassing } from '../../src/core/verify/sts.ts'

const NO_PROVIDER = 'No OpenIDConnect provider found in your account for https://oidc.example.com'
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"
const DENIED = 'Not authorized to perform sts:AssumeRoleWithWebIdentity'
const AUDIENCE = 'Incorrect token audience'

const COMMANDS = { again: 'irsa verify', events: 'aws cloudtrail lookup-events' }

const broken = (id: LinkId): Link =>
  looked(id, '', {
    findings: [
      {
        id: `${id}/bad`,
        severity: 'high',
        summary: `${id} is bad`,
        why: 'It just is.',
        fix: `Mend ${id}`,
        command: `mend ${id}`,
      },
    ],
  })

const explain = (code: string, message: string, ...links: readonly Link[]) =>
  explainRefusal({ kind: 'refused', code, message }, links, COMMANDS)

/** Every code and message of the facts, with the links that can be the reason. */
const REFUSALS: readonly (readonly [
  code: string,
  message: string,
  id: string,
  links: readonly LinkId[],
])[] = [
  ['InvalidIdentityToken', NO_PROVIDER, 'no-provider', ['provider', 'role', 'token', 'apiserver']],
  [
    'InvalidIdentityToken',
    NO_KEY,
    'verification-key',
    ['tls', 'discovery', 'jwks', 'signer-key', 'token', 'apiserver'],
  ],
  [
    'InvalidIdentityToken',
    "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
    'thumbprint',
    ['tls', 'provider'],
  ],
  ['InvalidIdentityToken', AUDIENCE, 'audience', ['audience', 'provider', 'token']],
  [
    'InvalidIdentityToken',
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    'token-invalid',
    ['token', 'apiserver'],
  ],
  ['InvalidIdentityToken', 'Missing a required claim: aud', 'token-invalid', ['token']],
  [
    'InvalidIdentityToken',
    'The signature of the token is not valid',
    'signature',
    ['token', 'jwks'],
  ],
  [
    'ExpiredTokenException',
    'Token expired: current date/time 9 must be before the expiration date/time 1',
    'token-expired',
    ['token'],
  ],
  [
    'IDPCommunicationError',
    'Could not connect',
    'issuer-unreachable',
    ['tls', 'discovery', 'jwks'],
  ],
  ['IDPRejectedClaim', 'Claim rejected', 'claim-rejected', ['token', 'audience']],
  ['AccessDenied', DENIED, 'access-denied', ['role', 'token']],
  ['ValidationError', 'Request ARN is invalid', 'role-arn', ['role']],
]

describe('a refusal', () => {
  const cases = REFUSALS.flatMap(([code, message, id, links]) =>
    links.map((link) => [code, message, id, link] as const),
  )
  test.each(cases)('%s (%s) is %s, for the broken link %s', (code, message, id, link) => {
    expect(explain(code, message, broken(link))).toEqual({
      id: `sts/${id}`,
      severity: 'high',
      summary: `STS refuses the token: ${code}`,
      why: `STS says: ${message}\nThat is because the link ${link} is broken: ${link} is bad`,
      fix: `Mend ${link}`,
      command: `mend ${link}`,
    })
  })

  test.each<readonly [code: string, message: string, id: string, severity: string]>([
    ...REFUSALS.map(([code, message, id]) => [code, message, id, 'high'] as const),
    [
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'duration',
      'high',
    ],
    ['PackedPolicyTooLarge', 'Packed size 120%', 'packed-policy', 'high'],
    ['MalformedPolicyDocument', 'Syntax errors in policy', 'malformed-policy', 'high'],
    ['RegionDisabledException', 'STS is not activated in this region', 'region-disabled', 'high'],
    ['Throttling', 'Rate exceeded', 'throttled', 'medium'],
    ['SomethingNew', 'Who knows', 'refused', 'high'],
  ])(
    '%s (%s) is %s where no link is broken, and says what is left',
    (code, message, id, severity) => {
      const finding = explain(code, message)
      expect(finding).toMatchObject({ id: `sts/${id}`, severity })
      const [said, left] = finding.why.split('\n')
      expect(said).toBe(`STS says: ${message}`)
      expect(left).toMatch(/^[A-Z].+\.$/)
      expect(finding.fix).not.toBe('')
    },
  )

  test('is not blamed on what STS was content with', () => {
    const finding = explain('AccessDenied', DENIED, broken('tls'), broken('jwks'))
    expect(finding.why).not.toContain('tls')
    expect(finding.command).toBe(COMMANDS.events)
  })

  test('is blamed on the likeliest of several', () => {
    const finding = explain('InvalidIdentityToken', AUDIENCE, broken('token'), broken('audience'))
    expect(finding.command).toBe('mend audience')
  })

  test('names what gave a warning, and what nobody could look at', () => {
    const [worst] = broken('token').findings
    const warned = looked('token', '', { findings: [{ ...worst!, severity: 'medium' }] })
    const finding = explain(
      'AccessDenied',
      DENIED,
      warned,
      skipped('role', unseen('no credentials')),
    )
    expect(finding.why).toContain('It may have to do with the link token: token is bad')
    expect(finding.why).toContain('The link role could not be looked at: no credentials')
  })

  const remark = (id: string, link: LinkId): Link => {
    const finding = {
      id,
      severity: 'info',
      summary: `${id} it is`,
      why: 'So.',
      fix: 'Do.',
    } as const
    return looked(link, 'fine', { findings: [finding] })
  }

  test('has a condition of the role for its likely cause', () => {
    const finding = explain('AccessDenied', DENIED, remark('role/trust-unjudged', 'role'))
    expect(finding.why.split('\n')[1]).toBe(
      'The likely cause is a condition that does not hold. role/trust-unjudged it is. So.',
    )
    expect(finding).toMatchObject({ command: COMMANDS.events, looks: true })
  })

  test('names what is remarkable about the links that it may be due to', () => {
    const links = [remark('jwks/alg', 'jwks'), remark('jwks/cached', 'jwks')]
    const finding = explain('InvalidIdentityToken', NO_KEY, ...links)
    expect(finding.why).toContain('It may have to do with jwks/alg: jwks/alg it is')
    expect(finding.why).not.toContain('jwks/cached')
    expect(explain('AccessDenied', DENIED, ...links).why).not.toContain('jwks/alg')
  })

  test('that cannot be typed again says so in words', () => {
    const commands = { ...COMMANDS, again: undefined }
    const refused = { kind: 'refused', code: 'InvalidIdentityToken', message: NO_KEY } as const
    const finding = explainRefusal(refused, [], commands)
    expect(finding.command).toBeUndefined()
    expect(finding.fix).toMatch(/again/)
  })
})

test.each([
  ['IDPCommunicationError', 'slow', true],
  ['InvalidIdentityToken', NO_KEY, true],
  ['InvalidIdentityToken', AUDIENCE, false],
  ['AccessDenied', DENIED, false],
])('%s (%s) may pass by itself: %s', (code, message, passing) => {
  expect(mayBePassing({ kind: 'refused', code, message })).toBe(passing)
})
