import type { Role } from '../../src/sandbox/model.ts'
import { workplace, type Workplace } from './cli.ts'
import { putRole, TRUST_BY_HAND } from './roles.ts'

/** A role of a place whose issuer was made by `irsa init`, and the words of its trust policy. */
export interface TrustingRole {
  readonly arn: string
  /** The issuer without its scheme. */
  readonly claims: string
  readonly provider: string
  readonly sub: string
  readonly aud: string
  /** What irsa would write for the service account. */
  readonly statement: Statement
  /** Gives the role this trust policy, or has it made anew; it starts as irsa would write it. */
  trust(...statements: readonly object[]): void
  /** The statement with something else in its place. */
  with(change: Partial<Statement>): Statement
  /** The statement with other tests in StringEquals. */
  testing(tests: object): Statement
}

export interface Statement {
  readonly Effect: string
  readonly Principal?: unknown
  readonly Action?: unknown
  readonly Condition?: Readonly<Record<string, object>>
  readonly [member: string]: unknown
}

/** A place in which `irsa init` has been run. */
export async function placeWithIssuer(
  options: Parameters<typeof workplace>[0] = {},
  flags: readonly string[] = [],
): Promise<Workplace> {
  const place = await workplace(options)
  const { code, stderr } = await place.run(['init', '--name', 'blue', '--yes', ...flags])
  if (code !== 0) throw new Error(stderr)
  return place
}

export const ACCOUNT_NAME = 'shop/checkout'

/** Puts a role that trusts shop/checkout; somebody made it by hand. */
export function trustingRole(place: Workplace, { name = 'app', path = '/' } = {}): TrustingRole {
  const [provider] = place.aws.state.providers.values()
  const { arn, url = '', clientIds = [] } = provider ?? {}
  const claims = url.slice('https://'.length)
  const sub = 'system:serviceaccount:shop:checkout'
  const aud = clientIds[0] ?? ''
  const testing = (tests: object): Statement => ({
    Effect: 'Allow',
    Principal: { Federated: arn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: tests as Record<string, string> },
  })
  const statement = testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: sub })
  const trust = (...Statement: readonly object[]): Role =>
    putRole(place, {
      name,
      path,
      trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement }),
    })
  const role = trust(statement)
  return {
    arn: role.arn,
    claims,
    provider: arn ?? '',
    sub,
    aud,
    statement,
    trust,
    with: (change) => ({ ...statement, ...change }),
    testing,
  }
}

export const BY_HAND = TRUST_BY_HAND.Statement[0] as Statement
