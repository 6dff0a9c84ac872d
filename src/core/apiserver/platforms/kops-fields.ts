import type { Entry } from '../../yaml-page.ts'
import type { Flag } from '../flags.ts'
import { unique } from '../situation.ts'

/** The fields of `kubeAPIServer` for our flags; it has one for the first issuer and one for all others. */
export function apiServerEntries(flags: readonly Flag[]): Entry[] {
  const of = (name: string): Flag[] => flags.filter((flag) => flag.name === name)
  const [issuer, ...others] = of('service-account-issuer')
  return [
    ...one('serviceAccountIssuer', issuer),
    ...list('additionalServiceAccountIssuers', others, 'Needs kops 1.28.5 or later.'),
    ...one('serviceAccountJWKSURI', of('service-account-jwks-uri')[0]),
    ...list(
      'serviceAccountKeyFile',
      of('service-account-key-file'),
      'kops adds its own public keys.',
    ),
    ...one('serviceAccountSigningKeyFile', of('service-account-signing-key-file')[0]),
    ...of('api-audiences').map(({ value, why }) => ({
      key: 'apiAudiences',
      value: value.split(','),
      why,
    })),
  ]
}

/** What goes before they come, as `Guide.takeOut` wants it; not every stage has all of them. */
export const oldFields = (flags: readonly Flag[]): string[] => {
  const keys = apiServerEntries(flags).map(({ key }) => key)
  const names = unique(['serviceAccountIssuer', 'additionalServiceAccountIssuers', ...keys])
  return [`${names.join(', ')} in spec.kubeAPIServer`]
}

const one = (key: string, flag: Flag | undefined): Entry[] =>
  flag === undefined ? [] : [{ key, value: flag.value, why: flag.why }]

function list(key: string, flags: readonly Flag[], remark: string): Entry[] {
  if (flags.length === 0) return []
  const reasons = new Set(flags.map((flag) => flag.why))
  return [{ key, value: flags.map((flag) => flag.value), why: [...reasons, remark].join(' ') }]
}
