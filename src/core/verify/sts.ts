import type { Finding, Remedy } from './finding.ts'
import type { Link } from './link.ts'
import type { ExchangeSeen } from './sights.ts'
import { refusalOf, type StsRefusal } from './sts-codes.ts'

type Answer = ExchangeSeen['answer']
type Refused = Extract<Answer, { readonly kind: 'refused' }>

/** What STS says now and then of a token that is in order: bursts of first calls, a slow issuer. */
export const mayBePassing = (answer: Answer): boolean =>
  answer.kind === 'refused' &&
  (answer.code === 'IDPCommunicationError' || /verification key/i.test(answer.message))

/** Commands that a refusal may call for. */
export interface StsCommands {
  /** The same check once more; undefined where it cannot be typed again. */
  readonly again: string | undefined
  /** What CloudTrail has of it: refusals of a role are there, those of a token are not. */
  readonly events: string
}

/** Why STS refused, by what is known of all the other links. */
export function explainRefusal(
  { code, message }: Refused,
  others: readonly Link[],
  commands: StsCommands,
): Finding {
  const refusal = refusalOf(code, message)
  const said = `STS says: ${oneLine(message)}`
  const base = {
    id: `sts/${refusal.id}`,
    severity: refusal.severity ?? 'high',
    summary: `STS refuses the token: ${code}`,
  } as const
  const broken = culprit(refusal, others)
  if (broken !== undefined) {
    const [worst] = broken.findings
    const why = `${said}\nThat is because the link ${broken.id} is broken: ${broken.summary}`
    return { ...base, why, ...(worst === undefined ? { fix: broken.fix } : remedyIn(worst)) }
  }
  const condition = findingsOf(refusal, others).find(({ id }) => id === 'role/trust-unjudged')
  if (refusal.id === 'access-denied' && condition !== undefined) {
    const likely = `The likely cause is a condition that does not hold. ${condition.summary}. ${condition.why}`
    const why = [said, likely, refusal.otherwise, ...hints(refusal, others)].join('\n')
    return { ...base, why, fix: MEET_CONDITION, command: commands.events, looks: true }
  }
  const why = [said, refusal.otherwise, ...hints(refusal, others)].join('\n')
  return { ...base, why, ...remedyOf(refusal, commands) }
}

const MEET_CONDITION =
  'See whether the call meets that condition; CloudTrail has where it came from, some minutes later'

/** Findings that break nothing by themselves, and may be the reason of a refusal all the same. */
const TELLING = new Set([
  'jwks/alg',
  'jwks/use',
  'jwks/other-type',
  'tls/added-root',
  'tls/thumbprint-used',
  'token/authorized-party',
  'role/trust-unjudged',
])

const findingsOf = ({ links }: StsRefusal, others: readonly Link[]): readonly Finding[] =>
  others.filter(({ id }) => links.includes(id)).flatMap(({ findings }) => findings)

/** The likeliest broken link. What STS had to get past in order to say so is in order, to STS at least. */
const culprit = ({ links }: StsRefusal, others: readonly Link[]): Link | undefined =>
  links
    .flatMap((id) => others.filter((link) => link.id === id))
    .find(({ status }) => status === 'fail')

/**
 * What may have to do with it all the same: links with a warning, those that nobody looked at, and
 * what is remarkable about the others.
 */
function hints(refusal: StsRefusal, others: readonly Link[]): readonly string[] {
  const { links } = refusal
  const about = others.filter(({ id }) => links.includes(id))
  return [
    ...about
      .filter(({ status }) => status === 'warn')
      .map(({ id, summary }) => `It may have to do with the link ${id}: ${summary}`),
    ...about
      .filter(({ status }) => status === 'skip')
      .map(({ id, summary }) => `The link ${id} could not be looked at: ${summary}`),
    ...findingsOf(refusal, others)
      .filter(({ id, severity }) => severity === 'info' && TELLING.has(id))
      .map(({ id, summary }) => `It may have to do with ${id}: ${summary}`),
  ]
}

function remedyOf({ next }: StsRefusal, { again, events }: StsCommands): Remedy {
  if (next === 'events') {
    return {
      fix: 'Try again in a minute; where it stays, see what CloudTrail has of it, some minutes later',
      command: events,
      looks: true,
    }
  }
  if (next !== 'again') return next
  return again === undefined
    ? { fix: 'Run the same command again in a minute.' }
    : { fix: 'Try again in a minute', command: again, looks: true }
}

const remedyIn = ({ fix, command, looks }: Finding): Remedy => ({ fix, command, looks })

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
