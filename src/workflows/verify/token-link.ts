import { shownServiceAccount } from '../../core/service-account.ts'
import { takeApart, type TokenAnatomy } from '../../core/token-anatomy.ts'
import { looked, type Link, skipped } from '../../core/verify/link.ts'
import type { TokenSeen } from '../../core/verify/sights.ts'
import { audiencesOf } from '../../core/verify/token-audience.ts'
import { judgeToken, type TokenExpectations } from '../../core/verify/token-rules.ts'
import { accountOf, bindingsOf, subjectIn } from '../../core/verify/token-subject.ts'
import { duration, instant } from '../../core/times.ts'
import { escaped } from '../../core/verify/escaped.ts'
import { checkedSignature, type SignatureFound } from './token-keys.ts'
import { mendedSpelling, renewedToken } from './token-remedies.ts'
import type { LookAt, Walk } from './walk.ts'

/** The token: what STS says of it before it looks at any role. */
export const lookAtToken: LookAt = async (walk) => {
  const token = await walk.sights.token()
  if (token.kind === 'unseen') return skipped('token', token)
  const anatomy = takeApart(token.value.text, token.value.from)
  const [expected, signature] = await Promise.all([
    expectationsOf(walk, token.value, anatomy),
    checkedSignature(walk, token.value, anatomy),
  ])
  const findings = [...judgeToken(anatomy, expected), ...signature.findings]
  return linkOf(token.value, anatomy, signature, findings)
}

async function expectationsOf(
  walk: Walk,
  token: TokenSeen,
  anatomy: TokenAnatomy,
): Promise<TokenExpectations> {
  const { world, given, sights } = walk
  const [provider, audience] = await Promise.all([sights.provider(), sights.audience()])
  const accepted = provider.kind === 'seen' ? provider.value.provider?.audiences : undefined
  const said = audience.kind === 'seen' ? audience.value : undefined
  const audiences =
    accepted === undefined
      ? said && { accepted: [said.audience], from: said.from }
      : { accepted, from: 'the provider' }
  const wanted =
    said !== undefined && accepted?.includes(said.audience) !== false ? said : undefined
  return {
    now: world.clock.now(),
    issuer: { url: given.issuer, from: given.file?.shown ?? 'expected' },
    audiences,
    serviceAccount: token.origin === 'given' ? given.serviceAccount : undefined,
    justMade: token.origin === 'cluster',
    fresh: renewedToken(walk, token, anatomy, wanted?.audience ?? accepted?.[0]),
    accepting:
      token.origin === 'given'
        ? undefined
        : { fix: 'Have the provider list it, as is said at the link audience.' },
    spelling: mendedSpelling(world, given.file === undefined ? given.issuer : undefined),
  }
}

function linkOf(
  { from, origin }: TokenSeen,
  token: TokenAnatomy,
  { shown, how }: SignatureFound,
  findings: Link['findings'],
): Link {
  return looked('token', `${whose(token)}, ${life(token, origin)}, ${shown}`, {
    findings,
    evidence: [
      { label: 'token', text: from },
      { label: 'header', text: json(token.header) },
      { label: 'claims', text: json(token.claims) },
      ...boundTo(token),
      { label: 'signature', text: how },
    ],
  })
}

const json = (value: unknown): string => escaped(JSON.stringify(value))

function whose(token: TokenAnatomy): string {
  const account = accountOf(token)
  const who = account === undefined ? escaped(subjectIn(token) ?? '') : shownServiceAccount(account)
  return `${who} for ${audiencesOf(token).map(escaped).join(', ')}`
}

/** Of a token that is made anew by every walk, what stays the same. */
function life({ claims: { iat, exp } }: TokenAnatomy, origin: TokenSeen['origin']): string {
  const end = Number(exp)
  return origin === 'given' ? `until ${instant(end)}` : `good for ${duration(end - Number(iat))}`
}

function boundTo(token: TokenAnatomy): { label: string; text: string }[] {
  const { pod, node } = bindingsOf(token)
  if (pod === undefined) return []
  const where = node === undefined ? '' : ` on the node ${escaped(node)}`
  return [{ label: 'bound to', text: `the pod ${escaped(pod)}${where}` }]
}
