import { validationError } from '../errors.ts'
import type { State } from '../model.ts'
import type { PolicyDocument } from '../policy/document.ts'
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
