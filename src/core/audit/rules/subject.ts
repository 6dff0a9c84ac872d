import type { Test } from '../../trust-statement.ts'
import type { Severity } from '../../verify/finding.ts'
import {
  clusterBehind,
  type Door,
  letsIn,
  livingValues,
  narrowestTest,
  type RoleInSight,
  subjectTests,
} from '../door.ts'
import { type Edit, replacing, testing } from '../edits.ts'
import type { Ground } from '../ground.ts'
import { shownSubject } from '../../service-account.ts'
import { hasWildcard, type Width } from '../subject-pattern.ts'
import { shortlist } from '../../words.ts'
import type { DoorRule, Found } from './rule.ts'

/** Who may come in. */
export const SUBJECT_RULES: readonly DoorRule[] = [
  {
    id: 'trust/no-subject',
    severity: 'high',
    title: 'No condition on the subject',
    help: 'Without a test of the sub claim every service account of the cluster may have the role, those of the future too. Name the service accounts with StringEquals.',
    look: noSubject,
  },
  {
    id: 'trust/subject-negated',
    severity: 'high',
    title: 'The subject is bounded by what it must not be',
    help: 'StringNotEquals and StringNotLike let in everybody who is not listed, those of the future too. Name those who may have the role instead.',
    look: negated,
  },
  {
    id: 'trust/subject-wildcard',
    severity: 'high',
    title: 'A wildcard in the subject',
    help: 'Whoever may create a service account that matches gets the role. Name the service accounts one by one, and above all the namespace.',
    look: wildcard,
  },
]

/** The subjects that the cluster annotates with the role, as far as the door lets them in already. */
function annotated(door: Door, { role }: RoleInSight, ground: Ground): readonly string[] {
  const cluster = clusterBehind(door, ground)
  const all = [...(cluster?.accounts ?? [])].filter(([, arn]) => arn === role.arn)
  return all
    .map(([sub]) => sub)
    .filter((sub) => letsIn(door, sub))
    .toSorted()
}

/** What to do about a door that is too wide, where the cluster says who uses the role. */
const naming = (subjects: readonly string[], otherwise: string): string =>
  subjects.length === 0
    ? otherwise
    : `Name the service accounts that need it. Those that are annotated with the role are ${shortlist(subjects.map(shownSubject))}.`

/** Why nobody but a person can choose: through the very door that is too wide anybody may come. */
const doubting = (subjects: readonly string[]): string =>
  subjects.length === 0
    ? ''
    : ' They may have annotated it with the role, too: look who those are before you name them.'

const NAME_THEM = 'Name the service accounts that need the role with StringEquals.'

function noSubject(door: Door, about: RoleInSight, ground: Ground): readonly Found[] {
  const { firm, loose, negated: not, key } = door.sub
  if (firm.length + loose.length + not.length > 0) return []
  const subjects = annotated(door, about, ground)
  return [
    {
      severity: 'high',
      summary: `Every service account of ${door.provider.issuer} may have this role`,
      why: `No condition tests ${key}, so whoever can run a pod, in any namespace, gets the role.${doubting(subjects)}`,
      fix: naming(subjects, NAME_THEM),
      advice:
        door.alone && subjects.length > 0 ? testing('StringEquals', key, subjects) : undefined,
    },
  ]
}

function negated(door: Door): readonly Found[] {
  const { firm, loose, negated: not, key } = door.sub
  if (firm.length + loose.length > 0 || not.length === 0) return []
  const [{ written, values } = { written: '', values: [] }] = not
  return [
    {
      severity: 'high',
      summary: `Every service account of ${door.provider.issuer} but ${shortlist(values.map(shownSubject))} may have this role`,
      why: `${written} on ${key} lets in all that are not listed, and nothing else bounds the subject.`,
      fix: NAME_THEM,
    },
  ]
}

/** Who gets in, and how bad that is. */
const REACH: Readonly<Record<Exclude<Width, 'exact'>, readonly [Severity, string]>> = {
  everything: ['high', 'every service account of the cluster'],
  'any-namespace': ['high', 'service accounts of any namespace'],
  'some-namespaces': ['medium', 'service accounts of every namespace whose name fits'],
  namespace: ['medium', 'every service account of the namespace'],
  'part-of-name': ['low', 'every service account whose name fits'],
}

/** What irsa only does when asked for: create-role --allow-wildcard. */
const ON_PURPOSE: ReadonlySet<Width> = new Set(['namespace', 'part-of-name'])

function wildcard(door: Door, about: RoleInSight, ground: Ground): readonly Found[] {
  const narrowest = narrowestTest(door)
  if (narrowest === undefined || narrowest.width === 'exact') return []
  const { test, width } = narrowest
  const [severity, whom] = REACH[width]
  const wide = livingValues(test).filter(hasWildcard)
  const onPurpose = about.ofIrsa && ON_PURPOSE.has(width)
  const subjects = annotated(door, about, ground)
  return [
    {
      severity: onPurpose ? 'info' : severity,
      summary: `${shortlist(wide.map(shownSubject))} lets in ${whom}, also of the future`,
      why: onPurpose
        ? 'It was asked for when irsa made the role. Whoever may create a service account that matches gets it.'
        : `Whoever may create a service account that matches ${test.key} gets the role.${doubting(subjects)}`,
      fix: naming(subjects, 'Name the service accounts one by one.'),
      advice: onPurpose ? undefined : narrowed(door, test, subjects, ground),
    },
  ]
}

/** Only where this one test says it all, and the cluster says what may be meant. */
function narrowed(
  door: Door,
  test: Test,
  subjects: readonly string[],
  ground: Ground,
): Edit | undefined {
  const { statement, sub, alone } = door
  if (!alone || subjects.length === 0 || subjectTests(door).length > 1) return undefined
  if (!statement.tests.includes(test)) return undefined
  const cluster = clusterBehind(door, ground)
  const named = livingValues(test).filter(
    (value) => !hasWildcard(value) && cluster?.accounts.has(value),
  )
  const values = [...new Set([...named, ...subjects])].toSorted()
  return replacing(test, { operator: 'StringEquals', key: sub.key, values })
}
