import { capital } from '../words.ts'
import { IN_CASE_OF_THEFT, renewed, STOLEN } from './exposed.ts'
import type { Finding, Remedy } from './finding.ts'
import { type KeyContext, withoutThese } from './key-rules.ts'
import { type KeySeen, nameOf } from './key-seen.ts'

/** A key that is published with its private half. */
export function exposed(key: KeySeen, context: KeyContext): readonly Finding[] {
  if (key.exposed.length === 0) return []
  const members = key.exposed.map((member) => `"${member}"`).join(', ')
  return [
    {
      id: 'jwks/private-member',
      severity: 'high',
      summary: `${capital(nameOf(key))} is published with its private half (${members})`,
      why: STOLEN,
      ...afterTheft(key, context),
    },
  ]
}

/** In jq: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1; the others come with `d`. */
const CARRIES_PRIVATE = 'has("d") or has("p") or has("q") or has("k")'

function afterTheft({ usable }: KeySeen, context: KeyContext): Remedy {
  const { place, ours } = context
  const kid = usable?.kid ?? ''
  const renewal = place.renew.get(kid)
  if (renewal !== undefined) return renewed(renewal)
  const { fix, command } = withoutThese(context, CARRIES_PRIVATE)
  // With the file of the stolen key still at hand, irsa would publish it again.
  if (command === undefined || ours.has(kid)) return { fix: `${IN_CASE_OF_THEFT}. ${place.byHand}` }
  return { fix: `${IN_CASE_OF_THEFT}. ${fix}`, command }
}
