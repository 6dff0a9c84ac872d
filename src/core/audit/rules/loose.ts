import type { Test } from '../../trust-statement.ts'
import type { Bound } from '../bounds.ts'
import type { Door } from '../door.ts'
import { hasTest, metByBoth, replacing } from '../edits.ts'
import type { DoorRule, Found } from './rule.ts'

/** Tests that a key which is not there would meet. */
export const LOOSE_RULES: readonly DoorRule[] = [
  {
    id: 'trust/for-all-values',
    severity: 'high',
    title: 'ForAllValues on a claim that may be absent',
    help: 'ForAllValues is met by a request without the key at all. It is for keys of many values together with a test that the key is there; a claim of one value takes the operator alone.',
    look: (door) =>
      looseTests(door)
        .filter(isForAll)
        .flatMap((test) => looseFound(door, test)),
  },
  {
    id: 'trust/if-exists',
    severity: 'high',
    title: 'IfExists on a claim that may be absent',
    help: 'An operator with IfExists is met by a request without the key. In a trust policy that opens what the test was to close; the operator without it asks for the claim.',
    look: (door) =>
      looseTests(door)
        .filter((test) => !isForAll(test))
        .flatMap((test) => looseFound(door, test)),
  },
]

const looseTests = ({ sub, aud }: Door): readonly Test[] => [...sub.loose, ...aud.loose]

const isForAll = ({ qualifier }: Test): boolean => qualifier === 'forallvalues'

function looseFound(door: Door, test: Test): readonly Found[] {
  const { sub, aud } = door
  const ofSubject = sub.loose.includes(test)
  const bound = ofSubject ? sub : aud
  const bounded = bound.firm.length > 0
  const operator = firmOperator(test)
  const obstacle = obstacleTo(door, bound, test)
  return [
    {
      severity: bounded ? 'low' : ofSubject ? 'high' : 'medium',
      summary: `${test.written} on ${test.key} lets in a token without ${ofSubject ? 'a subject' : 'an audience'}`,
      why: bounded
        ? 'Another test bounds the same claim, so it does no harm, and no good.'
        : 'It is met where the claim is absent, and nothing else bounds that claim.',
      fix: obstacle ?? `Use ${operator} alone.`,
      mend: obstacle === undefined ? replacing(test, { operator }) : undefined,
    },
  ]
}

const firmOperator = ({ written }: Test): string =>
  written.replace(/^ForAllValues:/i, '').replace(/IfExists$/i, '')

/** What to do where another operator would not do; undefined where it would. */
function obstacleTo({ raw, alone }: Door, { loose }: Bound, test: Test): string | undefined {
  const operator = firmOperator(test)
  if (hasTest(raw, operator, test.key)) return `Take it out: ${operator} tests the same key.`
  // A test that asks for a claim of one issuer shuts out the tokens of all others, and IAM users too.
  if (!alone) return `Give every principal a statement of its own, and use ${operator} alone there.`
  const alike = loose.filter((one) => firmOperator(one).toLowerCase() === operator.toLowerCase())
  const values = alike.map((one) => one.values)
  return alike.length > 1 && metByBoth(operator, values).length === 0
    ? `Say in one ${operator} what the ${alike.length} tests of this key mean together.`
    : undefined
}
