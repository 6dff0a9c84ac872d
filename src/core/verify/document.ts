import type { Finding } from './finding.ts'
import type { DocumentAnswer } from './sights.ts'

/** The two links that stand on a document. */
export type DocumentLink = 'discovery' | 'jwks'

/** The document as it is called in sentences. */
export const DOCUMENT_NAMES: Readonly<Record<DocumentLink, string>> = {
  discovery: 'the discovery document',
  jwks: 'the key set',
}

export type Answered = Extract<DocumentAnswer, { readonly kind: 'answered' }>

/** What is to be said of an answer, and the JSON object in it where there is one. */
export interface JudgedAnswer {
  readonly findings: readonly Finding[]
  readonly document?: Readonly<Record<string, unknown>> | undefined
}
