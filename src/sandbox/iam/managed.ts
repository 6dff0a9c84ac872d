import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import { validationError } from '../errors.ts'
import type { State } from '../model.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { required } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { encodeDocument } from './documents.ts'
import { noSuchEntity } from './errors.ts'

/** Refuses a managed policy that cannot be attached here. */
export function checkManagedPolicy(
  { partition, account, managedPolicies }: Pick<State, 'partition' | 'account' | 'managedPolicies'>,
  arn: string,
): void {
  const [, where, owner] = /^arn:([\w-]+):iam::(\d{12}|aws):policy\/./.exec(arn) ?? []
  if (owner === undefined) throw validationError(`ARN ${arn} is not valid.`)
  if (where === partition && owner === 'aws') return
  if (where === partition && owner === account && managedPolicies.has(arn)) return
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
}

/** What a few of AWS's own policies grant, in short; all others can be attached and grant nothing. */
export function knownPolicies(partition: string): Map<string, PolicyDocument> {
  const named = (name: string, ...actions: string[]): [string, PolicyDocument] => [
    `arn:${partition}:iam::aws:policy/${name}`,
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*' } },
  ]
  return new Map([
    named('AdministratorAccess', '*'),
    named('AmazonS3FullAccess', 's3:*'),
    named('AmazonS3ReadOnlyAccess', 's3:Get*', 's3:List*'),
    named('IAMFullAccess', 'iam:*'),
    named('IAMReadOnlyAccess', 'iam:Get*', 'iam:List*'),
  ])
}

/** A managed policy of the account itself. There is one version of each. */
export interface LocalPolicy {
  readonly arn: string
  readonly document: PolicyDocument
}

export const localPolicies = ({ managedPolicies, account }: State): readonly LocalPolicy[] =>
  [...managedPolicies]
    .filter(([arn]) => arn.split(':')[4] === account)
    .map(([arn, document]) => ({ arn, document }))

/** The actions on managed policies, which are there by the state alone. */
export function managedPolicyActions(cloud: Cloud): Readonly<Record<string, Action>> {
  const on = (action: string, describe: (policy: LocalPolicy) => XmlValue): Action => ({
    resource: (form) => form.get('PolicyArn'),
    run: (query) => describe(openPolicy(cloud, query, `iam:${action}`)),
  })
  return {
    GetPolicy: on('GetPolicy', (policy) => ({ Policy: describePolicy(policy) })),
    GetPolicyVersion: on('GetPolicyVersion', (policy) => ({
      PolicyVersion: policyVersion(policy),
    })),
  }
}

function openPolicy({ state }: Cloud, { form, caller }: Query, action: string): LocalPolicy {
  const arn = required(form, 'PolicyArn')
  authorize(caller, { action, resource: arn })
  const document = state.managedPolicies.get(arn)
  if (document === undefined) throw noSuchEntity(`Policy ${arn} was not found.`)
  return { arn, document }
}

/** A managed policy as Get and List give it. */
export const describePolicy = ({ arn }: LocalPolicy): Readonly<Record<string, XmlValue>> => ({
  PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
  Arn: arn,
  DefaultVersionId: 'v1',
})

export const policyVersion = ({ document }: LocalPolicy): Readonly<Record<string, XmlValue>> => ({
  Document: encodeDocument(JSON.stringify(document)),
  VersionId: 'v1',
  IsDefaultVersion: true,
})
