import { ROLE_ANNOTATION } from '../../core/annotations.ts'
import { entryName, subjectsOf } from '../../core/role-entry.ts'
import { roleNameFor } from '../../core/role.ts'
import { type ServiceAccount, shownServiceAccount } from '../../core/service-account.ts'
import { readClaims } from '../../core/token-claims.ts'
import { type Seen, seen, type Unseen, unseen } from '../../core/verify/link.ts'
import type { NamedRole } from '../../core/verify/sights.ts'
import { accountIn } from '../../core/service-account.ts'
import { entryOf, roleAtHand } from '../role-at-hand.ts'
import type { Given, Walk } from './walk.ts'

/** Which role pods get: the flag, the service account itself, its pods, irsa.yaml, then the usual name. */
export async function seeRoleName(walk: Walk): Promise<Seen<NamedRole>> {
  const { role } = walk.given
  if (role !== undefined) return seen({ text: role.arn, by: 'flag', from: '--role-arn' })
  const inCluster = await roleOfWorkload(walk)
  if (inCluster?.kind === 'seen') return inCluster
  return (await roleOfFile(walk)) ?? roleOfUsualName(walk, inCluster)
}

/** Where nobody names it, the role that `irsa create-role` would have made, if it is there. */
async function roleOfUsualName(walk: Walk, asked: Unseen | undefined): Promise<Seen<NamedRole>> {
  const usual = await usualRole(walk)
  if (usual === undefined) return asked ?? NOBODY_SAYS
  const { name, account, there } = usual
  if (there.kind === 'seen' && there.value !== undefined) {
    return seen({ text: there.value.arn, by: 'name', from: 'the name that irsa create-role gives' })
  }
  if (asked !== undefined) return asked
  const shown = shownServiceAccount(account)
  if (there.kind === 'seen') {
    const takes = `Make one with irsa create-role ${shown}, or add --role-arn ARN.`
    return unseen(`no role is named for ${shown}, and there is none called ${name}`, takes)
  }
  const why = `no role is named for ${shown}, and whether there is one called ${name} could not be seen: ${there.why}`
  return unseen(why, `Add --role-arn ARN. ${there.takes}`.trim())
}

const NOBODY_SAYS = unseen(
  'no role is named',
  'Add --role-arn ARN, or --service-account NAMESPACE/NAME for the role of that one.',
)

/** What `irsa create-role` calls the role of the service account at hand, and what IAM has by that name. */
export async function usualRole({ given, sights }: Walk) {
  const account = given.serviceAccount ?? accountOfToken(given.token)
  if (account === undefined) return undefined
  const name = roleNameFor(given.file?.config.name, account)
  return { name, account, there: await sights.roleByName(name) }
}

/** Undefined where the cluster is left out, or has no role for the service account. */
async function roleOfWorkload({ given, sights }: Walk): Promise<Seen<NamedRole> | undefined> {
  if (given.serviceAccount === undefined || !given.asksCluster) return undefined
  const shown = shownServiceAccount(given.serviceAccount)
  const workload = await sights.workload()
  if (workload.kind === 'unseen') {
    const why = `nothing names the role of ${shown}, and the cluster could not be asked: ${workload.why}`
    return unseen(why, `Add --role-arn ARN. ${workload.takes}`.trim())
  }
  const { annotations, pods } = workload.value
  const annotated = annotations?.[ROLE_ANNOTATION]
  if (annotated !== undefined) {
    return seen({ text: annotated, by: 'annotation', from: `the annotation of ${shown}` })
  }
  const pod = pods.find(({ roleArns }) => roleArns.length > 0)
  const [text] = pod?.roleArns ?? []
  if (pod === undefined || text === undefined) return undefined
  return seen({ text, by: 'pod', from: `AWS_ROLE_ARN of the pod ${pod.name}` })
}

/** The role that irsa.yaml gives the service account at hand; undefined where there is none. */
async function roleOfFile({ given, sights }: Walk): Promise<Seen<NamedRole> | undefined> {
  const found = entryAtHand(given)
  if (found === undefined) return undefined
  const { entry, account, file } = found
  if (entry.adopt !== true || entry.path !== undefined) {
    const { role } = roleAtHand(account, {}, file.config)
    return seen({ text: role.arn, by: 'file', from: file.shown })
  }
  // It was there before irsa, and IAM alone knows under which path.
  const opened = await sights.aws()
  if (opened.kind === 'unseen') return opened
  const there = await opened.value.aws.roles().look(entryName(entry, file.config.name))
  return there && seen({ text: there.arn, by: 'file', from: file.shown })
}

/** The entry of irsa.yaml for whom the walk is about; with `--sign` and nothing else the first one. */
export function entryAtHand({ file, serviceAccount, token, signer }: Given) {
  if (file === undefined) return undefined
  const [first] = signer === undefined ? [] : (file.config.roles ?? [])
  const account = serviceAccount ?? accountOfToken(token) ?? (first && subjectsOf(first)[0])
  const entry = account && entryOf(account, file.config)
  return account === undefined || entry === undefined ? undefined : { entry, account, file }
}

const accountOfToken = (token: string | undefined): ServiceAccount | undefined =>
  token === undefined ? undefined : accountIn(readClaims(token)?.subject ?? '')
