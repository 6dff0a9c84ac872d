import type { TokenAnatomy } from '../../core/token-anatomy.ts'
import type { Finding } from '../../core/verify/finding.ts'
import type { Seen } from '../../core/verify/link.ts'
import type { DocumentAnswer, TokenSeen } from '../../core/verify/sights.ts'
import { judgeSignature } from '../../core/verify/token-signed.ts'
import {
  checkSignature,
  keysOf,
  keysOfSet,
  type VerifyingKey,
} from '../../core/verify/token-signature.ts'
import { escaped } from '../../core/verify/escaped.ts'
import { publishedKey, renewedToken } from './token-remedies.ts'
import { sighted, type Walk } from './walk.ts'

/** What became of the check, in words for the summary and for whoever wants to know how. */
export interface SignatureFound {
  readonly findings: readonly Finding[]
  readonly shown: string
  readonly how: string
}

/** Checks the signature with the keys that are published; where they cannot be had, with those at hand. */
export async function checkedSignature(
  walk: Walk,
  token: TokenSeen,
  anatomy: TokenAnatomy,
): Promise<SignatureFound> {
  const [keySet, configured] = await Promise.all([walk.sights.keySet(), configuredKeys(walk)])
  const published = publishedKeys(keySet)
  const kid = escaped(String(anatomy.header['kid']))
  if (published === undefined) return byConfigured(anatomy, configured, kid)
  const seen = checkSignature(anatomy, published.keys)
  const findings = judgeSignature(anatomy, seen, {
    from: published.url,
    published: true,
    publish: publishedKey(walk, token, anatomy, signedBy(anatomy, configured) === 'valid'),
    fresh: renewedToken(walk, token, anatomy),
  })
  const valid = seen.kind === 'valid'
  return {
    findings,
    shown: valid ? `signed by kid ${kid}` : 'not signed as published',
    how: `${valid ? 'valid' : 'not valid'}, by the keys of ${published.url}`,
  }
}

/** Not what STS will see, and so without findings. */
function byConfigured(
  anatomy: TokenAnatomy,
  configured: readonly VerifyingKey[],
  kid: string,
): SignatureFound {
  return signedBy(anatomy, configured) === 'valid'
    ? {
        findings: [],
        shown: `signed by kid ${kid}`,
        how: 'valid, by the key at hand; the published ones could not be had',
      }
    : {
        findings: [],
        shown: 'signature not checked',
        how: 'not checked, for the published keys could not be had',
      }
}

const signedBy = (anatomy: TokenAnatomy, keys: readonly VerifyingKey[]) =>
  checkSignature(anatomy, keys).kind

function publishedKeys(
  keySet: Seen<DocumentAnswer>,
): { readonly url: string; readonly keys: readonly VerifyingKey[] } | undefined {
  if (keySet.kind === 'unseen' || keySet.value.kind !== 'answered') return undefined
  const { url, status, body } = keySet.value
  const keys = status === 200 ? keysOfSet(body) : undefined
  return keys && { url, keys }
}

/** Those of irsa.yaml, which `irsa apply` publishes. */
async function configuredKeys({ sights }: Walk): Promise<readonly VerifyingKey[]> {
  const found = await sighted(() => sights.keyFiles())
  return found.kind === 'seen' ? keysOf(found.value) : []
}
