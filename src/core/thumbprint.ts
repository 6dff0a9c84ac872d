import {
  emptyChain,
  thumbprintChoiceMixed,
  thumbprintInvalid,
  tooManyThumbprints,
  untrustedChain,
} from './problems/thumbprint.ts'

/** IAM, API_CreateOpenIDConnectProvider: `ThumbprintList`, at most 5 entries. */
const MOST = 5

/** What is to become of the provider's thumbprints. */
export type ThumbprintChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly thumbprints: readonly string[] }

/** A chain as a server presented it, leaf first, with a judgement. */
export interface JudgedChain {
  readonly chain: readonly {
    readonly subject: string
    readonly issuer: string
    readonly sha1: string
  }[]
  readonly trust:
    | { readonly kind: 'public' }
    | { readonly kind: 'added-root'; readonly root: string; readonly sha1: string }
    | { readonly kind: 'untrusted'; readonly reason: string }
}

/**
 * Reads a thumbprint as IAM takes it or as `openssl x509 -fingerprint -sha1` prints it, with
 * colons, in upper case and behind its label.
 *
 * @returns 40 lower-case hex digits
 * @throws Problem `thumbprint/invalid`
 */
export function parseThumbprint(text: string): string {
  const value = text.trim().replace(/^sha1 fingerprint=/i, '')
  // Colons stand between all the bytes or nowhere: a lost digit must not be papered over.
  if (!/^(?:[0-9a-f]{40}|(?:[0-9a-f]{2}:){19}[0-9a-f]{2})$/i.test(value)) {
    throw thumbprintInvalid(text)
  }
  return value.replaceAll(':', '').toLowerCase()
}

/**
 * Reads every value of --thumbprint together; without any it is `auto`. Repeated ones count once.
 *
 * @throws Problem `thumbprint/invalid`, `thumbprint/mixed`, `thumbprint/too-many`
 */
export function parseThumbprintChoice(values: readonly string[]): ThumbprintChoice {
  const distinct = [...new Set(values)]
  const word = distinct.find(isWord) ?? (distinct.length === 0 ? 'auto' : undefined)
  if (word !== undefined) {
    if (distinct.length > 1) throw thumbprintChoiceMixed(word)
    return { kind: word }
  }
  const thumbprints = [...new Set(distinct.map(parseThumbprint))]
  if (thumbprints.length > MOST) throw tooManyThumbprints(thumbprints.length, MOST)
  return { kind: 'given', thumbprints }
}

const isWord = (value: string): value is 'auto' | 'none' => value === 'auto' || value === 'none'

/**
 * The thumbprint that IAM would compute: SHA-1 of the last certificate that the server presents,
 * "the top intermediate CA", which is the root only where the server sends its root
 * (IAM User Guide, id_roles_providers_create_oidc_verify-thumbprint.html).
 *
 * @returns 40 lower-case hex digits
 * @throws Problem `thumbprint/untrusted-chain` when the chain does not verify
 */
export function thumbprintOf(presented: JudgedChain): string {
  const { sha1 } = lastPresented(presented)
  const [leaf] = presented.chain
  if (presented.trust.kind === 'untrusted' && leaf !== undefined) {
    throw untrustedChain(`${leaf.subject}, issued by ${leaf.issuer}`, presented.trust.reason)
  }
  return sha1
}

/**
 * The thumbprints for an issuer with a CA of its own. IAM sees what is presented: where that is the
 * leaf alone, the CA's thumbprint matches nothing (aws/containers-roadmap issue 2031); where the CA is
 * presented as well, it outlives every leaf, which is why kops has the API server present it. So IAM
 * gets both, and nothing has to change on the day on which the CA is added to what is presented.
 *
 * @returns one or two, 40 lower-case hex digits each, what counts now first
 * @throws Problem `thumbprint/untrusted-chain` when the chain does not verify
 */
export function thumbprintsOfOwnCa(presented: JudgedChain): readonly string[] {
  const last = thumbprintOf(presented)
  const { trust } = presented
  return trust.kind === 'added-root' && trust.sha1 !== last ? [last, trust.sha1] : [last]
}

/** Whether nothing but the leaf is presented, whose thumbprint goes with its next renewal. */
export const presentsLeafOnly = ({ chain, trust }: JudgedChain): boolean =>
  chain.length === 1 && trust.kind === 'added-root' && trust.sha1 !== chain[0]?.sha1

/** The certificate whose fingerprint counts, trusted or not. @throws Problem `thumbprint/empty-chain` */
export function lastPresented({ chain }: Pick<JudgedChain, 'chain'>): JudgedChain['chain'][number] {
  const last = chain.at(-1)
  if (last === undefined) throw emptyChain()
  return last
}
