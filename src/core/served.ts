import { jsonIn } from './json.ts'
import { isObject } from './jwk.ts'

/**
 * Whether what is served is what was written. Somebody who publishes to the same issuer meanwhile may
 * have added to it, so for JSON it is enough that nothing of ours is missing or different.
 */
export function serves(written: string, served: string): boolean {
  if (written === served) return true
  const [ours, theirs] = [jsonIn(written), jsonIn(served)]
  return ours !== undefined && theirs !== undefined && contains(theirs, ours)
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.every((item) => whole.some((other) => contains(other, item)))
    )
  }
  if (!isObject(part)) return whole === part
  return (
    isObject(whole) &&
    Object.entries(part).every(([member, value]) => contains(whole[member], value))
  )
}
