import type { Severity } from './finding.ts'
import { bounds, type JudgedStatement, type JudgedTrust, judgeTrust, letsSomeIn } from './trust.ts'
import { type Miss, missesOf } from './trust-misses.ts'
import type { TrustQuestion } from './trust-test.ts'

/** Something about a trust policy that deserves to be said, and what part of it has to change. */
export interface TrustFault extends Miss {
  readonly severity: Severity
  readonly mend: Mend
}

export type Mend =
  /** Our statement is missing. */
  | { readonly kind: 'let-in' }
  /** A statement lets in too many: it lacks a test of the claim. */
  | { readonly kind: 'bound'; readonly index: number; readonly claim: 'sub' | 'aud' }
  /** A statement is of no use to anybody as it stands, or lets in all the wrong ones. */
  | { readonly kind: 'replace'; readonly index: number }
  /** Statements are in the way. */
  | { readonly kind: 'drop'; readonly indexes: readonly number[] }
  /** Nothing has to. */
  | { readonly kind: 'nothing' }

/** Everything that a trust policy is to be told about, for one token or for what is known of it. */
export function trustFaults(
  policy: unknown,
  question: TrustQuestion,
): { readonly judged: JudgedTrust; readonly faults: readonly TrustFault[] } {
  const judged = judgeTrust(policy, question)
  const { allows, denies } = judged
  const letsIn = allows.some(({ outcome }) => outcome !== 'fails')
  const hits = denies.filter(({ outcome }) => outcome === 'holds')
  return {
    judged,
    faults: [
      ...(hits.length > 0 ? [denied(hits)] : []),
      ...(letsIn ? [] : keepingOut(judged.nearest, question)),
      ...allows.filter(letsSomeIn).flatMap((one) => unbounded(one, question)),
      ...unjudged([...allows, ...denies].filter(({ outcome }) => outcome === 'unsure')),
    ],
  }
}

function keepingOut(
  nearby: JudgedStatement | undefined,
  question: TrustQuestion,
): readonly TrustFault[] {
  return missesOf(nearby, question).map((miss) => ({
    ...miss,
    severity: 'high',
    mend:
      nearby !== undefined && isInTheWay(nearby, miss)
        ? { kind: 'replace', index: nearby.statement.index }
        : { kind: 'let-in' },
  }))
}

/** IAM takes no policy that names a principal of another partition; nor should one stay that lets in all others. */
const isInTheWay = (nearby: JudgedStatement, { id }: Miss): boolean =>
  id === 'role/trust-other-partition' || (letsSomeIn(nearby) && !bounds(nearby, 'sub'))

const nameOf = ({ statement: { sid, index } }: JudgedStatement): string =>
  sid === undefined || sid === '' ? `statement ${index + 1}` : `statement ${sid}`

const denied = (hits: readonly JudgedStatement[]): TrustFault => ({
  id: 'role/trust-denied',
  severity: 'high',
  summary: `Its ${hits.map(nameOf).join(', ')} denies the token the role`,
  why: 'A Deny that applies wins over every Allow, whatever else the trust policy says.',
  mend: { kind: 'drop', indexes: hits.map(({ statement: { index } }) => index) },
})

function unbounded(allow: JudgedStatement, { claims }: TrustQuestion): readonly TrustFault[] {
  const { index } = allow.statement
  const lacks = (claim: 'sub' | 'aud') => ({
    summary: `Its ${nameOf(allow)} does not say which ${claim} it is for`,
    mend: { kind: 'bound', index, claim } as const,
  })
  const sub: TrustFault = {
    ...lacks('sub'),
    id: 'role/trust-no-subject',
    severity: 'high',
    why: `Nothing tests ${claims}:sub for what it has to be, so that every service account of the cluster, those of the future too, can have the role.`,
  }
  const aud: TrustFault = {
    ...lacks('aud'),
    id: 'role/trust-no-audience',
    severity: 'medium',
    why: `Nothing tests ${claims}:aud for what it has to be, so that a token for any other audience that the provider lists, handed to somebody else, would do as well.`,
  }
  return [...(bounds(allow, 'sub') ? [] : [sub]), ...(bounds(allow, 'aud') ? [] : [aud])]
}

/** What only the moment of the call decides; a claim that nobody named is not among that. */
function unjudged(statements: readonly JudgedStatement[]): readonly TrustFault[] {
  const keys = statements
    .flatMap(({ tests }) => tests)
    .filter(({ kind, outcome }) => kind === 'other' && outcome === 'unsure')
    .map(({ test: { written, key } }) => `${written} ${key}`)
  if (keys.length === 0) return []
  return [
    {
      id: 'role/trust-unjudged',
      severity: 'info',
      summary: `It also asks for ${[...new Set(keys)].join(', ')}`,
      why: 'Whether that holds is known at the moment of the call alone, of whoever makes it.',
      mend: { kind: 'nothing' },
    },
  ]
}
