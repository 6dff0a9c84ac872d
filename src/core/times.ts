import { counted } from './words.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** Seconds as people say them, in the largest unit that is full twice, such as `90 minutes`; rounded down. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [unit, size] =
    UNITS.find(([, length]) => whole === length || whole >= 2 * length) ?? (['second', 1] as const)
  return counted(Math.floor(whole / size), unit)
}

/** ISO 8601 in UTC, to the second. */
export const secondOf = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z')

/** The largest Date (ECMAScript 21.4.1.1), in seconds. */
const LAST_S = 8.64e12

/** Seconds since 1970 as ISO 8601, UTC. */
export const instant = (seconds: number): string =>
  Math.abs(seconds) <= LAST_S ? secondOf(new Date(seconds * 1000)) : `${seconds} s after 1970`
