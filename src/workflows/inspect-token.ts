import { usualAudience } from '../core/config.ts'
import { checkAudience } from '../core/audience.ts'
import { tokenSourceMissing } from '../core/problems/token.ts'
import { flagMissing, flagsConflict } from '../core/problems/usage.ts'
import { parseServiceAccount } from '../core/service-account.ts'
import { takeApart, type TokenAnatomy } from '../core/token-anatomy.ts'
import { checkPodName } from '../core/workload.ts'
import { type Finding, type Remedy, worstFirst } from '../core/verify/finding.ts'
import { judgeToken } from '../core/verify/token-rules.ts'
import { accountOf } from '../core/verify/token-subject.ts'
import type { World } from '../ports/world.ts'
import { readIssuer } from './connect.ts'
import { during } from './during.ts'
import { judgedByKeys, type KeysAsked, type Judged } from './inspected-signature.ts'
import { type ConfigFile, loadConfig } from './load-config.ts'
import { requestToken, tokenCommand, type TokenWish } from './request-token.ts'
import { readTokenAt } from './token-at-hand.ts'
import { freshToken, mendedSpelling } from './verify/token-remedies.ts'

/** The flags of `irsa inspect-token`. */
export interface TokenFlags {
  readonly publicKey?: readonly string[]
  readonly issuer?: string
  readonly serviceAccount?: string
  readonly pod?: string
  readonly audience?: string
}

/** A token as it was read and judged; its text is not in it. */
export interface InspectedToken extends Pick<TokenAnatomy, 'header' | 'claims'> {
  readonly signature: Judged['signature']
  /** What it was checked with, or why it was not. */
  readonly checkedWith: string
  /** The worst ones first. */
  readonly findings: readonly Finding[]
  /** When it was judged. */
  readonly now: Date
}

/**
 * Reads a token of a file, of standard input (`-`) or of the cluster, and judges it as STS would.
 * Nobody is asked but the issuer of `--issuer`, and the cluster of `--service-account`.
 * @throws Problem `token/…`, `usage/…`, `files/…`, `key/…`, `kubectl/…`, `issuer/…`, `config/…`
 */
export async function inspectToken(
  world: World,
  place: string | undefined,
  flags: TokenFlags,
): Promise<InspectedToken> {
  checkSource(place, flags)
  if (flags.audience !== undefined) checkAudience(flags.audience)
  if (flags.pod !== undefined) checkPodName(flags.pod)
  const issuer = flags.issuer === undefined ? undefined : readIssuer(world, flags.issuer)
  const file = await loadConfig(world)
  const token = await readSource(world, place, flags, file)
  const now = world.clock.now()
  const remedies = remediesFor(token, place, flags, file)
  const asked: KeysAsked = { files: flags.publicKey, issuer, config: file, ...remedies }
  const { findings, ...judged } = await judgedByKeys(world, token, asked)
  const accepted = flags.audience === undefined ? file?.config.audiences : [flags.audience]
  const judgedClaims = judgeToken(token, {
    now,
    issuer: issuerOf(issuer, file),
    audiences: accepted && { accepted, from: flags.audience ? '--audience' : (file?.shown ?? '') },
    justMade: place === undefined,
    fresh: remedies.fresh,
    spelling: spelled(world, issuer, file),
  })
  const { header, claims } = token
  return { header, claims, ...judged, findings: worstFirst([...judgedClaims, ...findings]), now }
}

function checkSource(place: string | undefined, { serviceAccount, pod }: TokenFlags): void {
  if (place === undefined && serviceAccount === undefined) {
    if (pod === undefined) throw tokenSourceMissing()
    throw flagMissing('--service-account', 'It says in which namespace the pod of --pod is.')
  }
  if (place === undefined) return
  const other = serviceAccount === undefined ? '--pod' : '--service-account'
  if (serviceAccount !== undefined || pod !== undefined) {
    throw flagsConflict('A file', other, 'The one brings a token, the other asks for one.')
  }
}

async function readSource(
  world: World,
  place: string | undefined,
  { serviceAccount = '', pod, audience }: TokenFlags,
  file: ConfigFile | undefined,
): Promise<TokenAnatomy> {
  if (place !== undefined) return takeApart(await readTokenAt(world, place), place)
  const wish: TokenWish = {
    account: parseServiceAccount(serviceAccount),
    audience: audience ?? usualAudience(file?.config.audiences ?? []),
    pod,
  }
  const title = `Asking the cluster for a token of ${serviceAccount}`
  return during(world.progress, title, async () =>
    takeApart(await requestToken(world, wish), tokenCommand(wish)),
  )
}

const issuerOf = (flag: string | undefined, file: ConfigFile | undefined) =>
  flag === undefined
    ? file && { url: file.config.issuer, from: file.shown }
    : { url: flag, from: '--issuer' }

/** What has the API server write the issuer as it is published. */
const spelled = (world: World, issuer: string | undefined, file: ConfigFile | undefined): Remedy =>
  issuer === undefined && file === undefined
    ? { fix: 'Give the API server the issuer as it is published: an https URL.' }
    : mendedSpelling(world, issuer)

/** What gets a token that is right, and a key published. */
function remediesFor(
  token: TokenAnatomy,
  place: string | undefined,
  { audience, pod }: TokenFlags,
  file: ConfigFile | undefined,
): { readonly fresh: Remedy; readonly publish: Remedy } {
  const publish = {
    fix: 'Publish it with irsa publish-jwks, or use a token of a signer that is published.',
  }
  const account = accountOf(token)
  if (account === undefined) {
    const who = 'Ask the cluster for a token of a service account'
    return { publish, fresh: { fix: `${who}: kubectl create token NAME -n NAMESPACE.` } }
  }
  const into = place === '-' ? undefined : place
  return { publish, fresh: freshToken({ account, audience, pod, into }, token, file) }
}
