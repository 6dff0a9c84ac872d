import { nearest } from '../nearest.ts'
import { readProviderArn } from '../provider-arn.ts'
import { commonLength, looseIssuer } from './issuer-difference.ts'

/** A provider whose URL comes close to an issuer. */
export interface CloseProvider {
  readonly url: string
  /** Whether people would take the two for the same: they differ by a slash, case or scheme. */
  readonly same: boolean
}

/** The provider among these ARNs that may have been meant for the issuer. */
export function closeProvider(issuer: string, arns: readonly string[]): CloseProvider | undefined {
  const urls = arns
    .flatMap((arn) => readProviderArn(arn) ?? [])
    .map(({ issuer: rest }) => `https://${rest}`)
  const same = urls.find((url) => looseIssuer(url) === looseIssuer(issuer))
  if (same !== undefined) return { url: same, same: true }
  const alike = urls.filter((url) => isAlike(issuer, url))
  return alike.length === 0 ? undefined : { url: nearest(issuer, alike), same: false }
}

/** On the same host, or a letter or two away from it: a slip, or another cluster of theirs. */
const isAlike = (issuer: string, url: string): boolean =>
  hostOf(url) === hostOf(issuer) || changed([...issuer], [...url]) <= 2

const hostOf = (url: string): string => url.split('/')[2] ?? ''

/** How many signs were put in, left out or written otherwise, where it is in one place. */
function changed(one: readonly string[], other: readonly string[]): number {
  const start = commonLength(one, other)
  const [left, right] = [one.slice(start), other.slice(start)]
  const end = commonLength(left.toReversed(), right.toReversed())
  return Math.max(left.length, right.length) - end
}
