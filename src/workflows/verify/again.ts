import { shownServiceAccount } from '../../core/service-account.ts'
import { shellWord } from '../../core/shell.ts'
import { optionsAsGiven } from '../given-options.ts'
import type { Given, Walk } from './walk.ts'

/** This `irsa verify` once more, with some of it changed; undefined where it cannot be typed again. */
export function verifyAgain(
  { world, given: now }: Pick<Walk, 'world' | 'given'>,
  changed: { readonly roleArn?: string; readonly audience?: string } = {},
): string | undefined {
  if (now.token !== undefined && now.tokenFile === undefined) return undefined
  const roleArn = changed.roleArn ?? now.role?.arn
  const flags: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--issuer', now.file === undefined ? now.issuer : undefined],
    ['--token', now.tokenFile],
    ['--role-arn', roleArn],
    ['--service-account', now.serviceAccount && shownServiceAccount(now.serviceAccount)],
    ['--pod', now.pod],
    ['--audience', changed.audience ?? now.audience],
    ['--signing-key', now.signingKey],
  ]
  const valued = flags.flatMap(([flag, value]) =>
    value === undefined ? [] : [` ${flag} ${shellWord(value)}`],
  )
  const options = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  return `irsa verify${valued.join('')}${switches(now)}${options}`
}

const switches = ({ signer, signingKey, asksCluster, asksAws }: Given): string =>
  [
    signer !== undefined && signingKey === undefined ? ' --sign' : '',
    signer === undefined && !asksCluster ? ' --no-cluster' : '',
    asksAws ? '' : ' --no-aws',
  ].join('')
