import { asList, statementsOf } from './document.ts'
import type { PolicyDocument, Statement } from './document.ts'

/**
 * Condition keys that pin a statement to somebody when their values hold no wildcard: S3 user
 * guide, access-control-block-public-access.html, "The meaning of public".
 */
const PINNING_KEYS = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
])

const PINNING_OPERATORS = /^(String(Equals|Like|EqualsIgnoreCase)|Arn(Equals|Like)|IpAddress)$/

/** Whether S3 would call the policy public: one statement that lets just anybody in is enough. */
export function isPublic(document: PolicyDocument): boolean {
  return statementsOf(document).some(
    (statement) => statement.Effect === 'Allow' && open(statement) && !pinned(statement),
  )
}

function open({ Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined || Principal === '*') return true
  return Object.values(Principal ?? {}).some((names) => asList(names).includes('*'))
}

function pinned({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      PINNING_OPERATORS.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => PINNING_KEYS.has(key.toLowerCase()) && asList(values).every(fixed),
      ),
  )
}

/** An address range counts as fixed unless it is (nearly) everybody, as the guide puts it. */
function fixed(value: string): boolean {
  const prefix = /^[\da-f.:]+\/(\d+)$/i.exec(value)?.[1]
  if (prefix !== undefined) return Number(prefix) >= (value.includes(':') ? 32 : 8)
  return !/[*?]|\$\{/.test(value)
}
