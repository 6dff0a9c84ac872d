import type { Finding } from '../../core/verify/finding.ts'
import { type Link, looked, skipped } from '../../core/verify/link.ts'
import { closeProvider } from '../../core/verify/provider-spelling.ts'
import { missingProvider, noAudiences, otherCredentials } from '../../core/verify/provider.ts'
import type { ProviderSeen } from '../../core/verify/sights.ts'
import { wantedAudience } from './audience-wanted.ts'
import { makeProvider } from './provider-remedy.ts'
import { type LookAt, sighted, type Walk } from './walk.ts'

/** Whether the account has a provider for the issuer, letter by letter, that takes some audience. */
export const lookAtProvider: LookAt = async (walk) => {
  const provider = await walk.sights.provider()
  if (provider.kind === 'unseen') return skipped('provider', provider)
  const { value } = provider
  const role = await accountOfRole(walk)
  if (role !== undefined && role.account !== value.account) {
    return skipped('provider', otherCredentials(value.account, role))
  }
  const findings = await findingsOf(walk, value)
  return looked('provider', value.arn, { findings, evidence: evidenceOf(value) })
}

/** Pods get the role of their service account, and its provider is in the same account. */
async function accountOfRole(walk: Walk) {
  if (walk.given.serviceAccount === undefined) return undefined
  const named = await walk.sights.roleName()
  if (named.kind === 'unseen') return undefined
  const account = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(named.value.text)?.[1]
  return account === undefined
    ? undefined
    : { account, says: 'the role of the service account is in' }
}

async function findingsOf(walk: Walk, seen: ProviderSeen): Promise<readonly Finding[]> {
  const { account, provider } = seen
  if (provider !== undefined && provider.audiences.length > 0) return []
  const audience = (await wantedAudience(walk))?.audience
  const remedy = await makeProvider(walk, { account, audience })
  if (provider !== undefined)
    return [noAudiences(seen, { ...remedy, fix: 'Have the provider take what the tokens are for' })]
  const { issuer, file } = walk.given
  const home = file?.config.providers[0]?.account
  const elsewhere =
    file === undefined || home === undefined || home === account
      ? undefined
      : { shown: file.shown, account: home }
  const close = closeProvider(issuer, await otherProviders(walk))
  return [missingProvider({ issuer, account, close, elsewhere }, remedy)]
}

/** Those of the account, where they may be listed. */
async function otherProviders({ sights }: Walk): Promise<readonly string[]> {
  const listed = await sighted(async () => {
    const opened = await sights.aws()
    return opened.kind === 'unseen' ? [] : opened.value.aws.providers()
  })
  return listed.kind === 'seen' ? listed.value : []
}

const evidenceOf = ({ arn, provider }: ProviderSeen): Link['evidence'] =>
  provider === undefined
    ? []
    : [
        {
          label: arn,
          text: [
            `audiences: ${provider.audiences.join(', ') || 'none'}`,
            `thumbprints: ${provider.thumbprints.join(', ') || 'none'}`,
          ].join('\n'),
        },
      ]
