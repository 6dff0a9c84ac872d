import { OPERATORS } from './condition.ts'

/** A policy as written: IAM JSON policy grammar, reference_policies_grammar.html. */
export interface PolicyDocument {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: Statement | readonly Statement[]
}

type OneOrMore = string | readonly string[]

export type Principal = '*' | Readonly<Record<string, OneOrMore>>

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: Principal
  readonly NotPrincipal?: Principal
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>
}

/** What a policy hangs on decides which members it must and must not have. */
export type PolicyKind = 'identity' | 'trust' | 'bucket'

export const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly T[])

export const statementsOf = (document: PolicyDocument): readonly Statement[] =>
  asList(document.Statement)

/** What is wrong with a policy; each service reports it under a code of its own. */
export class PolicyFlaw extends Error {
  override readonly name = 'PolicyFlaw'
}

/** Reads a policy and refuses what AWS refuses. @throws PolicyFlaw */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = parseObject(text)
  onlyKnown(document, ['Version', 'Id', 'Statement'])
  const { Version: version, Statement: statement } = document
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyFlaw('The policy must contain a valid version string')
  }
  if (statement === undefined) throw new PolicyFlaw('Missing required field Statement')
  const statements = asList(statement)
  if (statements.length === 0) throw new PolicyFlaw('Syntax errors in policy.')
  for (const entry of statements) checkStatement(entry, kind)
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

const MEMBERS = ['Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal']

function checkStatement(statement: unknown, kind: PolicyKind): void {
  if (!isObject(statement)) throw new PolicyFlaw('Syntax errors in policy.')
  onlyKnown(statement, ['Sid', 'Effect', 'Condition', ...MEMBERS])
  if (statement['Effect'] === undefined) throw new PolicyFlaw('Missing required field Effect')
  if (!['Allow', 'Deny'].includes(String(statement['Effect']))) {
    throw new PolicyFlaw(`Invalid effect: ${String(statement['Effect'])}`)
  }
  checkSid(statement['Sid'], kind)
  exactlyOne(statement, 'Action', true)
  exactlyOne(statement, 'Resource', kind !== 'trust')
  exactlyOne(statement, 'Principal', kind !== 'identity')
  for (const member of MEMBERS.slice(0, 4)) checkTexts(statement[member], member)
  for (const member of MEMBERS.slice(4)) checkPrincipal(statement[member])
  checkActions(statement, kind)
  checkCondition(statement['Condition'])
}

function checkSid(sid: unknown, kind: PolicyKind): void {
  // IAM takes ASCII letters and digits only; a bucket policy's Sid may also hold spaces and more.
  const pattern = kind === 'bucket' ? /^[\w .:/-]*$/ : /^[A-Za-z0-9]*$/
  if (sid !== undefined && (typeof sid !== 'string' || !pattern.test(sid))) {
    throw new PolicyFlaw('Statement IDs (SID) must be alpha-numeric.')
  }
}

function exactlyOne(statement: Record<string, unknown>, member: string, wanted: boolean): void {
  const present = [member, `Not${member}`].filter((name) => statement[name] !== undefined)
  if (wanted && present.length === 0) throw new PolicyFlaw(`Missing required field ${member}`)
  if (!wanted && present.length > 0) throw new PolicyFlaw(`Has prohibited field ${member}`)
  if (present.length > 1) throw new PolicyFlaw('Syntax errors in policy.')
}

function checkTexts(value: unknown, member: string): void {
  const list = asList(value)
  const empty = value !== undefined && list.length === 0
  if (empty || list.some((item) => typeof item !== 'string' || item === '')) {
    throw new PolicyFlaw(`Policy has invalid ${member.toLowerCase()}`)
  }
}

function checkPrincipal(principal: unknown): void {
  if (principal === undefined || principal === '*') return
  if (!isObject(principal)) throw new PolicyFlaw('Invalid principal in policy')
  for (const [type, value] of Object.entries(principal)) {
    const known = ['AWS', 'Federated', 'Service', 'CanonicalUser'].includes(type)
    const texts = asList(value)
    if (!known || texts.length === 0 || texts.some((text) => typeof text !== 'string' || !text)) {
      throw new PolicyFlaw('Invalid principal in policy')
    }
  }
}

const SERVICE: Readonly<Record<PolicyKind, RegExp>> = {
  identity: /^(\*|[a-z0-9*-]+:[\w*?]+)$/i,
  trust: /^sts:[\w*?]+$/i,
  bucket: /^(\*|s3:[\w*?]+)$/i,
}

function checkActions(statement: Record<string, unknown>, kind: PolicyKind): void {
  for (const action of [...asList(statement['Action']), ...asList(statement['NotAction'])]) {
    if (SERVICE[kind].test(String(action))) continue
    if (kind === 'bucket') throw new PolicyFlaw('Policy has invalid action')
    if (kind === 'identity') throw new PolicyFlaw('Actions/Conditions must be prefaced by a vendor')
    throw new PolicyFlaw('AssumeRole policy may only specify STS AssumeRole actions.')
  }
}

function checkCondition(condition: unknown): void {
  if (condition === undefined) return
  if (!isObject(condition)) throw new PolicyFlaw('Syntax errors in policy.')
  for (const [operator, keys] of Object.entries(condition)) {
    const base = operator.replace(/^(ForAnyValue|ForAllValues):/, '').replace(/IfExists$/, '')
    if (!(base in OPERATORS)) throw new PolicyFlaw(`Invalid Condition type : ${operator}.`)
    if (!isObject(keys)) throw new PolicyFlaw('Syntax errors in policy.')
    for (const values of Object.values(keys)) {
      const texts = asList(values)
      if (texts.some((text) => !['string', 'boolean', 'number'].includes(typeof text))) {
        throw new PolicyFlaw('Syntax errors in policy.')
      }
    }
  }
}

function onlyKnown(value: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new PolicyFlaw(`Unknown field ${unknown}`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
