import { holds, matchesPattern, type RequestContext } from './condition.ts'
import { asList, statementsOf } from './document.ts'
import type { PolicyDocument, PrincipalElement, Statement } from './document.ts'

/** Who asks, as a Principal element would name it: every spelling that means this caller. */
interface Asker {
  readonly type: 'AWS' | 'Federated'
  readonly names: readonly string[]
}

/** One thing asked for. `asker` is left out for identity policies, `resource` for trust policies. */
export interface Question {
  readonly asker?: Asker
  readonly action: string
  readonly resource?: string
  readonly context: RequestContext
}

type Verdict = 'deny' | 'allow' | 'nothing'

/** What these policies say together: Deny wins, then Allow. */
export function evaluate(documents: readonly PolicyDocument[], question: Question): Verdict {
  const effects = new Set(
    documents
      .flatMap(statementsOf)
      .filter((statement) => applies(statement, question))
      .map((statement) => statement.Effect),
  )
  if (effects.has('Deny')) return 'deny'
  return effects.has('Allow') ? 'allow' : 'nothing'
}

function applies(statement: Statement, question: Question): boolean {
  return (
    concerns(statement, question) &&
    actionFits(statement, question) &&
    meetsAll(statement, question)
  )
}

function concerns(statement: Statement, { asker, resource }: Question): boolean {
  if (asker && !principalFits(statement, asker)) return false
  if (resource === undefined) return true
  const named = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesPattern(resource, pattern))
  return statement.Resource === undefined
    ? !named(asList(statement.NotResource))
    : named(asList(statement.Resource))
}

function principalFits({ Principal, NotPrincipal }: Statement, asker: Asker): boolean {
  return NotPrincipal === undefined ? names(Principal, asker) : !names(NotPrincipal, asker)
}

function names(principal: PrincipalElement | undefined, asker: Asker): boolean {
  if (principal === undefined) return false
  if (principal === '*') return true
  const listed = asList(principal[asker.type])
  return listed.includes('*') || asker.names.some((name) => listed.includes(name))
}

function actionFits({ Action, NotAction }: Statement, { action }: Question): boolean {
  const fits = (pattern: string): boolean =>
    matchesPattern(action.toLowerCase(), pattern.toLowerCase())
  return Action === undefined ? !asList(NotAction).some(fits) : asList(Action).some(fits)
}

function meetsAll({ Condition = {} }: Statement, { context }: Question): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, key, asList(wanted).map(String), context),
    ),
  )
}
