import { shellWord } from '../../shell.ts'
import { matchesPattern, type Test } from '../../trust-statement.ts'
import { comparesLiterally, isPositive } from '../bounds.ts'
import { type Door, livingValues, subjectTests } from '../door.ts'
import { hasTest, replacing } from '../edits.ts'
import { type Ground, isCluster } from '../ground.ts'
import { guessSubject, hasWildcard, widthOf } from '../subject-pattern.ts'
import { shortlist } from '../../words.ts'
import type { DoorRule, Found } from './rule.ts'

/** Values that no token has, so that nobody gets in by them. */
export const VALUE_RULES: readonly DoorRule[] = [
  {
    id: 'trust/equals-wildcard',
    severity: 'medium',
    title: 'StringEquals with a wildcard',
    help: 'StringEquals compares * and ? like any other character, and no token has them. StringLike is the operator for wildcards; better still, name the service accounts one by one.',
    look: equalsWildcard,
  },
  {
    id: 'trust/subject-shape',
    severity: 'medium',
    title: 'A subject that no service account has',
    help: 'The subject of a service account is system:serviceaccount:NAMESPACE:NAME, in lower case. Any other value matches no token of a cluster.',
    look: subjectShape,
  },
  {
    id: 'trust/audience-unknown',
    severity: 'medium',
    title: 'An audience that the provider does not accept',
    help: 'STS refuses tokens whose audience the provider does not list, before it looks at the role. Name an audience of the provider, or add this one to it.',
    look: audienceUnknown,
  },
]

function equalsWildcard(door: Door, _: unknown, ground: Ground): readonly Found[] {
  const audiences = audiencesOf(door, ground) ?? []
  const isAudience = (test: Test): boolean => test.key.toLowerCase().endsWith(':aud')
  return [...subjectTests(door), ...door.aud.firm, ...door.aud.loose]
    .filter((test) => comparesLiterally(test) && isPositive(test))
    .flatMap((test) => {
      const odd = test.values.filter(
        (value) => hasWildcard(value) && !(isAudience(test) && audiences.includes(value)),
      )
      return odd.length === 0 ? [] : [wildcardFound(door, test, odd)]
    })
}

function wildcardFound({ raw }: Door, test: Test, odd: readonly string[]): Found {
  const operator = test.written.replace(/StringEquals(IgnoreCase)?/i, 'StringLike')
  return {
    severity: 'medium',
    summary: `${test.written} compares ${test.key} with ${shortlist(odd)}, wildcards and all`,
    why:
      odd.length === test.values.length
        ? 'Only StringLike knows wildcards, so no token matches and nobody gets in.'
        : 'Only StringLike knows wildcards, so no token matches that value.',
    fix: 'Name the service accounts one by one. If all that match are meant, use StringLike.',
    advice:
      operator === test.written || hasTest(raw, operator, test.key)
        ? undefined
        : replacing(test, { operator }),
    closes: odd.length === test.values.length ? true : undefined,
  }
}

function subjectShape(door: Door, _: unknown, ground: Ground): readonly Found[] {
  const known = isCluster(door.provider.issuer, ground)
  return subjectTests(door).flatMap((test) => {
    const literal = comparesLiterally(test)
    const odd = test.values.filter(
      (value) =>
        !(literal && hasWildcard(value)) &&
        widthOf(test.operator.includes('ignorecase') ? value.toLowerCase() : value) === undefined,
    )
    if (odd.length === 0) return []
    const guesses = new Map(odd.map((value) => [value, guessSubject(value)]))
    const guess = [...guesses.values()].find((one) => one !== undefined)
    const values = test.values.map((value) => guesses.get(value) ?? value)
    return [
      {
        severity: known ? 'medium' : 'info',
        summary: `${test.key} is compared with ${shortlist(odd)}, which is the subject of no service account`,
        why: known
          ? 'Subjects are system:serviceaccount:NAMESPACE:NAME, in lower case. No token of the cluster matches.'
          : 'Subjects are system:serviceaccount:NAMESPACE:NAME in a cluster. It may be that this issuer is none.',
        fix:
          guess === undefined
            ? 'Write the subjects as system:serviceaccount:NAMESPACE:NAME.'
            : `Write it as ${guess}.`,
        advice: guess === undefined || !known ? undefined : replacing(test, { values }),
        closes: known && livingValues(test).length === 0 ? true : undefined,
      } satisfies Found,
    ]
  })
}

const audiencesOf = ({ provider }: Door, { providers }: Ground): readonly string[] | undefined =>
  providers?.get(provider.arn)?.audiences

function audienceUnknown(door: Door, _: unknown, ground: Ground): readonly Found[] {
  const audiences = audiencesOf(door, ground)
  const { firm, key } = door.aud
  if (audiences === undefined || firm.length === 0) return []
  const meets = (audience: string, test: Test): boolean =>
    test.values.some((value) => matchesAudience(test, audience, value))
  if (audiences.some((audience) => firm.every((test) => meets(audience, test)))) return []
  const wanted = firm.flatMap(({ values }) => values)
  const first = wanted.find((value) => !hasWildcard(value))
  return [
    {
      severity: 'medium',
      summary: `${key} is compared with ${shortlist(wanted)}, and the provider accepts ${audiences.length === 0 ? 'no audience' : shortlist(audiences)}`,
      why: 'STS refuses every token that could meet this, before it looks at the role, so nobody gets in.',
      ...(first === undefined
        ? { fix: 'Name an audience of the provider.' }
        : {
            fix: 'Name an audience of the provider, or add this one to it',
            command: adding(door, first),
          }),
      closes: true,
    },
  ]
}

const adding = ({ provider }: Door, audience: string): string =>
  `irsa create-provider --issuer ${shellWord(`https://${provider.issuer}`)} --audience ${shellWord(audience)}`

const matchesAudience = (test: Test, audience: string, value: string): boolean =>
  comparesLiterally(test)
    ? test.operator.includes('ignorecase')
      ? audience.toLowerCase() === value.toLowerCase()
      : audience === value
    : matchesPattern(audience, value)
