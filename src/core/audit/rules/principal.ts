import { takesTokens, type TrustStatement } from '../../trust-statement.ts'
import type { Door, RoleInSight } from '../door.ts'
import { trusting } from '../edits.ts'
import type { Ground } from '../ground.ts'
import { issuersTested, letsInEverybody } from '../scope.ts'
import { shortlist } from '../../words.ts'
import type { Found, RoleRule } from './rule.ts'

/** Whom statements name. */
export const PRINCIPAL_RULES: readonly RoleRule[] = [
  {
    id: 'trust/everybody',
    severity: 'high',
    title: 'The principal is everybody',
    help: 'A principal of * leaves everything to the conditions: whatever meets them gets in, from any account and any provider. Name the provider.',
    look: (about, _, ground) => about.statements.flatMap((one) => everybody(one, about, ground)),
  },
  {
    id: 'trust/not-principal',
    severity: 'high',
    title: 'NotPrincipal in a statement that allows',
    help: 'Allow with NotPrincipal lets in everybody but those that are listed, from any account and any provider. Name the provider in Principal instead.',
    look: (about, _, ground) => about.statements.flatMap((one) => allBut(one, about, ground)),
  },
]

/** One that is about others, such as an organization's accounts under a condition, is theirs to judge. */
const isOurMatter = (statement: TrustStatement): boolean =>
  letsInEverybody(statement) && (takesTokens(statement) || statement.tests.length === 0)

function everybody(
  statement: TrustStatement,
  about: RoleInSight,
  ground: Ground,
): readonly Found[] {
  if (statement.notPrincipal || !isOurMatter(statement)) return []
  return [
    found(statement, about, ground, {
      summary: `Its principal is everybody${statement.tests.length === 0 ? ', without any condition' : ''}`,
      why: takesTokens(statement)
        ? 'Tokens of every provider that AWS knows are let in, as far as the conditions let them.'
        : 'Everybody of every AWS account may have the role.',
    }),
  ]
}

function allBut(statement: TrustStatement, about: RoleInSight, ground: Ground): readonly Found[] {
  if (!statement.notPrincipal || !isOurMatter(statement)) return []
  const names = Object.values(statement.principals).flat()
  return [
    found(statement, about, ground, {
      summary: `It lets in everybody but ${shortlist(names)}`,
      why: 'NotPrincipal with Allow means all others, from any account and any provider.',
    }),
  ]
}

/** Where the conditions name one issuer, its provider is whom they mean. */
function found(
  statement: TrustStatement,
  { doors }: RoleInSight,
  { scope, providers }: Ground,
  about: Pick<Found, 'summary' | 'why'>,
): Found {
  const door = doors.find((one) => one.statement === statement)
  const arn = issuersTested(statement, scope).length === 1 ? door?.provider.arn : undefined
  const edit = arn === undefined || providers?.has(arn) === false ? undefined : trusting(arn)
  // Whom else it lets in now, such as the users of an organization, may well be meant.
  const narrower = door?.alone === true && arn !== undefined && includesProvider(door, arn)
  return {
    severity: 'high',
    ...about,
    fix:
      arn === undefined
        ? 'Name the one provider that is meant as the Federated principal.'
        : `Name the provider: ${arn}.`,
    statement: statement.index,
    ...(narrower ? { mend: edit } : { advice: edit }),
  }
}

/**
 * Whether tokens of a provider are surely among those that are let in. Of `AWS: *` it is written that
 * it means the same as `*`, but hardly for tokens (reference_policies_elements_principal.html).
 */
function includesProvider({ raw, statement }: Door, arn: string): boolean {
  const { notPrincipal, principals } = statement
  const names = new Set(Object.values(principals).flat())
  if (notPrincipal) return !names.has(arn) && !names.has('*')
  return raw['Principal'] === '*' || principals['Federated']?.includes('*') === true
}
