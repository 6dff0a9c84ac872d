import type { TokenAnatomy } from '../token-anatomy.ts'
import type { Finding, Remedy } from './finding.ts'
import type { SignatureSeen } from './token-signature.ts'
import { quoted } from './escaped.ts'

/** The keys that a signature was checked with. */
export interface Consulted {
  /** Such as `https://…/keys.json`, or the files. */
  readonly from: string
  /** Whether STS finds them there, or they are files at hand. */
  readonly published: boolean
  /** For a key that is none of them. */
  readonly publish: Remedy
  readonly fresh: Remedy
}

/** What is wrong with a signature, as STS will see it. */
export function judgeSignature(
  { header: { kid, alg } }: Pick<TokenAnatomy, 'header'>,
  seen: SignatureSeen,
  keys: Consulted,
): readonly Finding[] {
  // That it is signed in a way that nobody takes is a finding of its own.
  if (seen.kind === 'valid' || alg === 'none') return []
  const named = typeof kid === 'string' ? `kid ${quoted(kid)}` : 'no kid'
  return [{ severity: 'high', ...FINDINGS[seen.kind](named, keys, seen) }]
}

type Words = (
  named: string,
  keys: Consulted,
  seen: SignatureSeen,
) => Pick<Finding, 'id' | 'summary' | 'why' | 'fix' | 'command'>

const FINDINGS: Readonly<Record<Exclude<SignatureSeen['kind'], 'valid'>, Words>> = {
  'key-unknown': (named, { from, published, publish }) => ({
    id: 'token/key-unknown',
    summary: published
      ? `It is signed by a key that is not published (${named})`
      : `It is signed by a key that is not at hand (${named})`,
    why: `${from} ${published ? 'does not hold it. STS answers "Couldn\'t retrieve verification key".' : 'does not hold it, so whether it is published cannot be told from here.'}`,
    ...publish,
  }),
  wrong: (named, { from, fresh }, seen) => ({
    id: 'token/signature-wrong',
    ...('bytes' in seen && seen.bytes !== undefined
      ? wrongLength(named, from, seen.bytes)
      : wrongKey(named, from)),
    ...fresh,
  }),
  'other-kid': (named, { from, publish }, seen) => ({
    id: 'token/kid-differs',
    summary: `It names ${named}, and its key stands under another kid`,
    why: `In ${from} the key that verifies it has ${'by' in seen && seen.by !== undefined ? `kid ${quoted(seen.by)}` : 'no kid'}. STS looks for the key by the kid of the token, and finds none.`,
    ...publish,
  }),
}

const wrongKey = (named: string, from: string) => ({
  summary: `Its signature is not of the key that it names (${named})`,
  why: `${from} holds a key of that kid, and it does not verify the token: the token was changed, or the key set holds another key under that name.`,
})

function wrongLength(
  named: string,
  from: string,
  { has, wants }: { readonly has: number; readonly wants: number },
) {
  const [what, how] =
    has < wants
      ? ['is cut off', 'The end of the token was lost on the way']
      : ['is too long', 'Something was added to the token on the way']
  return {
    summary: `Its signature ${what}: it has ${has} bytes, and one of the key that it names has ${wants} (${named})`,
    why: `${how}, or ${from} holds a key of another size under that name.`,
  }
}
