import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Role } from '../../src/sandbox/model.ts'
import { workplace, type Workplace } from './cli.ts'

/** An issuer that nobody has to serve: a role is not asked for its documents. */
export const ISSUER = 'https://oidc.example.com'
export const CLAIMS = 'oidc.example.com'
const providerOf = (url: string) => `arn:aws:iam::111122223333:oidc-provider/${url.slice(8)}`
export const PROVIDER = providerOf(ISSUER)
export const READ_S3 = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'

/** A place whose account has the provider of the issuer already. */
export async function placeWithProvider(audiences = ['sts.amazonaws.com']): Promise<Workplace> {
  const place = await workplace()
  putProvider(place, audiences)
  return place
}

export function putProvider(
  { aws }: Workplace,
  clientIds = ['sts.amazonaws.com'],
  url = ISSUER,
): void {
  const arn = providerOf(url)
  aws.state.providers.set(arn, {
    arn,
    url,
    clientIds,
    thumbprints: ['a'.repeat(40)],
    tags: [],
    created: new Date(0),
  })
}

/** A policy as a file of the folder; more than one character to the line, as people write them. */
export async function putPolicy(
  { cwd }: Workplace,
  file: string,
  policy: unknown = allowing('s3:GetObject'),
): Promise<void> {
  await writeFile(join(cwd, file), `${JSON.stringify(policy, undefined, 2)}\n`)
}

export const allowing = (Action: string | readonly string[], Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})

/** A role that somebody made by hand. */
export function putRole(
  { aws }: Workplace,
  about: Partial<Role> & { readonly name: string },
): Role {
  const path = about.path ?? '/'
  const role: Role = {
    path,
    arn: `arn:aws:iam::111122223333:role${path}${about.name}`,
    id: 'AROAEXAMPLE',
    created: new Date(0),
    trustPolicy: JSON.stringify(TRUST_BY_HAND),
    description: undefined,
    maxSessionDuration: 3600,
    tags: [],
    boundary: undefined,
    attached: new Set(),
    inline: new Map(),
    instanceProfiles: new Set(),
    ...about,
  }
  aws.state.roles.set(about.name.toLowerCase(), role)
  return role
}

export const TRUST_BY_HAND = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

/** The one role of the account, with its documents parsed. */
export function describedRole({ aws }: Workplace, name: string) {
  const role = aws.state.roles.get(name.toLowerCase())
  if (role === undefined) return undefined
  return {
    path: role.path,
    trust: JSON.parse(role.trustPolicy),
    boundary: role.boundary,
    tags: Object.fromEntries(role.tags.map(({ key, value }) => [key, value])),
    attached: [...role.attached],
    inline: Object.fromEntries([...role.inline].map(([key, text]) => [key, JSON.parse(text)])),
  }
}

/** Our statement for service accounts that are named. */
export const trusting = (
  sub: string | readonly string[],
  aud = 'sts.amazonaws.com',
  url = ISSUER,
) => {
  const claims = url.slice(8)
  return {
    Effect: 'Allow',
    Principal: { Federated: providerOf(url) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${claims}:aud`]: aud, [`${claims}:sub`]: sub } },
  }
}

/** A trust policy of these statements, as text. */
export const trustOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })
