import { roleWildcard } from './problems/role.ts'
import { serviceAccountInvalid } from './problems/service-account.ts'
import {
  parseServiceAccount,
  type ServiceAccount,
  shownServiceAccount,
  subjectOf,
} from './service-account.ts'
import { matchesPattern } from './trust-statement.ts'

/** Whom a role is for: a service account, or with `*` and `?` in it all those that match. */
export interface Subject extends ServiceAccount {
  readonly wildcard: boolean
}

/** STS API reference, AssumeRoleWithWebIdentity: `SubjectFromWebIdentityToken`. */
const MAX_SUBJECT = 255

const PATTERN = /^[a-z0-9*?-]+\/[a-z0-9.*?-]+$/

/** Whether IAM's StringLike would take a text for a pattern. */
export const isWildcard = (text: string): boolean => /[*?]/.test(text)

/**
 * Reads `NAMESPACE/NAME`, either of them with wildcards where those are allowed.
 * @throws Problem `service-account/invalid`, `role/wildcard`
 */
export function parseSubject(text: string, allowWildcard: boolean): Subject {
  if (!isWildcard(text)) return { ...parseServiceAccount(text), wildcard: false }
  if (!PATTERN.test(text)) throw serviceAccountInvalid(text)
  if (!allowWildcard) throw roleWildcard(text)
  const [namespace = '', name = ''] = text.split('/')
  return { namespace, name, wildcard: true }
}

/** Whether the subject of a token is one of these: IAM's StringLike knows `*` and `?`. */
export function covers(subject: Subject, sub: string): boolean {
  const wished = subjectOf(subject)
  return subject.wildcard ? matchesPattern(sub, wished) : wished === sub
}

/** What deserves a second look about whom a role is for. */
export function remarksOnSubjects(subjects: readonly Subject[]): readonly string[] {
  return subjects.flatMap((subject) => {
    const shown = shownServiceAccount(subject)
    if (subject.wildcard) {
      return [`${shown} matches service accounts of the future too: whoever may make one gets in`]
    }
    const long = subjectOf(subject).length > MAX_SUBJECT
    return long ? [`the subject of ${shown} is longer than the ${MAX_SUBJECT} that STS takes`] : []
  })
}
