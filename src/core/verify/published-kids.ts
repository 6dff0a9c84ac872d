import { objectIn } from '../json.ts'
import { entriesOf, isObject } from '../jwk.ts'
import type { Seen } from './link.ts'
import type { DocumentAnswer } from './sights.ts'

/** The key set as JSON, where one was served; what is wrong with it is for the link jwks. */
export function publishedKeySet(
  answer: Seen<DocumentAnswer>,
): Readonly<Record<string, unknown>> | undefined {
  if (answer.kind === 'unseen' || answer.value.kind === 'silent') return undefined
  const { status, body } = answer.value
  return status === 200 ? objectIn(body) : undefined
}

/** The kids of the key set that is published; undefined where none could be read. */
export const publishedKids = (answer: Seen<DocumentAnswer>): readonly string[] | undefined =>
  entriesOf(publishedKeySet(answer))?.flatMap((key) =>
    isObject(key) && typeof key['kid'] === 'string' ? [key['kid']] : [],
  )
