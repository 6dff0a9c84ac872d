import { isNamespace, isObjectName } from '../service-account.ts'

/** What a value of a `sub` test lets in, from one service account to whatever there is. */
const WIDTHS = [
  'exact',
  'part-of-name',
  'namespace',
  'some-namespaces',
  'any-namespace',
  'everything',
] as const

export type Width = (typeof WIDTHS)[number]

export const wider = (one: Width, other: Width): Width =>
  WIDTHS.indexOf(one) < WIDTHS.indexOf(other) ? other : one

export const hasWildcard = (text: string): boolean => /[*?]/.test(text)

const PREFIX = 'system:serviceaccount:'

interface Parts {
  readonly namespace: string
  readonly name: string
}

/**
 * Namespace and name of a subject pattern, each a pattern itself; undefined for one that no subject
 * of a service account matches. A `*` reaches over colons, so `*:checkout` is of any namespace.
 */
function partsOf(pattern: string): Parts | undefined {
  if (pattern.startsWith(PREFIX)) return readRest(pattern.slice(PREFIX.length))
  const start = pattern.indexOf('*')
  if (start === -1 || !PREFIX.startsWith(pattern.slice(0, start))) return undefined
  const after = pattern.slice(start + 1).split(':')
  const [name = '', namespace = '*'] = after.toReversed()
  // What stands before the namespace can only be more of the prefix.
  return {
    namespace: after.length <= 2 ? withStar(namespace) : namespace,
    name: after.length === 1 ? withStar(name) : name,
  }
}

const withStar = (pattern: string): string => (pattern.startsWith('*') ? pattern : `*${pattern}`)

function readRest(rest: string): Parts | undefined {
  const [namespace = '', name, ...more] = rest.split(':')
  if (more.length > 0) return undefined
  if (name !== undefined) return { namespace, name }
  const star = rest.indexOf('*')
  if (star === -1) return undefined
  return { namespace: rest.slice(0, star + 1), name: rest.slice(star) }
}

const isAnything = (pattern: string): boolean => pattern.includes('*') && /^[*?]+$/.test(pattern)

/** How wide a value of StringLike is; undefined where no service account has such a subject. */
export function widthOf(pattern: string): Width | undefined {
  const parts = partsOf(pattern)
  if (parts === undefined || !fits(parts)) return undefined
  const { namespace, name } = parts
  if (isAnything(namespace)) return isAnything(name) ? 'everything' : 'any-namespace'
  if (hasWildcard(namespace)) return 'some-namespaces'
  if (isAnything(name)) return 'namespace'
  return hasWildcard(name) ? 'part-of-name' : 'exact'
}

/** Kubernetes takes lower-case letters, digits, hyphens, and dots in names: see service-account.ts. */
function fits({ namespace, name }: Parts): boolean {
  const exact =
    (hasWildcard(namespace) || isNamespace(namespace)) && (hasWildcard(name) || isObjectName(name))
  return exact && /^[a-z0-9*?-]+$/.test(namespace) && /^[a-z0-9.*?-]+$/.test(name)
}

/** Whether a text is the subject of some service account. */
const isSubject = (text: string): boolean => !hasWildcard(text) && widthOf(text) === 'exact'

/** The subject that was probably meant, such as for `shop/checkout`; undefined where nobody can tell. */
export function guessSubject(text: string): string | undefined {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^(system:)?(serviceaccounts?|sa)[:/]/, '')
  const [namespace = '', name = '', ...more] = bare.split(/[:/]/)
  const guess = `${PREFIX}${namespace}:${name}`
  return more.length === 0 && isSubject(guess) && guess !== text ? guess : undefined
}
