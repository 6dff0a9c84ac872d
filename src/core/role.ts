import { createHash } from 'node:crypto'
import type { ServiceAccount } from './service-account.ts'

/** A role as IAM keeps it, with everything that irsa looks at. Documents are parsed. */
export interface Role {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly trust: unknown
  readonly boundary: string | undefined
  readonly tags: Readonly<Record<string, string>>
  /** ARNs of managed policies. */
  readonly attached: readonly string[]
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, unknown>>
}

/** Below it all roles of irsa can be granted to an operator at once. */
export const DEFAULT_PATH = '/irsa/'

/** IAM API reference, API_CreateRole.html: `RoleName`. */
const MAX_NAME = 64
const NAME = /^[\w+=,.@-]{1,64}$/

/** IAM API reference, API_CreateRole.html: `Path`. */
const PATH = /^\/(?:[\u0021-\u007e]+\/)?$/
const MAX_PATH = 512

export const isRoleName = (text: string): boolean => NAME.test(text)

export const isRolePath = (text: string): boolean => text.length <= MAX_PATH && PATH.test(text)

/** What the role of one service account is called, unless somebody says otherwise. */
export const roleNameFor = (
  issuerName: string | undefined,
  { namespace, name }: ServiceAccount,
): string => shortened([...(issuerName ? [issuerName] : []), namespace, name].join('-'), MAX_NAME)

const HASH_LENGTH = 10

/**
 * A name that fits: one that is too long ends in a hash of the whole, so that two long names do not
 * become one.
 */
export function shortened(name: string, length: number): string {
  if (name.length <= length) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)
  return `${name.slice(0, length - HASH_LENGTH - 1).replace(/[-.]+$/, '')}-${hash}`
}
