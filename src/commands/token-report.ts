import { shownServiceAccount } from '../core/service-account.ts'
import { valueWithoutSecrets } from '../core/secrets.ts'
import { shellWord } from '../core/shell.ts'
import { findingDocument } from '../core/verify/finding.ts'
import { shareableFinding } from '../core/verify/shareable.ts'
import { audiencesOf } from '../core/verify/token-audience.ts'
import { accountOf, bindingsOf, subjectIn } from '../core/verify/token-subject.ts'
import { duration, instant } from '../core/times.ts'
import type { TokenWords } from '../core/verify/token-words.ts'
import { escaped } from '../core/verify/escaped.ts'
import type { World } from '../ports/world.ts'
import { optionsAsGiven } from '../workflows/given-options.ts'
import type { InspectedToken, TokenFlags } from '../workflows/inspect-token.ts'

type Asked = TokenFlags & { readonly place: string | undefined }

/** Prints what a token says and what is wrong with it, never the token. */
export async function reportToken(
  world: World,
  inspected: InspectedToken,
  asked: Asked,
): Promise<void> {
  const token = shareableToken(inspected)
  await world.report.result(
    tokenDocument(token),
    world.report.token(wordsOf(token, world.onScreen)),
  )
  world.report.next(nextCommands(world, asked))
}

/** As it may be shown. Claims may hold anything, and so another token. */
const shareableToken = ({
  header,
  claims,
  findings,
  ...token
}: InspectedToken): InspectedToken => ({
  ...token,
  header: valueWithoutSecrets(header),
  claims: valueWithoutSecrets(claims),
  findings: findings.map(shareableFinding),
})

/** As `-o json` prints it. */
const tokenDocument = ({ header, claims, signature, checkedWith, findings }: InspectedToken) => ({
  kind: 'Token',
  header,
  claims,
  signature,
  checkedWith,
  findings: findings.map(findingDocument),
})

function wordsOf(token: InspectedToken, onScreen: boolean): TokenWords {
  const worst = token.findings.filter(({ severity }) => severity === 'high').length
  const account = accountOf(token)
  return {
    title: `A token of ${account === undefined ? escaped(subjectIn(token) ?? 'nobody') : shownServiceAccount(account)}`,
    fields: [...who(token), ...times(token, onScreen), ...others(token)],
    findings: token.findings,
    verdict: verdictOf(worst, token.signature),
  }
}

function verdictOf(wrong: number, signature: InspectedToken['signature']): string {
  if (wrong > 0) return 'STS would refuse it.'
  return signature === 'valid'
    ? 'STS would take it, if its provider and the role do.'
    : 'STS would take it, if its signature is right, and its provider and the role do.'
}

type Fields = [label: string, value: string | readonly string[]][]

function who(token: InspectedToken): Fields {
  const { header, claims, signature, checkedWith } = token
  const { pod, node, secret } = bindingsOf(token)
  const fields: readonly (readonly [string, unknown])[] = [
    ['issuer', claims['iss']],
    ['audience', audiencesOf(token)],
    ['authorized', claims['azp']],
    ['subject', claims['sub']],
    ['pod', pod],
    ['node', node],
    ['secret', secret],
    ['key', header['kid']],
    ['algorithm', header['alg']],
    ['signature', `${signature} (${checkedWith})`],
  ]
  return fields.flatMap(([label, value]) => {
    if (value === undefined) return []
    return [[label, [value].flat().map(shown)] satisfies Fields[number]]
  })
}

const shown = (value: unknown): string =>
  escaped(typeof value === 'string' ? value : JSON.stringify(value))

const TIMES = [
  ['issued', 'iat'],
  ['valid from', 'nbf'],
  ['expires', 'exp'],
] as const

/** Dates, and on a screen how far off they are, roundly; in a pipe everything is exact. */
function times(token: InspectedToken, onScreen: boolean): Fields {
  const { claims, now } = token
  const { warnAfter } = bindingsOf(token)
  const dated = (seconds: unknown): string => {
    if (typeof seconds !== 'number') return shown(seconds)
    return onScreen ? `${instant(seconds)}  ${distance(seconds, now)}` : instant(seconds)
  }
  const [iat, exp] = [claims['iat'], claims['exp']].map(Number)
  const life = Number(exp) - Number(iat)
  return [
    ...TIMES.filter(([, name]) => claims[name] !== undefined).map(
      ([label, name]): Fields[number] => [label, dated(claims[name])],
    ),
    ...(life > 0
      ? [['lifetime', lived(life, Number(exp), now, onScreen)] satisfies Fields[number]]
      : []),
    ...(warnAfter === undefined
      ? []
      : [['renewed by', `${dated(warnAfter)}; extended for old clients`] satisfies Fields[number]]),
  ]
}

function lived(life: number, exp: number, now: Date, onScreen: boolean): string {
  const left = Math.ceil(exp - now.getTime() / 1000)
  const span = (seconds: number): string => (onScreen ? duration(seconds) : `${seconds} s`)
  return `${span(life)}, ${left > 0 ? `${span(left)} left` : 'and is over'}`
}

function distance(seconds: number, now: Date): string {
  const ahead = seconds - now.getTime() / 1000
  return ahead > 0 ? `in ${duration(ahead)}` : `${duration(-ahead)} ago`
}

const NAMED = new Set(['iss', 'aud', 'azp', 'sub', 'iat', 'nbf', 'exp', 'kubernetes.io'])

/** Whatever else is claimed, as it stands. */
const others = ({ header, claims }: InspectedToken): Fields => [
  ...Object.entries(header)
    .filter(([name]) => !['alg', 'kid'].includes(name))
    .map(([name, value]): Fields[number] => [`header ${escaped(name)}`, shown(value)]),
  ...Object.entries(claims)
    .filter(([name]) => !NAMED.has(name))
    .map(([name, value]): Fields[number] => [escaped(name), shown(value)]),
]

function nextCommands(world: World, { place, serviceAccount, pod, audience, issuer }: Asked) {
  if (place === '-') return []
  const word = (flag: string, value: string | undefined): string =>
    value === undefined ? '' : ` ${flag} ${shellWord(value)}`
  const what = `${word('--token', place)}${word('--service-account', serviceAccount)}${word('--pod', pod)}${word('--audience', audience)}`
  const options = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  const command = `irsa verify${what}${word('--issuer', issuer)}${options}`
  return [{ command, why: 'the whole chain, and what STS gives for it' }]
}
