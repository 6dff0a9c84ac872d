import type { Cloud } from '../cloud.ts'
import { AwsError } from '../errors.ts'
import type { Role } from '../model.ts'
import { required, text } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { checkInlinePolicy, encodeDocument, sizeOf } from './documents.ts'
import { noSuchEntity, overQuota } from './errors.ts'
import { checkManagedPolicy } from './managed.ts'
import { onRole } from './role-reader.ts'

/** IAM user guide, reference_iam-quotas.html. */
const MAX_ATTACHED = 10
const MAX_INLINE = 10_240

/** The actions on what a role may do. */
export function rolePolicyActions(cloud: Cloud): Readonly<Record<string, Action>> {
  const on = onRole(cloud)
  return {
    AttachRolePolicy: on('AttachRolePolicy', (role, query) => attach(cloud, role, query)),
    DetachRolePolicy: on('DetachRolePolicy', detach),
    ListAttachedRolePolicies: on('ListAttachedRolePolicies', listAttached),
    PutRolePolicy: on('PutRolePolicy', (role, query) => putInline(cloud, role, query)),
    GetRolePolicy: on('GetRolePolicy', getInline),
    DeleteRolePolicy: on('DeleteRolePolicy', deleteInline),
    ListRolePolicies: on('ListRolePolicies', ({ inline }) => ({
      PolicyNames: { member: [...inline.keys()].toSorted() },
      IsTruncated: false,
    })),
    PutRolePermissionsBoundary: on('PutRolePermissionsBoundary', (role, { form }) => {
      const arn = required(form, 'PermissionsBoundary')
      checkManagedPolicy(cloud.state, arn)
      role.boundary = arn
    }),
    DeleteRolePermissionsBoundary: on('DeleteRolePermissionsBoundary', (role) => {
      if (role.boundary === undefined) {
        throw noSuchEntity(`Role ${role.name} does not have a permissions boundary.`)
      }
      role.boundary = undefined
    }),
  }
}

function attach({ state }: Cloud, role: Role, { form }: Query): void {
  const arn = required(form, 'PolicyArn')
  checkManagedPolicy(state, arn)
  if (!role.attached.has(arn) && role.attached.size >= MAX_ATTACHED) {
    throw overQuota('PoliciesPerRole', MAX_ATTACHED)
  }
  role.attached.add(arn)
}

function detach(role: Role, { form }: Query): void {
  const arn = required(form, 'PolicyArn')
  if (!role.attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`)
}

const listAttached = (role: Role): XmlValue => ({
  AttachedPolicies: { member: attachedPolicies(role) },
  IsTruncated: false,
})

/** The managed policies of a role as lists give them. */
export const attachedPolicies = ({ attached }: Role): readonly XmlValue[] =>
  [...attached].map((arn) => ({
    PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
    PolicyArn: arn,
  }))

const policyName = (form: URLSearchParams): string =>
  text(form, 'PolicyName', [1, 128, /^[\w+=,.@-]+$/])

function putInline({ state }: Cloud, role: Role, { form }: Query): void {
  const name = policyName(form)
  const document = required(form, 'PolicyDocument')
  checkInlinePolicy(document, state)
  const others = [...role.inline].filter(([other]) => other !== name)
  const size = [...others.map(([, text]) => text), document].reduce((sum, t) => sum + sizeOf(t), 0)
  if (size > MAX_INLINE) {
    const message = `Maximum policy size of ${MAX_INLINE} bytes exceeded for role ${role.name}`
    throw new AwsError(409, 'LimitExceeded', message)
  }
  role.inline.set(name, document)
}

function getInline(role: Role, { form }: Query): XmlValue {
  const name = policyName(form)
  const document = role.inline.get(name)
  if (document === undefined) throw noInline(name)
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) }
}

function deleteInline(role: Role, { form }: Query): void {
  const name = policyName(form)
  if (!role.inline.delete(name)) throw noInline(name)
}

const noInline = (name: string): AwsError =>
  noSuchEntity(`The role policy with name ${name} cannot be found.`)
