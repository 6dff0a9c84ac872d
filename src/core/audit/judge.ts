import { type Finding, worstFirst } from '../verify/finding.ts'
import type { Role } from '../role.ts'
import { type Door, inSight, type RoleInSight } from './door.ts'
import { mended, type Mend } from './edits.ts'
import type { Ground } from './ground.ts'
import type { Found } from './rules/rule.ts'
import { DOOR_RULES, ROLE_RULES } from './rules/tables.ts'

/** What is wrong with a role's trust. */
export interface Judgement {
  readonly role: Role
  /** The worst ones first. */
  readonly findings: readonly JudgedFinding[]
  /** The trust policy with every mend in it; undefined where there is none to be made. */
  readonly mended: object | undefined
}

export interface JudgedFinding extends Finding {
  /** The statement it is about, counted from 1; undefined where it is about all of them. */
  readonly statement: number | undefined
  /** Whether `mended` mends it. */
  readonly automatic: boolean
  /** The trust policy as it was probably meant, which is for somebody to decide. */
  readonly advised: object | undefined
}

interface Ruled extends Found {
  readonly id: string
}

/** Holds a role's trust against every rule. */
export function judge(role: Role, ground: Ground): Judgement {
  const about = inSight(role, ground)
  const doors = about.doors.map((door) => ({ door, found: judgeDoor(door, about, ground) }))
  const open = doors.filter(({ found }) => !found.some(closes)).map(({ door }) => door)
  const found = [
    ...doors.flatMap((one) => one.found),
    ...ROLE_RULES.flatMap(({ id, look }) =>
      look(about, open, ground).map((one) => ({ ...one, id })),
    ),
  ]
  const mends = found.flatMap(mendOf)
  return {
    role,
    findings: worstFirst(found.map((one) => findingOf(one, role))),
    mended: mended(role.trust, mends),
  }
}

const closes = (found: Found): boolean => found.closes === true

function judgeDoor(door: Door, about: RoleInSight, ground: Ground): readonly Ruled[] {
  const found: Ruled[] = []
  for (const rules of DOOR_RULES) {
    for (const { id, look } of rules) {
      const here = { id, statement: door.statement.index }
      found.push(...look(door, about, ground).map((one) => ({ ...here, ...one })))
    }
    if (found.some(closes)) break
  }
  return found
}

const mendOf = ({ statement, mend }: Found): readonly Mend[] =>
  statement === undefined || mend === undefined ? [] : [{ statement, edit: mend }]

function findingOf(found: Ruled, role: Role): JudgedFinding {
  const { id, severity, summary, why, fix, command, statement, advice, mend } = found
  const advised =
    statement === undefined || advice === undefined
      ? undefined
      : mended(role.trust, [{ statement, edit: advice }])
  return {
    id,
    severity,
    summary,
    why,
    fix,
    command,
    statement: statement === undefined ? undefined : statement + 1,
    automatic: mend !== undefined,
    advised,
  }
}
