import type { Entry } from '../yaml-page.ts'
import type { Flag } from './flags.ts'

/** An entry of a list of `name` and `value`, as kubeadm has it since v1beta4. */
export const asPair = ({ name, value, why }: Flag): Entry => ({ value: { name, value }, why })

/** An entry of a map from names to values, which holds a flag once. */
export const asKey = ({ name, value, why }: Flag): Entry => ({ key: name, value, why })

/** The first value of each flag: what a map, or a list of unique names, can hold. */
export const firstOfEach = (flags: readonly Flag[]): Flag[] =>
  flags.filter((flag) => !isFurther(flag, flags))

/** The other values, in order. */
export const furtherOnes = (flags: readonly Flag[]): Flag[] =>
  flags.filter((flag) => isFurther(flag, flags))

const isFurther = (flag: Flag, flags: readonly Flag[]): boolean =>
  flags.slice(0, flags.indexOf(flag)).some(({ name }) => name === flag.name)

/** Each name once. */
export const flagNames = (flags: readonly Flag[]): string[] =>
  firstOfEach(flags).map(({ name }) => name)

const COMMON = 'service-account-'

/** An extended regular expression for the names of these flags, short enough for a line. */
export function namePattern(flags: readonly Flag[]): string {
  const names = flagNames(flags)
  const common = names.filter((name) => name.startsWith(COMMON))
  const rest = names.filter((name) => !name.startsWith(COMMON))
  const [first, ...more] = common.map((name) => name.slice(COMMON.length))
  if (first === undefined) return rest.join('|')
  const grouped = more.length === 0 ? first : `(${[first, ...more].join('|')})`
  return [`${COMMON}${grouped}`, ...rest].join('|')
}
