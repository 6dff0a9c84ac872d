import { AUDIENCE_RULES } from './audience.ts'
import { LOOSE_RULES } from './loose.ts'
import { CLUSTER_RULES } from './cluster.ts'
import { KEY_RULES } from './keys.ts'
import { POWER_RULES } from './power.ts'
import { PRINCIPAL_RULES } from './principal.ts'
import { PROVIDER_RULES } from './provider.ts'
import type { DoorRule, RoleRule, RuleText } from './rule.ts'
import { SUBJECT_RULES } from './subject.ts'
import { VALUE_RULES } from './values.ts'

/**
 * What is asked of each door, in this order. Where one of a group finds that nobody gets in, the next
 * groups are not asked who does.
 */
export const DOOR_RULES: readonly (readonly DoorRule[])[] = [
  PROVIDER_RULES,
  [...KEY_RULES, ...VALUE_RULES],
  // Whose mend is about an operator alone comes last: others put new values in the place of old ones.
  [...SUBJECT_RULES, ...AUDIENCE_RULES, ...CLUSTER_RULES, ...LOOSE_RULES],
]

export const ROLE_RULES: readonly RoleRule[] = [...PRINCIPAL_RULES, ...POWER_RULES]

/** Every rule there is. */
export const RULES: readonly RuleText[] = [...DOOR_RULES.flat(), ...ROLE_RULES]
