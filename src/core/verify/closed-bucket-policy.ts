import { objectIn } from '../json.ts'
import { statementsOf } from '../policy-document.ts'
import {
  matchesPattern,
  type Test,
  type TrustStatement,
  trustStatementsOf,
} from '../trust-statement.ts'

/** What a bucket's policy says to a stranger who reads one object. */
export type StrangerVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'no-policy' }
  | { readonly kind: 'unreadable' }
  /** Nothing allows it; `nearly` is a clause about the statement that comes closest. */
  | { readonly kind: 'silent'; readonly nearly: string | undefined }
  /** What allows it asks for more, which the one who reads may not meet. */
  | { readonly kind: 'conditional'; readonly statement: string; readonly keys: readonly string[] }
  /** A Deny; `keys` are those of its conditions, none where it holds for everybody. */
  | {
      readonly kind: 'denied'
      readonly statement: string
      readonly index: number
      readonly keys: readonly string[]
    }

/** Judges an anonymous GET over TLS of the object with this ARN, as S3 would. */
export function judgeStranger(policyText: string | undefined, arn: string): StrangerVerdict {
  if (policyText === undefined) return { kind: 'no-policy' }
  const policy = objectIn(policyText)
  if (policy === undefined) return { kind: 'unreadable' }
  const statements = objectStatements(policy)
  const about = statements.filter((one) => concerns(one, arn))
  const found = (effect: string, holds: Holds) =>
    about.find((one) => one.effect === effect && holdsFor(one.tests) === holds)
  const denied = found('Deny', 'yes')
  if (denied !== undefined) return { kind: 'denied', ...named(denied), keys: [] }
  if (found('Allow', 'yes') !== undefined) {
    const perhaps = found('Deny', 'perhaps')
    if (perhaps === undefined) return { kind: 'allowed' }
    return { kind: 'denied', ...named(perhaps), keys: keysOf(perhaps) }
  }
  const asks = about.find(({ effect }) => effect === 'Allow')
  if (asks !== undefined) return { kind: 'conditional', ...named(asks), keys: keysOf(asks) }
  return { kind: 'silent', nearly: nearest(statements, arn) }
}

/** The policy without one of its statements; undefined when none is left. */
export function policyWithout(policyText: string, index: number): string | undefined {
  const policy = objectIn(policyText)
  const Statement = statementsOf(policy).filter((_, at) => at !== index)
  return Statement.length === 0 ? undefined : JSON.stringify({ ...policy, Statement })
}

interface ObjectStatement extends TrustStatement {
  readonly resources: readonly string[]
  /** `NotResource` is used in the place of `Resource`. */
  readonly notResource: boolean
}

function objectStatements(policy: unknown): readonly ObjectStatement[] {
  const written = statementsOf(policy)
  return trustStatementsOf(policy).map((statement) => {
    const { Resource, NotResource } = Object(written[statement.index]) as Record<string, unknown>
    const resources = [Resource ?? NotResource ?? []].flat().map(String)
    return { ...statement, resources, notResource: Resource === undefined }
  })
}

const concerns = (one: ObjectStatement, arn: string): boolean =>
  isForEverybody(one) && isAboutReading(one) && isAboutObject(one, arn)

/** Strangers are nobody in particular: whoever is excepted with NotPrincipal, they are not. */
const isForEverybody = ({ principals, notPrincipal }: ObjectStatement): boolean =>
  notPrincipal || (principals['AWS'] ?? []).includes('*')

const isAboutReading = ({ actions, notAction }: ObjectStatement): boolean =>
  actions.some((pattern) => matchesPattern('s3:getobject', pattern)) !== notAction

const isAboutObject = ({ resources, notResource }: ObjectStatement, arn: string): boolean =>
  resources.some((pattern) => matchesPattern(arn, pattern)) !== notResource

type Holds = 'yes' | 'no' | 'perhaps'

function holdsFor(tests: readonly Test[]): Holds {
  const all = new Set(tests.map(holds))
  if (all.has('no')) return 'no'
  return all.has('perhaps') ? 'perhaps' : 'yes'
}

/** The documents are read over TLS. Where from, and with what else, nobody here can tell. */
function holds({ key, operator, values }: Test): Holds {
  if (key.toLowerCase() !== 'aws:securetransport' || operator !== 'bool') return 'perhaps'
  return values.some((value) => value.toLowerCase() === 'true') ? 'yes' : 'no'
}

const named = ({ sid, index }: ObjectStatement) => ({
  statement: sid === undefined ? `number ${index + 1}` : `"${sid}"`,
  index,
})

const keysOf = ({ tests }: ObjectStatement): readonly string[] => [
  ...new Set(tests.filter((test) => holds(test) !== 'yes').map(({ key }) => key)),
]

/** What keeps the Allow that comes closest from being about this. */
function nearest(statements: readonly ObjectStatement[], arn: string): string | undefined {
  const allows = statements.filter(({ effect }) => effect === 'Allow')
  const clauses: readonly (readonly [(one: ObjectStatement) => boolean, string])[] = [
    [
      (one) => isForEverybody(one) && isAboutReading(one),
      'lets everybody read, but other objects only',
    ],
    [
      (one) => isAboutReading(one) && isAboutObject(one, arn),
      'lets it be read, but not by everybody',
    ],
    [
      (one) => isForEverybody(one) && isAboutObject(one, arn),
      'is for everybody, but not for s3:GetObject',
    ],
  ]
  for (const [isClose, clause] of clauses) {
    const close = allows.find(isClose)
    if (close !== undefined) return `its statement ${named(close).statement} ${clause}`
  }
  return undefined
}
