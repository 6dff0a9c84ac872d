import { checkActions } from './actions.ts'
import { takesOperator } from './condition.ts'
import { asList, type PolicyDocument } from './document.ts'
import { PolicyFlaw } from './flaw.ts'
import { checkPrincipal } from './principal.ts'

/** What a policy hangs on, and where; that decides what it must and must not have. */
export interface PolicyPlace {
  readonly kind: 'identity' | 'trust' | 'bucket'
  readonly partition: string
}

/** Reads a policy and refuses what AWS refuses. @throws PolicyFlaw */
export function parsePolicy(text: string, place: PolicyPlace): PolicyDocument {
  const document = parseObject(text)
  onlyKnown(document, ['Version', 'Id', 'Statement'])
  const { Version: version, Statement: statement } = document
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyFlaw('The policy must contain a valid version string')
  }
  if (statement === undefined) throw new PolicyFlaw('Missing required field Statement')
  const statements = asList(statement)
  if (statements.length === 0) throw syntaxError()
  const sids = statements.map((entry) => checkStatement(entry, place))
  // S3 takes two of the same; IAM does not.
  if (place.kind !== 'bucket') checkUnique(sids.filter((sid) => sid !== undefined))
  return document as unknown as PolicyDocument
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Said below: AWS gives one text for both.
  }
  throw new PolicyFlaw("Policies must be valid JSON and the first byte must be '{'")
}

const TEXTS = ['Action', 'NotAction', 'Resource', 'NotResource'] as const
const PRINCIPALS = ['Principal', 'NotPrincipal'] as const

/** The statement's Sid, if all of it is right. */
function checkStatement(statement: unknown, { kind, partition }: PolicyPlace): string | undefined {
  if (!isObject(statement)) throw syntaxError()
  onlyKnown(statement, ['Sid', 'Effect', 'Condition', ...TEXTS, ...PRINCIPALS])
  const { Effect: effect, Sid: sid, Condition: condition } = statement
  if (effect === undefined) throw new PolicyFlaw('Missing required field Effect')
  if (!['Allow', 'Deny'].includes(String(effect))) {
    throw new PolicyFlaw(`Invalid effect: ${String(effect)}`)
  }
  exactlyOne(statement, 'Action', true)
  exactlyOne(statement, 'Resource', kind !== 'trust')
  exactlyOne(statement, 'Principal', kind !== 'identity')
  for (const member of TEXTS) checkTexts(statement[member], member)
  for (const member of PRINCIPALS) checkPrincipal(statement[member], { kind, partition })
  checkActions([statement['Action'], statement['NotAction']].flatMap(asList).map(String), kind)
  checkCondition(condition)
  return checkSid(sid, kind)
}

function checkSid(sid: unknown, kind: PolicyPlace['kind']): string | undefined {
  if (sid === undefined) return undefined
  // IAM takes ASCII letters and digits only; a bucket policy's Sid may also hold spaces and more.
  const pattern = kind === 'bucket' ? /^[\w .:/-]*$/ : /^[A-Za-z0-9]*$/
  if (typeof sid === 'string' && pattern.test(sid)) return sid
  throw new PolicyFlaw('Statement IDs (SID) must be alpha-numeric.')
}

/** IAM user guide, reference_policies_elements_sid.html. */
function checkUnique(sids: readonly string[]): void {
  if (new Set(sids).size === sids.length) return
  throw new PolicyFlaw('Statement IDs (SID) in a single policy must be unique.')
}

function exactlyOne(statement: Record<string, unknown>, member: string, wanted: boolean): void {
  const present = [member, `Not${member}`].filter((name) => statement[name] !== undefined)
  if (wanted && present.length === 0) throw new PolicyFlaw(`Missing required field ${member}`)
  if (!wanted && present.length > 0) throw new PolicyFlaw(`Has prohibited field ${member}`)
  if (present.length > 1) throw syntaxError()
}

function checkTexts(value: unknown, member: string): void {
  const list = asList(value)
  const empty = value !== undefined && list.length === 0
  if (empty || list.some((item) => typeof item !== 'string' || item === '')) {
    throw new PolicyFlaw(`Policy has invalid ${member.toLowerCase()}`)
  }
}

function checkCondition(condition: unknown): void {
  if (condition === undefined) return
  if (!isObject(condition)) throw syntaxError()
  for (const [operator, keys] of Object.entries(condition)) {
    if (!takesOperator(operator)) throw new PolicyFlaw(`Invalid Condition type : ${operator}.`)
    if (!isObject(keys)) throw syntaxError()
    const values = Object.values(keys).flatMap((texts) => asList(texts))
    if (!values.every((text) => ['string', 'boolean', 'number'].includes(typeof text))) {
      throw syntaxError()
    }
  }
}

function onlyKnown(value: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PolicyFlaw(`Unknown field ${unknown}`)
}

const syntaxError = (): PolicyFlaw => new PolicyFlaw('Syntax errors in policy.')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
