import { isObject } from '../jwk.ts'
import { statementsOf } from '../policy-document.ts'
import type { Role } from '../role.ts'
import { matchesPattern, texts } from '../trust-statement.ts'

/** AWS's own policies that let their holder become anybody: AWS managed policy reference. */
const POWERFUL_NAMES = new Set(['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'])

/** Each of these, on anything, is as good as all permissions of the account. */
const POWERS = [
  'iam:addusertogroup',
  'iam:attachgrouppolicy',
  'iam:attachrolepolicy',
  'iam:attachuserpolicy',
  'iam:createaccesskey',
  'iam:createloginprofile',
  'iam:createpolicyversion',
  'iam:putgrouppolicy',
  'iam:putrolepolicy',
  'iam:putuserpolicy',
  'iam:setdefaultpolicyversion',
  'iam:updateassumerolepolicy',
  'iam:updateloginprofile',
  'sts:assumerole',
]

/** Documents of the customer's own managed policies, by ARN; undefined where one is not known. */
export type Documents = (arn: string) => unknown

/**
 * The names of the policies that make a role powerful, each once: none where its permissions
 * boundary is not powerful itself. What is not known is taken for harmless.
 */
export function powersOf(role: Role, documents: Documents): readonly string[] {
  const { attached, inline, boundary } = role
  if (boundary !== undefined && !isPowerfulArn(boundary, documents)) return []
  return [
    ...attached.filter((arn) => isPowerfulArn(arn, documents)).map(policyName),
    ...Object.keys(inline).filter((name) => isPowerful(inline[name])),
  ].toSorted()
}

const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

const isPowerfulArn = (arn: string, documents: Documents): boolean =>
  /^arn:[\w-]+:iam::aws:policy\//.test(arn)
    ? POWERFUL_NAMES.has(policyName(arn))
    : isPowerful(documents(arn))

/** Whether a permissions policy allows one of the powers on everything. */
const isPowerful = (policy: unknown): boolean =>
  statementsOf(policy).filter(isObject).some(grantsPower)

function grantsPower(statement: Readonly<Record<string, unknown>>): boolean {
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement
  // A condition may well be the limit that makes it harmless, such as on the boundary of new roles.
  if (Effect !== 'Allow' || (isObject(Condition) && Object.keys(Condition).length > 0)) return false
  if (NotResource === undefined && !texts(Resource).some(reachesAll)) return false
  const patterns = texts(Action ?? NotAction).map((text) => text.toLowerCase())
  const named = (power: string): boolean =>
    patterns.some((pattern) => matchesPattern(power, pattern))
  return POWERS.some((power) => named(power) === (Action !== undefined))
}

/** Everything, everything of IAM, or every role, user, group or policy of an account. */
const reachesAll = (resource: string): boolean =>
  /^(\*|arn:[^:]*:(\*|iam):[^:]*:[^:]*:(\*|(role|user|group|policy)\/\*)|arn:\*)$/.test(resource)
