import type { ClusterFacts } from '../../core/audit/ground.ts'
import { isObject } from '../../core/jwk.ts'
import { assertExpected } from '../../core/problems/problem.ts'
import { subjectOf } from '../../core/service-account.ts'
import { ROLE_ANNOTATION } from '../../core/annotations.ts'
import type { World } from '../../ports/world.ts'
import { jsonReader } from '../kubectl-json.ts'

type Asking = Pick<World, 'kubectl'>

/** What the cluster told, or why it told nothing. */
export interface ClusterAnswer<T> {
  readonly found: T | undefined
  /** Why it told nothing; a sentence. */
  readonly left: readonly string[]
}

/** Host and path of the issuer that the current cluster signs for. */
export const seeClusterIssuer = ({ kubectl }: Asking): Promise<ClusterAnswer<string>> =>
  answered(async () => {
    const document = await jsonReader(kubectl)([
      'get',
      '--raw',
      '/.well-known/openid-configuration',
    ])
    const { issuer } = Object(document) as { issuer?: unknown }
    return String(issuer).replace(/^https:\/\//, '')
  })

/**
 * Every service account of the cluster, all namespaces in one request. An answer that names none is
 * none: kube-controller-manager makes one called `default` in each namespace (Kubernetes,
 * pkg/controller/serviceaccount/serviceaccounts_controller.go).
 */
export const seeServiceAccounts = (
  { kubectl }: Asking,
  issuer: string,
): Promise<ClusterAnswer<ClusterFacts>> =>
  answered(async () => {
    const list = await jsonReader(kubectl)(['get', 'serviceaccounts', '-A', '-o', 'json'])
    const items: unknown = Object(list).items
    const accounts = new Map(Array.isArray(items) ? items.flatMap(accountIn) : [])
    return accounts.size === 0 ? undefined : { issuer, accounts }
  }, 'The cluster named no service accounts, not even those that every cluster has, so it is not known which of them exist.')

/** The `sub` of a service account, and its role. */
function accountIn(item: unknown): readonly (readonly [string, string | undefined])[] {
  const { namespace, name, annotations } = Object(Object(item).metadata)
  if (typeof namespace !== 'string' || typeof name !== 'string') return []
  const role = isObject(annotations) ? annotations[ROLE_ANNOTATION] : undefined
  return [[subjectOf({ namespace, name }), role === undefined ? role : String(role)]]
}

/** Then kubectl is not there, or does not know of whom to ask. */
const NOT_ASKED = new Set(['kubectl/missing', 'kubectl/no-context'])

/** An audit goes without a cluster that is not there, or will not say. */
async function answered<T>(
  ask: () => Promise<T | undefined>,
  otherwise = '',
): Promise<ClusterAnswer<T>> {
  try {
    const found = await ask()
    return { found, left: found === undefined ? [otherwise] : [] }
  } catch (error) {
    assertExpected(error)
    return {
      found: undefined,
      left: [
        `${NOT_ASKED.has(error.code) ? 'No cluster was asked.' : 'The cluster was asked, and told nothing.'} ${error.what}`,
      ],
    }
  }
}
