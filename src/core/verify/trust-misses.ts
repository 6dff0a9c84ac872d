import { nearest } from '../nearest.ts'
import { shownSubject, subjectParts } from '../service-account.ts'
import { isWildcard } from '../subject.ts'
import { isNegated, matchesPattern } from '../trust-statement.ts'
import type { JudgedStatement } from './trust.ts'
import { namesSomeProvider } from './trust.ts'
import { keyMiss } from './trust-key.ts'
import { markedDifference } from './issuer-difference.ts'
import { providerMiss, TRUST_LABELS } from './trust-provider.ts'
import type { JudgedTest, TrustQuestion } from './trust-test.ts'

/** One reason why a statement does not let a token in; each is enough. */
export interface Miss {
  readonly id: string
  readonly summary: string
  readonly why: string
}

/** Everything that keeps a token out of a role whose nearest statement is this one. */
export function missesOf(nearby: JudgedStatement | undefined, question: TrustQuestion): Miss[] {
  if (nearby === undefined) return [nothingThere(question)]
  const { statement, names, acts, tests } = nearby
  if (!names && (statement.notPrincipal || !namesSomeProvider(statement)))
    return [nothingThere(question)]
  const failed = tests.filter(({ outcome }) => outcome === 'fails')
  const misses = [
    ...(names ? [] : [providerMiss(statement, question.providerArn)]),
    ...(acts ? [] : [wrongAction(nearby)]),
    // Where the provider is another one, so are the claims, and one reason says it all.
    ...(names ? failed.map((test) => testMiss(test, question)) : []),
  ]
  return oneOfAKind(misses)
}

const oneOfAKind = (misses: readonly Miss[]): Miss[] =>
  [...new Map(misses.toReversed().map((miss) => [miss.id, miss])).values()].toReversed()

const nothingThere = ({ providerArn }: TrustQuestion): Miss => ({
  id: 'role/trust-none',
  summary: 'Its trust policy has no statement for the provider of this issuer',
  why: `STS lets in whom a statement allows that names ${providerArn}; without one nobody.`,
})

const wrongAction = ({ statement: { actions, notAction } }: JudgedStatement): Miss => ({
  id: 'role/trust-action',
  summary: `Its statement for the provider ${notAction ? 'leaves out' : 'is about'} ${actions.join(', ')}`,
  why: 'A token is exchanged by sts:AssumeRoleWithWebIdentity, which it does not allow.',
})

function testMiss(judged: JudgedTest, question: TrustQuestion): Miss {
  const { kind, test } = judged
  if (kind === 'sub') return subjectMiss(judged, question.subject ?? '')
  if (kind === 'aud') return audienceMiss(judged, question.audiences ?? [])
  return keyMiss(test, question.claims)
}

function subjectMiss({ test }: JudgedTest, subject: string): Miss {
  const { written, values } = test
  const shown = shownSubject(subject)
  if (isNegated(test)) return excluded(`the subject ${shown}`, test)
  const wild = values.find((value) => isWildcard(value) && matchesPattern(subject, value))
  if (isEquals(test) && wild !== undefined) return wildcardInEquals(test, wild)
  const theirs = nearest(subject, values)
  const miss = (what: string, summary: string): Miss => ({
    id: `role/trust-${what}`,
    summary,
    why: `${written} has to match the sub claim of the token.\n${markedDifference(subject, theirs, TRUST_LABELS)}`,
  })
  if (theirs.toLowerCase() === subject.toLowerCase()) {
    return miss(
      'subject-case',
      `It spells the service account ${shownSubject(theirs)}, not ${shown}`,
    )
  }
  const [account, ours] = [subjectParts(theirs), subjectParts(subject)]
  if (account === undefined) {
    return miss('subject-form', `It asks for the subject ${theirs}, which no service account has`)
  }
  const part = account.namespace === ours?.namespace ? 'name' : 'subject'
  const what = account.name === ours?.name ? 'namespace' : part
  return miss(what, `It is for ${values.map(shownSubject).join(', ')}, not for ${shown}`)
}

function audienceMiss({ test }: JudgedTest, audiences: readonly string[]): Miss {
  const { written, values } = test
  const shown = audiences.join(', ')
  if (isNegated(test)) return excluded(`the audience ${shown}`, test)
  const wild = values.find((value) => audiences.some((one) => matchesPattern(one, value)))
  if (isEquals(test) && wild !== undefined) return wildcardInEquals(test, wild)
  return {
    id: 'role/trust-audience',
    summary: `It is for tokens of the audience ${values.join(', ')}, and these are for ${shown}`,
    why: `${written} has to match the aud claim of the token.\n${markedDifference(shown, nearest(shown, values), TRUST_LABELS)}`,
  }
}

const isEquals = ({ operator }: JudgedTest['test']): boolean => operator.startsWith('stringequals')

const wildcardInEquals = ({ written, key }: JudgedTest['test'], value: string): Miss => ({
  id: 'role/trust-equals-wildcard',
  summary: `Its ${written} compares ${key} with ${value}, wildcard and all`,
  why: 'Only StringLike takes * and ? as wildcards. To StringEquals they are plain characters, which no token has there.',
})

const excluded = (who: string, { written, key }: JudgedTest['test']): Miss => ({
  id: 'role/trust-excluded',
  summary: `Its ${written} keeps out ${who}`,
  why: `The values of ${key} in it are those that are not let in.`,
})
