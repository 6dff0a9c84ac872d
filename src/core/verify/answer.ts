import { shellWord } from '../shell.ts'
import { readBody } from './body.ts'
import { judgeCaching } from './cache-control.ts'
import { type DocumentPlace, rewrite } from './document-place.ts'
import { type Answered, DOCUMENT_NAMES, type DocumentLink, type JudgedAnswer } from './document.ts'
import type { Finding, Remedy } from './finding.ts'
import type { Evidence } from './link.ts'
import { cut } from '../visible.ts'
import { escaped, quoted } from './escaped.ts'

/** Half of the patience of STS, which gives up on an issuer after 5 s (AWS re:Post, "Couldn't retrieve verification key"). */
const SLOW_MS = 2500

/** Judges what both documents have in common: status, speed, headers, and whether it is JSON. */
export function judgeAnswer(
  link: DocumentLink,
  answer: Answered,
  place: DocumentPlace,
): JudgedAnswer {
  if (answer.status !== 200) return { findings: [judgeStatus(link, answer, place)] }
  const { findings, document } = readBody(link, answer.body, place)
  return {
    document,
    findings: [
      ...findings,
      ...judgeSpeed(link, answer),
      ...judgeType(link, answer),
      ...judgeCaching(link, answer.cacheControl, place),
    ],
  }
}

function judgeStatus(link: DocumentLink, answer: Answered, place: DocumentPlace): Finding {
  const { url, status, location } = answer
  if (status >= 300 && status < 400) {
    const target = location === undefined ? '' : ` to ${escaped(cut(location))}`
    return {
      id: `${link}/redirect`,
      severity: 'high',
      summary: `${url} answers with a redirect${target}`,
      why: 'STS is not known to follow redirects, so it has no document: "Couldn\'t retrieve verification key from your identity provider".',
      fix: `Serve ${DOCUMENT_NAMES[link]} at that very URL, over https. What redirects may be a rule of the web server, a login page in front of it, or the bucket of another region. Look at it: ${look(url)}`,
    }
  }
  const { what, why } = OF_STATUS[status] ?? { what: 'status', why: NOT_200 }
  return {
    id: `${link}/${what}`,
    severity: 'high',
    summary: `${url} answered ${status} to a request without credentials`,
    why,
    ...remedyOf(what, place),
  }
}

function remedyOf(what: string, place: DocumentPlace): Remedy {
  if (what === 'not-public' && place.open !== undefined) {
    return { fix: 'Let everybody read the two documents', command: place.open }
  }
  return what === 'missing' ? rewrite(place) : { fix: place.byHand }
}

const look = (url: string): string => `curl -si ${shellWord(url)}`

const NOT_200 = 'STS takes the document from an answer 200 only.'
const CLOSED = {
  what: 'not-public',
  why: 'STS reads it without credentials too.',
}
const MISSING = { what: 'missing', why: 'There is nothing at that URL, so STS gets no document.' }

const OF_STATUS: Readonly<Record<number, { readonly what: string; readonly why: string }>> = {
  401: CLOSED,
  403: CLOSED,
  404: MISSING,
  410: MISSING,
}

function judgeSpeed(link: DocumentLink, { url, milliseconds }: Answered): readonly Finding[] {
  if (milliseconds <= SLOW_MS) return []
  return [
    {
      id: `${link}/slow`,
      severity: 'medium',
      summary: `${url} took ${(milliseconds / 1000).toFixed(1)} s to answer`,
      why: 'STS gives up after 5 s, and asks from further away than this machine may be.',
      fix: 'Find out what makes it slow: the server, a cold cache, or the way there from here. Two static files should take milliseconds.',
    },
  ]
}

function judgeType(link: DocumentLink, { contentType }: Answered): readonly Finding[] {
  if (contentType !== undefined && /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType))
    return []
  const named = contentType === undefined ? 'no Content-Type' : `the type ${quoted(contentType)}`
  return [
    {
      id: `${link}/content-type`,
      severity: 'info',
      summary: `It is served with ${named}`,
      why: 'Both documents are application/json by their standards. STS is not known to mind.',
      fix: 'Serve it as application/json where that is easy.',
    },
  ]
}

/** What was seen of an answer, without its text. */
export const answerEvidence = (answer: Answered): Evidence => ({
  label: `GET ${answer.url}`,
  text: [
    `status ${answer.status} after ${answer.milliseconds} ms, ${Buffer.byteLength(answer.body)} bytes`,
    ...headerLine('Location', answer.location),
    ...headerLine('Content-Type', answer.contentType),
    ...headerLine('Cache-Control', answer.cacheControl),
    ...(answer.verified ? [] : ['the certificate does not verify here']),
  ].join('\n'),
})

const headerLine = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`${name}: ${escaped(cut(value))}`]
