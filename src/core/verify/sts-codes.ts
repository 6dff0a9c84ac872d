import type { Severity } from './finding.ts'
import type { LinkId } from './link.ts'
import { DOCUMENT_LINKS, NEWLY_MADE, TOKEN_REFUSALS } from './sts-token-codes.ts'

/** One thing that STS says, and the links that can be the reason, the likeliest first. */
export interface StsRefusal {
  /** Of the finding, after `sts/`. */
  readonly id: string
  /** High unless said otherwise. */
  readonly severity?: Severity
  readonly links: readonly LinkId[]
  /** What is left where all of those links are in order. */
  readonly otherwise: string
  /** What to do about that: the same once more, a look into CloudTrail, or what is said in words. */
  readonly next: 'again' | 'events' | { readonly fix: string }
}

/** A code, and how its message reads. */
export type KnownRefusal = readonly [code: string, message: RegExp, refusal: StsRefusal]

/** A request of irsa carries none. */
const NO_POLICY = 'No session policy was sent'

/**
 * What STS answers, by code and message. Codes: STS API reference, API_AssumeRoleWithWebIdentity,
 * "Errors"; messages: re:Post and the IAM user guide, id_roles_providers_oidc.html, troubleshooting.
 */
const REFUSALS: readonly KnownRefusal[] = [
  ...TOKEN_REFUSALS,
  [
    'AccessDenied',
    /(?:)/,
    {
      id: 'access-denied',
      links: ['role', 'token', 'provider', 'audience'],
      otherwise: `STS says so where the role is not there, where its trust policy does not let the token in, and where a policy of the organization denies sts:AssumeRoleWithWebIdentity. ${NEWLY_MADE}`,
      next: 'events',
    },
  ],
  [
    'ValidationError',
    /DurationSeconds/,
    {
      id: 'duration',
      links: [],
      otherwise:
        'Credentials for an hour were asked for, which every role gives unless it is bounded.',
      next: { fix: 'Raise the maximum session duration of the role to an hour or more.' },
    },
  ],
  [
    'ValidationError',
    /(?:)/,
    {
      id: 'role-arn',
      links: ['role', 'token'],
      otherwise:
        'The ARN of the role is of no role in this partition, or the token has more than 20,000 characters.',
      next: { fix: 'Look at the ARN: aws iam get-role shows it.' },
    },
  ],
  [
    'PackedPolicyTooLarge',
    /(?:)/,
    {
      id: 'packed-policy',
      links: ['token'],
      otherwise: `${NO_POLICY}, so the tags in the token (its claim https://aws.amazon.com/tags) are too many or too long.`,
      next: { fix: 'Have whatever adds them to the tokens add less.' },
    },
  ],
  [
    'MalformedPolicyDocument',
    /(?:)/,
    {
      id: 'malformed-policy',
      links: ['token', 'role'],
      otherwise: `${NO_POLICY}, so something between here and STS changes the request.`,
      next: { fix: 'Look for a proxy on the way, and at AWS_ENDPOINT_URL_STS.' },
    },
  ],
  [
    'RegionDisabledException',
    /(?:)/,
    {
      id: 'region-disabled',
      links: [],
      otherwise: 'The account of the role has STS switched off in the region that was asked.',
      next: {
        fix: 'Switch it on (IAM console, account settings, Security Token Service), or let the workloads use another region, as --region does here.',
      },
    },
  ],
  [
    'Throttling',
    /(?:)/,
    {
      id: 'throttled',
      severity: 'medium',
      links: [],
      otherwise: 'STS limits how often it is called, and has not looked at the token yet.',
      next: 'again',
    },
  ],
]

/** What a refusal means; STS may say things tomorrow that nobody knows today. */
export const refusalOf = (code: string, message: string): StsRefusal =>
  REFUSALS.find(([known, pattern]) => known === code && pattern.test(message))?.[2] ?? UNKNOWN

const UNKNOWN: StsRefusal = {
  id: 'refused',
  links: ['role', 'token', 'audience', 'provider', ...DOCUMENT_LINKS],
  otherwise: 'STS gives no other reason.',
  next: 'again',
}
