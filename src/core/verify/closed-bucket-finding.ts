import { lowerFirst } from '../words.ts'
import { type Mending, remedyFor } from './closed-bucket-remedy.ts'
import { type BucketSeen, causesOf, unanswered } from './closed-bucket.ts'
import { wordsFor } from './closed-bucket-words.ts'
import type { ObjectPlace } from './closed-bucket-place.ts'
import type { DocumentLink } from './document.ts'
import type { Finding } from './finding.ts'
import type { Unseen } from './link.ts'

/** A document that strangers do not get. */
export interface ClosedDocument {
  readonly link: DocumentLink
  readonly url: string
  /** What S3 answered. */
  readonly status: number
}

/** Why it is closed, as far as AWS shows, and what opens it. */
export function closedFinding(
  document: ClosedDocument,
  seen: BucketSeen,
  mending: Mending,
): Finding {
  const [first, ...others] = causesOf(seen)
  const open = unanswered(seen)
  if (first === undefined) {
    const { account } = seen
    return account.kind === 'unseen'
      ? untold(document, seen, account)
      : unexplained(document, { ...seen, account: account.value }, open)
  }
  const words = wordsFor(first, seen)
  return {
    id: `${document.link}/not-public-${first.kind}`,
    severity: 'high',
    summary: `${document.url} is not public: ${words.because}`,
    why: [
      `STS reads it without credentials. ${words.why}`,
      ...others.map((cause) => `Besides, ${wordsFor(cause, seen).because}.`),
      ...(first.kind === 'bucket-missing' ? [] : notLookedAt(open)),
    ].join('\n'),
    ...remedyFor(first, seen, mending),
  }
}

const notLookedAt = (open: readonly string[]): readonly string[] =>
  open.length === 0 ? [] : [`Not looked at: ${open.join('; ')}.`]

function unexplained(
  { link, url, status }: ClosedDocument,
  { place, account }: { readonly place: ObjectPlace; readonly account: string },
  open: readonly string[],
): Finding {
  const why =
    open.length === 0
      ? `The bucket ${place.bucket}, its policy, all public access blocks and the object itself let everybody read. A change may not have come through yet, or a policy of the organization (RCP) denies it.`
      : `Nothing that account ${account} shows of the bucket ${place.bucket} is why; it may be the bucket of another account.`
  return {
    id: `${link}/not-public`,
    severity: 'high',
    summary: `${url} answered ${status} to a request without credentials`,
    why: [`STS reads it without credentials. ${why}`, ...notLookedAt(open)].join('\n'),
    fix:
      open.length === 0
        ? 'Look again in some minutes, then ask whoever manages the organization.'
        : 'Look again with credentials of the account that owns the bucket (--profile), and with the permissions that are missing.',
  }
}

/** What it may be, where AWS cannot be asked. */
function untold(
  { link, url, status }: ClosedDocument,
  { place }: BucketSeen,
  { why, takes }: Unseen,
): Finding {
  return {
    id: `${link}/not-public`,
    severity: 'high',
    summary: `${url} answered ${status} to a request without credentials`,
    why: `STS reads it without credentials. Of the bucket ${place.bucket} it may be the policy, a public access block (of the bucket, the account or the organization), the ownership or the encryption of the object, or the object is not there: S3 answers the same to all of it.`,
    fix: `AWS credentials of its account would tell, but ${lowerFirst(why)}. ${takes}`.trimEnd(),
  }
}
