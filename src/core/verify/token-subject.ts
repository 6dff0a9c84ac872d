import { isObject } from '../jwk.ts'
import { accountIn, type ServiceAccount } from '../service-account.ts'
import type { TokenAnatomy } from '../token-anatomy.ts'

type Claimed = Pick<TokenAnatomy, 'claims'>

/** A text among the claims; undefined where it is something else, or nothing. */
export const textClaim = ({ claims }: Claimed, name: string): string | undefined => {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const subjectIn = (token: Claimed): string | undefined => textClaim(token, 'sub')

/** The service account that a token speaks for (kubernetes pkg/serviceaccount/util.go, SplitUsername). */
export function accountOf(token: Claimed): ServiceAccount | undefined {
  return accountIn(subjectIn(token) ?? '')
}

/** kubernetes pkg/serviceaccount/legacy.go: tokens of secrets, before they were projected into pods. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount'

export const isLegacy = ({ claims }: Claimed): boolean =>
  claims['iss'] === LEGACY_ISSUER ||
  Object.hasOwn(claims, 'kubernetes.io/serviceaccount/secret.name')

/** What the token is bound to (kubernetes pkg/serviceaccount/claims.go), as far as it says so. */
export interface Bindings {
  readonly pod: string | undefined
  readonly node: string | undefined
  readonly secret: string | undefined
  /** Seconds since 1970, in tokens whose life was extended for old clients. */
  readonly warnAfter: number | undefined
}

export function bindingsOf({ claims }: Claimed): Bindings {
  const bound = claims['kubernetes.io']
  const members = isObject(bound) ? bound : {}
  const nameOf = (member: string): string | undefined => {
    const found = members[member]
    return isObject(found) && typeof found['name'] === 'string' ? found['name'] : undefined
  }
  const { warnafter } = members
  return {
    pod: nameOf('pod'),
    node: nameOf('node'),
    secret: nameOf('secret'),
    warnAfter: typeof warnafter === 'number' ? warnafter : undefined,
  }
}
