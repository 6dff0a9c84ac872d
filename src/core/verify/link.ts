import { type Finding, remedyText, worstFirst } from './finding.ts'

/** The links of the chain from a signer to credentials, in order. */
export const LINK_IDS = [
  'signer-key',
  'tls',
  'discovery',
  'jwks',
  'provider',
  'audience',
  'apiserver',
  'webhook',
  'token',
  'role',
  'sts',
] as const

export type LinkId = (typeof LINK_IDS)[number]

/** Something that was seen, for whoever wants to see it too. Never a secret. */
export interface Evidence {
  /** What it is, such as `GET https://…/keys.json`. */
  readonly label: string
  /** One line or several. */
  readonly text: string
}

/** One link, and what became of it. */
export interface Link {
  readonly id: LinkId
  /** `fail` with a finding of high severity, `warn` with one of medium or low; `skip` was not looked at. */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip'
  /** What was proved, what is wrong, or why it was not looked at; one line. */
  readonly summary: string
  readonly why: string
  /** For a link that was skipped: what it would take. */
  readonly fix: string
  /** The worst ones first. */
  readonly findings: readonly Finding[]
  readonly evidence: readonly Evidence[]
}

export interface Looked {
  readonly findings?: readonly Finding[] | undefined
  readonly evidence?: readonly Evidence[] | undefined
}

/** A link that was looked at; `proved` is its summary where nothing is wrong with it. */
export function looked(
  id: LinkId,
  proved: string,
  { findings = [], evidence = [] }: Looked = {},
): Link {
  const sorted = worstFirst(findings)
  const [worst] = sorted
  const status = statusOf(worst)
  if (worst === undefined || status === 'pass') {
    return { id, status, summary: proved, why: '', fix: '', findings: sorted, evidence }
  }
  const { summary, why } = worst
  return { id, status, summary, why, fix: remedyText(worst), findings: sorted, evidence }
}

function statusOf(worst: Finding | undefined): 'pass' | 'warn' | 'fail' {
  if (worst === undefined || worst.severity === 'info') return 'pass'
  return worst.severity === 'high' ? 'fail' : 'warn'
}

/** A link that could not be looked at: why, and what it would take. */
export const skipped = (id: LinkId, { why, takes }: Unseen): Link => ({
  id,
  status: 'skip',
  summary: why,
  why: '',
  fix: takes,
  findings: [],
  evidence: [],
})

/** What could not be looked at, and what it would take to. */
export interface Unseen {
  readonly kind: 'unseen'
  /** One sentence without its full stop. */
  readonly why: string
  /** What to pass, permit or install; a sentence. Empty where nothing would help. */
  readonly takes: string
}

/** What came of looking at something. */
export type Seen<T> = { readonly kind: 'seen'; readonly value: T } | Unseen

export const seen = <T>(value: T): Seen<T> => ({ kind: 'seen', value })

export const unseen = (why: string, takes = ''): Unseen => ({ kind: 'unseen', why, takes })

/** The whole chain. */
export interface Verification {
  readonly issuer: string
  readonly ok: boolean
  /** The first link that failed. */
  readonly brokenLink: LinkId | null
  readonly links: readonly Link[]
}

export function verification(issuer: string, links: readonly Link[]): Verification {
  const broken = links.find(({ status }) => status === 'fail')
  return { issuer, ok: broken === undefined, brokenLink: broken?.id ?? null, links }
}
