/** A policy as written: IAM JSON policy grammar, reference_policies_grammar.html. */
export interface PolicyDocument {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: Statement | readonly Statement[]
}

type OneOrMore = string | readonly string[]

export type PrincipalElement = '*' | Readonly<Record<string, OneOrMore>>

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: PrincipalElement
  readonly NotPrincipal?: PrincipalElement
  readonly Action?: OneOrMore
  readonly NotAction?: OneOrMore
  readonly Resource?: OneOrMore
  readonly NotResource?: OneOrMore
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>
}

export const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly T[])

export const statementsOf = (document: PolicyDocument): readonly Statement[] =>
  asList(document.Statement)

/** A policy that was checked when it came in: syntax.ts does that. */
export const storedPolicy = (text: string): PolicyDocument => JSON.parse(text) as PolicyDocument
