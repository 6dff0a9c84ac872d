import { isObject } from '../jwk.ts'
import { type Statement, statementsOf } from '../policy-document.ts'
import { isNamespace, isObjectName, shownSubject } from '../service-account.ts'
import { isWildcard } from '../subject.ts'
import { isOurStatement, type Mine } from '../trust-policy.ts'
import { trustStatementsOf } from '../trust-statement.ts'
import type { Mend } from './trust-faults.ts'

/**
 * The service accounts, as people write them, that the statements which irsa would replace let in
 * now, so that none of them loses the role. What lets nobody in is left out.
 */
export function keptAccounts(policy: unknown, mine: Mine): readonly string[] {
  const raw = statementsOf(policy)
  const subjects = trustStatementsOf(policy)
    .filter(({ index }) => isOurStatement(raw[index], mine))
    .flatMap(({ tests }) => tests)
    .filter(({ key }) => /:sub$/i.test(key))
    .flatMap(({ operator, values }) =>
      values.filter((value) => operator === 'stringlike' || !isWildcard(value)),
    )
  return [...new Set(subjects.map(shownSubject))].filter(isAccount)
}

/** The audiences that the same statements take. */
export function keptAudiences(policy: unknown, mine: Mine): readonly string[] {
  const raw = statementsOf(policy)
  const audiences = trustStatementsOf(policy)
    .filter(({ index }) => isOurStatement(raw[index], mine))
    .flatMap(({ tests }) => tests)
    .filter(({ key }) => /:aud$/i.test(key))
    .flatMap(({ values }) => values)
  return [...new Set(audiences)].filter((audience) => !isWildcard(audience))
}

/** What `create-role` takes; everything of everybody is none that anybody wished for. */
function isAccount(shown: string): boolean {
  const [namespace = '', name = '', ...more] = shown.split('/')
  if (more.length > 0) return false
  if (!isWildcard(shown)) return isNamespace(namespace) && isObjectName(name)
  return /^[a-z0-9*?-]+\/[a-z0-9.*?-]+$/.test(shown) && shown !== '*/*'
}

/** A change that irsa does not make by itself. */
export type Rewrite = Extract<Mend, { readonly kind: 'bound' | 'drop' | 'replace' }>

/** A trust policy without what is wrong with it, where that is in statements of others. */
export function mendedTrust(
  policy: unknown,
  mend: Rewrite,
  ours: { readonly Statement: readonly Statement[] },
): object {
  const [own] = ours.Statement
  const mended = statementsOf(policy).flatMap((statement, index) => {
    if (mend.kind === 'drop') return mend.indexes.includes(index) ? [] : [statement]
    if (mend.index !== index) return [statement]
    return [mend.kind === 'bound' ? bounded(statement, mend.claim, own) : own]
  })
  return { ...ours, ...Object(policy), Statement: mended.length > 0 ? mended : ours.Statement }
}

/** The statement with our test of a claim beside its own. */
function bounded(statement: unknown, claim: string, ours: Statement | undefined): unknown {
  const tests = Object.entries(Object(Object(ours?.['Condition'])['StringEquals']))
  const added = tests.filter(([key]) => key.endsWith(`:${claim}`))
  const own = isObject(statement) ? Object(statement['Condition']) : {}
  const StringEquals = { ...Object(own['StringEquals']), ...Object.fromEntries(added) }
  return { ...Object(statement), Condition: { ...own, StringEquals } }
}
