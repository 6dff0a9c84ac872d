import { type Config, usualAudience } from '../config.ts'
import { statementsOf } from '../policy-document.ts'
import type { RoleArn } from '../role-arn.ts'
import { entryFor, subjectsOf } from '../role-entry.ts'
import { DEFAULT_PATH } from '../role.ts'
import { type ServiceAccount, shownServiceAccount, subjectOf } from '../service-account.ts'
import { shellWord } from '../shell.ts'
import { covers, isWildcard } from '../subject.ts'
import { isOurStatement, type Mine, trustPolicy } from '../trust-policy.ts'
import type { Remedy } from './finding.ts'
import { keptAccounts, keptAudiences, mendedTrust, type Rewrite } from './role-trust.ts'
import type { Mend } from './trust-faults.ts'

/** What a remedy has to know of a role and of whoever is to have it. */
export interface RoleBackground {
  readonly role: RoleArn
  readonly mine: Mine
  /** The irsa.yaml at hand. */
  readonly file: { readonly shown: string; readonly config: Config } | undefined
  readonly serviceAccount: ServiceAccount | undefined
  readonly audience: string | undefined
  /** Those that the provider lists, where that is known. */
  readonly listed: readonly string[] | undefined
  /** The options of this run that an irsa command needs as well, each with a blank in front. */
  readonly options: string
  /** `irsa apply` with its own. */
  readonly apply: string
  /** The same for aws-cli. */
  readonly awsOptions: string
}

/** How to make a role that is not there. */
export function makingRole(about: RoleBackground): Remedy {
  const { role, file, serviceAccount } = about
  const entry = entryRemedy(about, 'Let irsa make it, as irsa.yaml has it')
  if (entry !== undefined) return entry
  if (serviceAccount === undefined)
    return { fix: `Make it with irsa create-role${inPlace(about)}.` }
  const account = shownServiceAccount(serviceAccount)
  const path = role.path === DEFAULT_PATH ? '' : ` --path ${shellWord(role.path)}`
  const where = file === undefined ? '' : `, and put it into ${file.shown} afterwards`
  return {
    fix: `Make it, with the policies that the workload needs (--policy-arn, --policy-file)${where}`,
    command: `irsa create-role ${shellWord(account)} --role-name ${shellWord(role.name)}${path}${audiences(about, [])}${inPlace(about)}`,
  }
}

/** How to mend the trust policy of a role that is there. */
export function mendingTrust(about: RoleBackground, policy: unknown, mend: Mend): Remedy {
  const { mine } = about
  if (mend.kind === 'nothing')
    return { fix: 'Nothing has to be done, unless STS refuses the token.' }
  if (mend.kind === 'let-in') return settingTrust(about, policy)
  const ours = mend.kind === 'bound' && isOurStatement(statementsOf(policy)[mend.index], mine)
  return ours ? settingTrust(about, policy) : rewriting(about, policy, mend)
}

/** What irsa does about its own statements. */
function settingTrust(about: RoleBackground, policy: unknown): Remedy {
  const { role, mine, serviceAccount } = about
  const entry = entryRemedy(about, 'Bring the role in line with irsa.yaml')
  if (entry !== undefined) return entry
  if (serviceAccount === undefined) {
    return {
      fix: `Say whom it is for: irsa create-role NAMESPACE/NAME --role-name ${shellWord(role.name)} --adopt${inPlace(about)}`,
    }
  }
  const kept = keptAccounts(policy, mine)
  const own = shownServiceAccount(serviceAccount)
  const covered = kept.some((one) => isWildcard(one) && coversAccount(one, serviceAccount))
  const accounts = [...new Set(covered ? kept : [own, ...kept])]
  const wild = accounts.some(isWildcard) ? ' --allow-wildcard' : ''
  const others = kept.filter((one) => one !== own)
  const keeping = others.length > 0 ? `; ${others.join(', ')} keep it` : ''
  return {
    fix: `Let irsa set whom it trusts${keeping}`,
    command: `irsa create-role ${accounts.map(shellWord).join(' ')} --role-name ${shellWord(role.name)} --adopt${wild}${audiences(about, keptAudiences(policy, mine))}${inPlace(about)}`,
  }
}

function coversAccount(wildcard: string, serviceAccount: ServiceAccount): boolean {
  const [namespace = '', name = ''] = wildcard.split('/')
  return covers({ namespace, name, wildcard: true }, subjectOf(serviceAccount))
}

/** What the role is to be for: nothing that the provider does not take, where that is known. */
function wantedAudience({
  audience,
  file,
  listed = [],
}: Pick<RoleBackground, 'audience' | 'file' | 'listed'>): string {
  const usual = usualAudience(file?.config.audiences ?? [])
  const fits = (one: string | undefined): boolean => one !== undefined && listed.includes(one)
  return [audience, usual, listed[0]].find(fits) ?? audience ?? usual
}

/** The audience flags of `create-role`, where its default would not do. */
function audiences({ audience, file, listed }: RoleBackground, kept: readonly string[]): string {
  const usual = usualAudience(file?.config.audiences ?? [])
  const wanted = wantedAudience({ audience, file, listed })
  const also = kept.filter((one) => one !== wanted && listed?.includes(one) !== false)
  if (also.length === 0 && wanted === usual) return ''
  return [wanted, ...also].map((one) => ` --audience ${shellWord(one)}`).join('')
}

/** The issuer, where no irsa.yaml names it, and the options of this run. */
const inPlace = ({ file, mine, options }: RoleBackground): string =>
  `${file === undefined ? ` --issuer ${shellWord(mine.issuer)}` : ''}${options}`

/** Where irsa.yaml has the role, the next `irsa apply` decides. */
function entryRemedy(about: RoleBackground, fix: string): Remedy | undefined {
  const { role, file, serviceAccount, audience, apply } = about
  const entry = file && entryFor(file.config, { role: role.name })
  if (file === undefined || entry === undefined) return undefined
  if (serviceAccount !== undefined) {
    const sub = subjectOf(serviceAccount)
    if (!subjectsOf(entry).some((subject) => covers(subject, sub))) {
      const account = shownServiceAccount(serviceAccount)
      return {
        fix: `Put ${account} under the role ${role.name} in ${file.shown}, then run irsa apply.`,
      }
    }
  }
  const wished = entry.audience ?? usualAudience(file.config.audiences)
  if (audience !== undefined && audience !== wished) {
    return {
      fix: `Set the audience of the role ${role.name} in ${file.shown} to ${audience}, then run irsa apply.`,
    }
  }
  return { fix, command: apply }
}

/** What irsa leaves alone, since others wrote it. */
function rewriting(about: RoleBackground, policy: unknown, mend: Rewrite): Remedy {
  const { role, mine, serviceAccount, awsOptions } = about
  const subjects = serviceAccount === undefined ? [] : [{ ...serviceAccount, wildcard: false }]
  const ours = trustPolicy({ ...mine, subjects, audiences: [wantedAudience(about)] })
  const fix = 'irsa leaves statements alone that others wrote, so change it yourself'
  if (mend.kind !== 'drop' && subjects.length === 0) return { fix: `${fix}, or take it out.` }
  const document = shellWord(JSON.stringify(mendedTrust(policy, mend, ours)))
  return {
    fix: `${fix}, once you know what it is for`,
    command: `aws iam update-assume-role-policy --role-name ${shellWord(role.name)} --policy-document ${document}${awsOptions}`,
  }
}
