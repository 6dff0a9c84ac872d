import { shellWord } from '../../core/shell.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { type Link, LINK_IDS, looked, skipped } from '../../core/verify/link.ts'
import type { ExchangeSeen } from '../../core/verify/sights.ts'
import { explainRefusal } from '../../core/verify/sts.ts'
import { optionsAsGiven } from '../given-options.ts'
import { verifyAgain } from './again.ts'
import type { LookAt, Walk } from './walk.ts'

/** STS gives credentials for the token, or says why not, which only the other links explain. */
export const lookAtSts: LookAt = async (walk) => {
  const exchange = await walk.sights.exchange()
  if (exchange.kind === 'unseen') return skipped('sts', exchange)
  const { answer } = exchange.value
  return answer.kind === 'assumed' ? assumed(walk, answer) : refused(walk, exchange.value, answer)
}

type Answer<Kind> = Extract<ExchangeSeen['answer'], { readonly kind: Kind }>

/** The credentials themselves were thrown away by then. */
function assumed(walk: Walk, { arn, expires }: Answer<'assumed'>): Link {
  const session = arn.slice(arn.lastIndexOf(':') + 1)
  const proved = `STS gives credentials of ${session} until ${expires}`
  const evidence = [{ label: 'AssumeRoleWithWebIdentity', text: `${arn}\nuntil ${expires}` }]
  const findings = walk.given.signer === undefined ? [] : [signedHere(walk)]
  return looked('sts', proved, { findings, evidence })
}

async function refused(
  walk: Walk,
  { role, region }: ExchangeSeen,
  answer: Answer<'refused'>,
): Promise<Link> {
  const others = await Promise.all(LINK_IDS.filter((id) => id !== 'sts').map((id) => walk.link(id)))
  const finding = explainRefusal(answer, others, {
    again: verifyAgain(walk),
    events: eventsIn(walk, region),
  })
  const text = `${role.arn}\n${answer.code}: ${answer.message}`
  return looked('sts', '', {
    findings: [finding],
    evidence: [{ label: `AssumeRoleWithWebIdentity in ${region}`, text }],
  })
}

/** AWS CloudTrail user guide, view-cloudtrail-events-cli.html. */
const eventsIn = ({ world }: Walk, region: string): string =>
  `aws cloudtrail lookup-events --region ${shellWord(region)} --max-items 5 --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity${optionsAsGiven(world, ['profile'])}`

/** What `--sign` proves, and what it does not. */
function signedHere({ world, given }: Walk): Finding {
  const issuer = given.file === undefined ? ` --issuer ${shellWord(given.issuer)}` : ''
  const options = optionsAsGiven(world, ['config'])
  return {
    id: 'sts/signed-here',
    severity: 'info',
    summary: 'The AWS side is proved, from the key to credentials',
    why: 'The token was signed here, with the key of the API server and as it does. What remains is that the API server signs with this key and names this issuer.',
    fix: 'Give the API server what it needs',
    command: `irsa print-apiserver-flags --for flags${issuer}${options}`,
  }
}
