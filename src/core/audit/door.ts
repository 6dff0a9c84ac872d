import { isObject } from '../jwk.ts'
import { type Statement, statementsOf } from '../policy-document.ts'
import type { Role } from '../role.ts'
import { isOurs } from '../setup.ts'
import {
  matchesPattern,
  type Test,
  type TrustStatement,
  trustStatementsOf,
  takesTokens,
} from '../trust-statement.ts'
import { asCompared, type Bound, boundOf, comparesLiterally, refusalsFor } from './bounds.ts'
import type { Ground } from './ground.ts'
import { powersOf } from './power.ts'
import { type ProviderName, arnOfProvider, readProviderArn } from '../provider-arn.ts'
import { sameIssuer } from './providers.ts'
import { issuersTested, letsInEverybody, providersNamed } from './scope.ts'
import { hasWildcard, type Width, wider, widthOf } from './subject-pattern.ts'

/** A role under judgement. */
export interface RoleInSight {
  readonly role: Role
  readonly statements: readonly TrustStatement[]
  readonly doors: readonly Door[]
  /** Whether irsa made it, or looks after it. */
  readonly ofIrsa: boolean
  /** The names of the policies that make it powerful. */
  readonly powers: readonly string[]
}

/** One way into a role: a statement that allows, and one provider whose tokens it lets in. */
export interface Door {
  readonly statement: TrustStatement
  /** As it was written. */
  readonly raw: Statement
  readonly provider: ProviderName
  /** Whether nobody but tokens of this provider could be shut out by a further condition. */
  readonly alone: boolean
  readonly sub: Bound
  readonly aud: Bound
}

/** Takes a role apart. */
export function inSight(role: Role, ground: Ground): RoleInSight {
  const statements = trustStatementsOf(role.trust)
  return {
    role,
    statements,
    doors: withoutCompanions(
      statements.flatMap((statement) => doorsOf(statement, role.trust, statements, ground)),
    ),
    ofIrsa: isOurs(role.tags),
    powers: powersOf(role, ground.documents),
  }
}

/** A statement that is not about tokens may go with one that is, such as for sts:TagSession. */
function withoutCompanions(doors: readonly Door[]): readonly Door[] {
  const served = new Set(
    doors.filter(({ statement }) => takesTokens(statement)).map(({ provider }) => provider.arn),
  )
  return doors.filter(
    ({ statement, provider }) => takesTokens(statement) || !served.has(provider.arn),
  )
}

function doorsOf(
  statement: TrustStatement,
  policy: unknown,
  statements: readonly TrustStatement[],
  ground: Ground,
): readonly Door[] {
  const raw = statementsOf(policy)[statement.index]
  if (!isObject(raw)) return []
  const providers = providersOf(statement, ground)
  const there = thoseThere(statement, ground)
  return providers.map((provider) => {
    const bounds = boundsOf(statement, provider, refusalsFor(provider, statements, policy))
    const alone = letsInEverybody(statement)
      ? providers.length === 1 && demandsToken(statement, bounds)
      : there.every((principal) => principal === provider.arn)
    return { statement, raw, provider, alone, ...bounds }
  })
}

/** Whether only a request that has a claim of the provider meets the statement, whoever makes it. */
const demandsToken = (
  { tests }: TrustStatement,
  { sub, aud }: Pick<Door, 'sub' | 'aud'>,
): boolean => [...sub.firm, ...aud.firm].some((test) => tests.includes(test))

const boundsOf = (
  statement: TrustStatement,
  provider: ProviderName,
  refusals: readonly TrustStatement[],
): Pick<Door, 'sub' | 'aud'> => ({
  sub: boundOf(statement, 'sub', provider, refusals),
  aud: boundOf(statement, 'aud', provider, refusals),
})

/** The principals of a statement but for providers that do not exist, which come to nothing. */
const thoseThere = ({ principals }: TrustStatement, { providers }: Ground): readonly string[] =>
  Object.values(principals)
    .flat()
    .filter((name) => !isMissing(name, providers))

const isMissing = (principal: string, providers: Ground['providers']): boolean =>
  readProviderArn(principal) !== undefined && providers?.has(principal) === false

function providersOf(
  statement: TrustStatement,
  { scope, account, partition }: Ground,
): readonly ProviderName[] {
  const named = letsInEverybody(statement)
    ? issuersTested(statement, scope).map((issuer) => arnOfProvider({ partition, account, issuer }))
    : providersNamed(statement, scope)
  return [...new Set(named)].flatMap((arn) => readProviderArn(arn) ?? [])
}

/** Everything that says which subjects may come in, whether a missing one would as well. */
export const subjectTests = ({ sub }: Door): readonly Test[] => [...sub.firm, ...sub.loose]

/** The values of a test that some service account has, or may have, as its subject. */
export const livingValues = (test: Test): readonly string[] =>
  test.values
    .map((value) => asCompared(test, value))
    .filter(
      (value) => widthOf(value) !== undefined && !(comparesLiterally(test) && hasWildcard(value)),
    )

/** Whether a door lets in the subject of a service account, as far as conditions on subjects go. */
export const letsIn = (door: Door, subject: string): boolean =>
  subjectTests(door).every((test) =>
    livingValues(test).some((value) =>
      comparesLiterally(test) ? subject === value : matchesPattern(subject, value),
    ),
  )

const testWidth = (test: Test): Width =>
  livingValues(test).reduce<Width>(
    (width, value) => wider(width, widthOf(value) ?? 'exact'),
    'exact',
  )

/** The test that lets in the fewest, and how many; undefined where no test names subjects. */
export function narrowestTest(
  door: Door,
): { readonly test: Test; readonly width: Width } | undefined {
  const [first, ...more] = subjectTests(door).map((test) => ({ test, width: testWidth(test) }))
  return more.reduce(
    (narrowest, next) =>
      narrowest !== undefined && wider(narrowest.width, next.width) === next.width
        ? narrowest
        : next,
    first,
  )
}

/** The subjects that a door names without a wildcard. */
export const subjectsNamed = (door: Door): readonly string[] => {
  const narrowest = narrowestTest(door)
  if (narrowest === undefined) return []
  return livingValues(narrowest.test).filter((value) => !hasWildcard(value))
}

/** The facts of the cluster where it is the one that a door is for. */
export const clusterBehind = (door: Door, { cluster }: Ground): Ground['cluster'] =>
  cluster !== undefined && sameIssuer(cluster.issuer, door.provider.issuer) ? cluster : undefined
