import type { Finding, Severity } from '../../verify/finding.ts'
import type { Door, RoleInSight } from '../door.ts'
import type { Edit } from '../edits.ts'
import type { Ground } from '../ground.ts'

/** What a rule found, without the rule's own name. */
export interface Found extends Omit<Finding, 'id'> {
  /** Counted from 0; a door's own unless it is given. */
  readonly statement?: number
  /**
   * Mends it, and lets in nobody who is not let in already. Nor does it shut out anybody whom the
   * finding does not name: it is done without asking who that would be.
   */
  readonly mend?: Edit | undefined
  /**
   * What was probably meant, which somebody has to know: it lets in others than now, or rests on what
   * cannot be relied upon.
   */
  readonly advice?: Edit | undefined
  /** Nobody gets in by this door, so that it does not matter who else might. */
  readonly closes?: true | undefined
}

/** What is the same for all findings of a rule. */
export interface RuleText {
  /** Stable name, `trust/what`. */
  readonly id: string
  /** Where it depends, the worst. */
  readonly severity: Severity
  /** What is wrong, in a few words. */
  readonly title: string
  /** Why, and what to do, in general. */
  readonly help: string
}

/** Judges one way into a role. */
export interface DoorRule extends RuleText {
  readonly look: (door: Door, about: RoleInSight, ground: Ground) => readonly Found[]
}

/** Judges a role as a whole; `open` are the doors by which somebody gets in. */
export interface RoleRule extends RuleText {
  readonly look: (about: RoleInSight, open: readonly Door[], ground: Ground) => readonly Found[]
}
