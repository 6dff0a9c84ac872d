import { capital } from '../words.ts'
import { prune, rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import { type KeyContext, rewriteOurs, withoutThese } from './key-rules.ts'
import { type KeySeen, nameOf } from './key-seen.ts'
import { quoted } from './escaped.ts'

/** What the names of keys are judged by. */
export interface KidContext extends KeyContext {
  readonly keys: readonly KeySeen[]
  /** The kid of a token that was seen, as the cluster makes them. */
  readonly tokenKid: string | undefined
}

/** Whether a key is called by another name than kube-apiserver has for it. */
export const isMisnamed = ({ kid, usable }: KeySeen): boolean =>
  kid !== undefined && kid !== '' && usable !== undefined && kid !== usable.kid

/** What is wrong with the name of a key. */
export function judgeKid(key: KeySeen, context: KidContext): readonly Finding[] {
  const { kid } = key
  if (kid === undefined || kid === '') return [nameless(key, context)]
  if (!isMisnamed(key) || kid === context.tokenKid) return []
  // Under the name of a signer of ours another key is judged with that signer.
  if (context.ours.has(kid)) return []
  // Two keys of one name are one finding.
  if (context.keys.some((other) => other.kid === kid && other.usable?.kid !== key.usable?.kid)) {
    return []
  }
  return [misnamed(key, kid, context)]
}

function nameless(key: KeySeen, context: KidContext): Finding {
  const { entry, usable } = key
  const empty = key.kid === ''
  const stated = Object.hasOwn(entry, 'kid') ? 'a "kid" that is no text' : 'no "kid"'
  const right = usable === undefined ? '' : ` kube-apiserver names this one ${usable.kid}.`
  return {
    id: empty ? 'jwks/kid-empty' : 'jwks/kid-missing',
    severity: 'high',
    summary: `Key number ${key.number} has ${empty ? 'an empty "kid"' : stated}`,
    why: `STS finds the key of a token by its kid, and was seen to fail on key sets that lack one.${right}`,
    ...withoutThese(context, '(.kid | type) != "string" or .kid == ""'),
  }
}

function misnamed(key: KeySeen, kid: string, context: KidContext): Finding {
  const right = key.usable?.kid ?? ''
  const lines = `published  ${quoted(kid)}\nin tokens  "${right}"`
  if (context.keys.some((other) => other.kid === right)) return leftOver(key, context)
  if (context.keys.some((other) => other !== key && other.usable?.kid === kid)) {
    return {
      ...wrong(context, right),
      id: 'jwks/kid-of-other-key',
      summary: `${capital(nameOf(key))} is published under the kid of another key`,
      why: `${SOUGHT}\n${lines}`,
    }
  }
  const origin = key.usable?.originOf(kid)
  if (origin !== undefined) {
    return {
      ...wrong(context, right),
      id: 'jwks/kid-computed',
      summary: `${capital(nameOf(key))} is called by ${origin}, not by the name that kube-apiserver has for it`,
      why: `${SOUGHT} kube-apiserver takes base64url of the SHA-256 of the DER public key.\n${lines}`,
    }
  }
  return context.ours.has(right) ? renamed(key, lines, context) : foreign(key, right)
}

const SOUGHT = 'STS looks for the kid of the token among the published ones, and finds none.'

/** The right key is published beside it, once irsa has written the set; the other is a left-over then. */
const wrong = (context: KidContext, right: string) => ({
  severity: 'high' as const,
  ...(context.ours.has(right) ? rightName(context) : rewriteOurs(context, right)),
})

/** Where nothing else would go with it, the wrong name goes at once. */
function rightName(context: KidContext) {
  const { keys, ours, place } = context
  const onlyOurs = keys.every(({ usable }) => ours.has(usable?.kid ?? ''))
  if (!onlyOurs || place.prune === undefined) return rewrite(place)
  return {
    fix: 'Have it published under its right name, and the wrong one dropped',
    command: place.prune,
  }
}

const renamed = (key: KeySeen, lines: string, context: KidContext): Finding => ({
  id: 'jwks/kid-other',
  severity: 'high',
  summary: `The key of the signer is published as ${quoted(key.kid ?? '')}, and its tokens name another kid`,
  why: `${SOUGHT}\n${lines}`,
  ...rightName(context),
})

const foreign = (key: KeySeen, right: string): Finding => ({
  id: 'jwks/kid-foreign',
  severity: 'info',
  summary: `${capital(nameOf(key))} is not called as kube-apiserver would`,
  why: `External signers and other identity providers name keys as they like. A kube-apiserver that signs with this key itself writes ${right} into its tokens.`,
  fix: 'Compare it with the kid of a token: irsa inspect-token FILE',
})

const leftOver = (key: KeySeen, { place }: KidContext): Finding => ({
  id: 'jwks/kid-left-over',
  severity: 'low',
  summary: `${capital(nameOf(key))} is published a second time, under its right name`,
  why: 'No token of a kube-apiserver names it so. It only takes up room, and it makes people wonder.',
  ...prune(place),
})
