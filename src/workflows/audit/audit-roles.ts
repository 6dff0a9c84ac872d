import { SUBJECT_PREFIX } from '../../core/service-account.ts'
import type { ClusterFacts, Ground } from '../../core/audit/ground.ts'
import { type Judgement, judge } from '../../core/audit/judge.ts'
import { arnOfProvider, readProviderArn } from '../../core/provider-arn.ts'
import { sameIssuer } from '../../core/audit/providers.ts'
import { isConcerned, isInScope, type Scope } from '../../core/audit/scope.ts'
import { withoutScheme } from '../../core/issuer.ts'
import { Problem } from '../../core/problems/problem.ts'
import type { Role } from '../../core/role.ts'
import { trustStatementsOf } from '../../core/trust-statement.ts'
import type { RoleStore } from '../../ports/aws.ts'
import type { World } from '../../ports/world.ts'
import { connect, type Connection, readIssuer } from '../connect.ts'
import { loadConfig } from '../load-config.ts'
import { readRoles } from './read-roles.ts'
import { type ClusterAnswer, seeClusterIssuer, seeServiceAccounts } from './see-cluster.ts'
import { seeProviders } from './see-providers.ts'

/** The flags of `irsa audit-roles` that say what to look at. */
export interface AuditFlags {
  readonly issuer?: readonly string[]
  /** False with `--no-cluster`. */
  readonly cluster: boolean
}

/** What was seen and judged. Nothing was changed. */
export interface Inspection {
  readonly store: RoleStore
  readonly ground: Ground
  /** How many roles were read. */
  readonly read: number
  readonly judgements: readonly Judgement[]
  /** What could not be looked at; a sentence each. */
  readonly left: readonly string[]
}

/**
 * Reads every role of the account whose trust names one of our providers, and judges it. What an
 * issuer and the cluster say is asked meanwhile, and audited without where they say nothing.
 *
 * @throws Problem `aws/…`, `issuer/…`
 */
export async function auditRoles(world: World, flags: AuditFlags): Promise<Inspection> {
  const issuers = flags.issuer?.map((text) => withoutScheme(readIssuer(world, text)))
  const file = await loadConfig(world)
  const connection = await connect(world, file?.config.region)
  const asking = flags.cluster ? seeClusterIssuer(world) : undefined
  // Whoever waits for it comes later, and may never come.
  asking?.catch(() => undefined)
  const listed = await listProviders(connection)
  const scope: Scope = { issuers, known: listed.arns?.flatMap(issuerOf) }
  const store = connection.aws.roles()
  const read = await readRoles(world, store, (trust) =>
    isConcerned(trustStatementsOf(trust), scope),
  )
  const trusted = new Set(read.roles.flatMap((role) => providersIn(role, scope)))
  const [seen, cluster] = await Promise.all([
    listed.arns && seeProviders(world, connection.aws, listed.arns, trusted),
    asking?.then((answer) => seeCluster(world, answer, [...trusted])),
  ])
  const ground: Ground = {
    scope,
    ...connection.caller,
    providers: seen?.providers,
    cluster: cluster?.found,
    documents: (arn) => read.documents.get(arn),
    clusters: new Set(read.roles.flatMap(clustersIn)),
  }
  const parts = [listed, read, seen, cluster]
  return {
    store,
    ground,
    read: read.count,
    judgements: read.roles.map((role) => judge(role, ground)),
    left: parts.flatMap((part) => part?.left ?? []),
  }
}

const issuerOf = (arn: string): readonly string[] => {
  const name = readProviderArn(arn)
  return name === undefined ? [] : [name.issuer]
}

async function listProviders({ aws }: Pick<Connection, 'aws'>) {
  try {
    return { arns: await aws.providers(), left: [] }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'aws/access-denied') throw error
    return {
      arns: undefined,
      left: [`Whether providers exist, and what they accept, is not known. ${error.what}`],
    }
  }
}

/** ARNs of our providers that a trust policy names anywhere, by principal or by condition. */
const providersIn = ({ arn, trust }: Role, scope: Scope): readonly string[] => {
  const [, partition = '', , , account = ''] = arn.split(':')
  const named = trustStatementsOf(trust).flatMap(({ principals, tests }) => [
    ...(principals['Federated'] ?? []),
    ...tests.map(({ key }) =>
      arnOfProvider({ partition, account, issuer: key.replace(/:[^:]*$/, '') }),
    ),
  ])
  return named.filter((name) => issuerOf(name).some((issuer) => isInScope(issuer, scope)))
}

/** Issuers of which a condition names a service account. */
const clustersIn = ({ trust }: Role): readonly string[] =>
  trustStatementsOf(trust).flatMap(({ tests }) =>
    tests
      .filter(({ values }) => values.some((value) => value.startsWith(SUBJECT_PREFIX)))
      .map(({ key }) => key.replace(/:[^:]*$/, '').toLowerCase()),
  )

/** The service accounts, where the cluster is the one that roles trust. */
async function seeCluster(
  world: World,
  { found: issuer, left }: ClusterAnswer<string>,
  trusted: readonly string[],
): Promise<ClusterAnswer<ClusterFacts>> {
  const issuers = trusted.flatMap(issuerOf)
  if (issuer === undefined || !issuers.some((name) => sameIssuer(name, issuer))) {
    return { found: undefined, left }
  }
  const asking = world.progress.begin('Asking the cluster for its service accounts')
  const seen = await seeServiceAccounts(world, issuer)
  if (seen.found === undefined) asking.failed()
  else asking.done(`${seen.found.accounts.size}`)
  return seen
}
