import type { Test } from '../trust-statement.ts'
import { markedDifference } from './issuer-difference.ts'
import type { Miss } from './trust-misses.ts'
import { TRUST_LABELS } from './trust-provider.ts'

/** Why a condition key is none that a token of this issuer has. */
export function keyMiss({ written, key, operator }: Test, claims: string): Miss {
  const [, name = key, claim = ''] = /^(.*):([^:/]*)$/.exec(key) ?? []
  const ours = `${claims}:${claim}`
  const miss = (what: string, summary: string, why: string): Miss => ({
    id: `role/trust-${what}`,
    summary,
    why,
  })
  const compared = (because: string): string =>
    `${because}\n${markedDifference(ours, key, TRUST_LABELS)}`
  if (operator === 'null') {
    return miss('absent-key', `It wants ${key}`, `No token of this issuer has ${key}.`)
  }
  if (/^https?:\/\//i.test(key)) {
    return miss(
      'key-scheme',
      `Its ${written} asks for ${key}, with the scheme`,
      compared('Condition keys name the issuer without https://, and no token has this one.'),
    )
  }
  if (name.replace(/\/+$/, '').toLowerCase() === claims.toLowerCase() && name.endsWith('/')) {
    return miss(
      'key-slash',
      `Its ${written} asks for ${key}, with a slash after the issuer`,
      compared('The issuer has none, so that no token has this key.'),
    )
  }
  if (name.toLowerCase() === claims.toLowerCase() || !/[./]/.test(name)) {
    return miss(
      'absent-key',
      `Its ${written} asks for ${key}`,
      'No token of a service account brings that key, and a key that is not there matches nothing.',
    )
  }
  return miss(
    'key-other-issuer',
    `Its ${written} asks for ${key}, a claim of another issuer`,
    compared('A token has the claims of its own issuer only.'),
  )
}
