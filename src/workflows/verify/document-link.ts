import { answerEvidence, judgeAnswer } from '../../core/verify/answer.ts'
import type { Answered, DocumentLink, JudgedAnswer } from '../../core/verify/document.ts'
import type { DocumentPlace } from '../../core/verify/document-place.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { type Link, looked, skipped, unseen } from '../../core/verify/link.ts'
import type { DocumentAnswer } from '../../core/verify/sights.ts'
import { isUnreached, otherHostUntrusted, silence } from '../../core/verify/silence.ts'
import { whyClosed } from './closed-bucket.ts'
import { placeOf } from './place-of.ts'
import type { Walk } from './walk.ts'

/** What is judged of a document once it could be read. */
export interface Reading {
  readonly place: DocumentPlace
  readonly document: Readonly<Record<string, unknown>>
}

/** What came of that; `proved` is the link's summary where nothing is wrong. */
export interface Read {
  readonly proved: string
  readonly findings: readonly Finding[]
  readonly evidence?: Link['evidence']
}

/** A link that stands on a document: the answer first, then whatever the document says. */
export async function lookAtDocument(
  walk: Walk,
  link: DocumentLink,
  answer: DocumentAnswer,
  read: (reading: Reading) => Promise<Read>,
): Promise<Link> {
  if (answer.kind === 'silent') return silentLink(walk, link, answer)
  const place = await placeOf(walk, answer)
  const { findings, document } = await judged(walk, link, answer, place)
  const more = document && (await read({ place, document }))
  return looked(link, more?.proved ?? '', {
    // What a document says matters more than how it is sent.
    findings: [...(more?.findings ?? []), ...findings, ...untrusted(walk, link, answer)],
    evidence: [answerEvidence(answer), ...(more?.evidence ?? [])],
  })
}

async function judged(
  walk: Walk,
  link: DocumentLink,
  answer: Answered,
  place: DocumentPlace,
): Promise<JudgedAnswer> {
  const closed = answer.status === 200 ? undefined : await whyClosed(walk, link, answer)
  return closed === undefined ? judgeAnswer(link, answer, place) : { findings: [closed] }
}

/** The tls link reports the certificate of the issuer's own host. */
function untrusted({ given }: Walk, link: DocumentLink, answer: Answered): readonly Finding[] {
  if (answer.verified || isOwnHost(given.issuer, answer.url)) return []
  return [otherHostUntrusted(link, answer.url)]
}

const isOwnHost = (issuer: string, url: string): boolean =>
  new URL(issuer).host === new URL(url).host

/** The tls link also reports why no connection came about, but for one that did and ended there. */
async function silentLink(
  { given, sights }: Walk,
  link: DocumentLink,
  { url, problem }: Extract<DocumentAnswer, { readonly kind: 'silent' }>,
): Promise<Link> {
  if (isUnreached(problem) && isOwnHost(given.issuer, url)) {
    const chain = await sights.chain()
    if (chain.kind === 'silent') {
      return skipped(link, unseen('not reached: see tls', 'Mend the link tls first.'))
    }
  }
  return looked(link, '', { findings: [silence(link, url, problem)] })
}
