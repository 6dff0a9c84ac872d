import { shownSubject } from '../../service-account.ts'
import { type Door, narrowestTest, type RoleInSight, subjectsNamed } from '../door.ts'
import { counted, shortlist } from '../../words.ts'
import type { Found, RoleRule } from './rule.ts'

/** What those who come in may do. */
export const POWER_RULES: readonly RoleRule[] = [
  {
    id: 'trust/power-wildcard',
    severity: 'high',
    title: 'Administrator permissions behind a wildcard',
    help: 'A role that can make itself administrator should be for service accounts that are named one by one: whoever may create one that matches a wildcard rules the account.',
    look: behindWildcard,
  },
  {
    id: 'trust/power-shared',
    severity: 'medium',
    title: 'Several service accounts share administrator permissions',
    help: 'CloudTrail and policies see the role, and hardly which of its service accounts used it. Give each of them a role of its own, with what it needs.',
    look: shared,
  },
]

/** No test at all, one of what must not be, or one with a wildcard. */
const isWide = (door: Door): boolean => narrowestTest(door)?.width !== 'exact'

function behindWildcard({ powers }: RoleInSight, open: readonly Door[]): readonly Found[] {
  const wide = open.filter(isWide)
  if (powers.length === 0 || wide.length === 0) return []
  return [
    {
      severity: 'high',
      summary: `It has ${shortlist(powers)}, and service accounts that nobody named may have it`,
      why: `With ${powers.length === 1 ? 'that policy' : 'those policies'} the role can give itself every permission of the account.`,
      fix: 'Name the service accounts one by one, or take the policy away from the role.',
      statement: wide[0]!.statement.index,
    },
  ]
}

function shared({ powers, ofIrsa }: RoleInSight, open: readonly Door[]): readonly Found[] {
  if (powers.length === 0 || open.some(isWide)) return []
  const subjects = [...new Set(open.flatMap(subjectsNamed))]
  if (subjects.length < 2) return []
  return [
    {
      severity: ofIrsa ? 'info' : 'medium',
      summary: `${counted(subjects.length, 'service account')} share ${shortlist(powers)}: ${shortlist(subjects.map(shownSubject))}`,
      why: 'Each of them can give itself every permission of the account, and what one did cannot well be told from what another did.',
      fix: 'Give each service account a role of its own, with the permissions it needs.',
    },
  ]
}
