import { shownSubject } from '../../service-account.ts'
import {
  clusterBehind,
  type Door,
  letsIn,
  livingValues,
  type RoleInSight,
  subjectTests,
} from '../door.ts'
import { withoutValues } from '../edits.ts'
import type { ClusterFacts, Ground } from '../ground.ts'
import { hasWildcard } from '../subject-pattern.ts'
import { counted, shortlist } from '../../words.ts'
import type { DoorRule, Found } from './rule.ts'

/** What the cluster at hand has. */
export const CLUSTER_RULES: readonly DoorRule[] = [
  {
    id: 'trust/service-account-gone',
    severity: 'medium',
    title: 'The service account does not exist in the cluster',
    help: 'A role for a service account that is gone waits for whoever may create one of that name. Take the subject out of the trust policy, or delete the role.',
    look: gone,
  },
]

function gone(door: Door, { ofIrsa }: RoleInSight, ground: Ground): readonly Found[] {
  const cluster = clusterBehind(door, ground)
  if (cluster === undefined) return []
  const tests = subjectTests(door)
  const named = tests.flatMap(livingValues).filter((value) => !hasWildcard(value))
  const absent = [...new Set(named)].filter((sub) => !cluster.accounts.has(sub))
  if (absent.length === 0) return []
  return [
    {
      severity: ofIrsa ? 'info' : 'medium',
      summary: `The cluster has no ${absent.length === 1 ? 'service account' : `${counted(absent.length, 'service account')}`} ${shortlist(absent.map(shownSubject))}`,
      why: `Whoever may create ${absent.length === 1 ? 'it' : 'one of them'} in the cluster gets the role.`,
      fix: ofIrsa
        ? 'Create it if it is still to come; otherwise take the role away with irsa delete-role.'
        : 'Take the subject out, unless the service account is still to come.',
      ...(ofIrsa ? {} : takenOut(door, absent, cluster)),
    },
  ]
}

/**
 * Where nobody of the cluster gets in without them it is left to a person: the answer may come from
 * another cluster that claims the same issuer, or from one that is being set up anew.
 */
function takenOut(
  door: Door,
  absent: readonly string[],
  { accounts }: ClusterFacts,
): Pick<Found, 'mend' | 'advice'> {
  const own = subjectTests(door).filter((test) => door.statement.tests.includes(test))
  const named = own.some((test) => livingValues(test).some((value) => absent.includes(value)))
  if (!door.alone || !named) return {}
  const edit = withoutValues(own, absent)
  return [...accounts.keys()].some((sub) => letsIn(door, sub)) ? { mend: edit } : { advice: edit }
}
