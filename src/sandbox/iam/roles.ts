import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import { validationError } from '../errors.ts'
import type { Role } from '../model.ts'
import { integer, listOf, required, text } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { isoDate } from './dates.ts'
import { checkTrustPolicy, encodeDocument } from './documents.ts'
import { alreadyExists, deleteConflict, overQuota } from './errors.ts'
import { ID_LENGTH, uniqueId } from './ids.ts'
import { checkManagedPolicy } from './managed.ts'
import { pageOf } from './pages.ts'
import { byName, onRole, ROLE_NAME } from './role-reader.ts'
import { readTags, tagList, tagPage, withoutTags, withTags } from './tags.ts'

/** IAM user guide, reference_iam-quotas.html. */
const MAX_ROLES = 1000

/** API_CreateRole: 1 to 12 hours, 1 unless asked for. */
const SESSION = [3600, 43_200, 3600] as const

/** The actions on roles themselves; their policies are in role-policies.ts. */
export function roleActions(cloud: Cloud): Readonly<Record<string, Action>> {
  const on = onRole(cloud)
  return {
    CreateRole: { resource: byName, run: (query) => createRole(cloud, query) },
    ListRoles: { run: (query) => listRoles(cloud, query) },
    GetRole: on('GetRole', (role) => ({ Role: describeRole(role) })),
    DeleteRole: on('DeleteRole', (role) => deleteRole(cloud, role)),
    UpdateAssumeRolePolicy: on('UpdateAssumeRolePolicy', (role, { form }) => {
      const document = required(form, 'PolicyDocument')
      checkTrustPolicy(document, cloud.state)
      role.trustPolicy = document
    }),
    UpdateRole: on('UpdateRole', (role, { form }) => {
      role.maxSessionDuration = integer(form, 'MaxSessionDuration', SESSION)
      role.description = descriptionOf(form)
      return ''
    }),
    TagRole: on('TagRole', (role, { form }) => {
      role.tags = withTags(role.tags, readTags(form))
    }),
    UntagRole: on('UntagRole', (role, { form }) => {
      role.tags = withoutTags(role.tags, listOf(form, 'TagKeys') ?? [])
    }),
    ListRoleTags: on('ListRoleTags', ({ tags }) => tagPage(tags)),
    ListInstanceProfilesForRole: on('ListInstanceProfilesForRole', (role) => ({
      InstanceProfiles: { member: instanceProfiles(role) },
      IsTruncated: false,
    })),
  }
}

function createRole({ state }: Cloud, { form, caller, call }: Query): XmlValue {
  const name = text(form, 'RoleName', ROLE_NAME)
  const path = pathOf(form, 'Path')
  const arn = `arn:${state.partition}:iam::${state.account}:role${path}${name}`
  const tags = readTags(form)
  const boundary = form.get('PermissionsBoundary') ?? undefined
  const context = boundary === undefined ? {} : { 'iam:permissionsboundary': [boundary] }
  authorize(caller, { action: 'iam:CreateRole', resource: arn, context })
  if (tags.length > 0) authorize(caller, { action: 'iam:TagRole', resource: arn })
  const trustPolicy = required(form, 'AssumeRolePolicyDocument')
  checkTrustPolicy(trustPolicy, state)
  if (boundary !== undefined) checkManagedPolicy(state, boundary)
  if (state.roles.has(name.toLowerCase()))
    throw alreadyExists(`Role with name ${name} already exists.`)
  if (state.roles.size >= MAX_ROLES) throw overQuota('RolesPerAccount', MAX_ROLES)
  const role: Role = {
    name,
    path,
    arn,
    trustPolicy,
    tags,
    boundary,
    id: uniqueId('AROA', ID_LENGTH),
    created: call.at,
    description: descriptionOf(form),
    maxSessionDuration: integer(form, 'MaxSessionDuration', SESSION),
    attached: new Set(),
    inline: new Map(),
    instanceProfiles: new Set(),
  }
  state.roles.set(name.toLowerCase(), role)
  return { Role: describeRole(role) }
}

function deleteRole({ state }: Cloud, role: Role): void {
  if (role.instanceProfiles.size > 0) {
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  }
  if (role.attached.size > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.')
  }
  if (role.inline.size > 0)
    throw deleteConflict('Cannot delete entity, must delete policies first.')
  state.roles.delete(role.name.toLowerCase())
}

/** Lists leave tags and boundaries out: API_ListRoles. */
function listRoles({ state }: Cloud, { form, caller }: Query): XmlValue {
  authorize(caller, { action: 'iam:ListRoles', resource: '*' })
  const prefix = pathOf(form, 'PathPrefix')
  const below = [...state.roles].filter(([, { path }]) => path.startsWith(prefix))
  const { page, ...more } = pageOf(below, form)
  const member = page.map(([, role]) => describeRole({ ...role, tags: [], boundary: undefined }))
  return { Roles: { member }, ...more }
}

/** A role as Get and List give it. */
export const describeRole = (role: Role): Readonly<Record<string, XmlValue>> => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: isoDate(role.created),
  AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDuration,
  PermissionsBoundary: role.boundary && {
    PermissionsBoundaryType: 'Policy',
    PermissionsBoundaryArn: role.boundary,
  },
  Tags: tagList(role.tags),
})

function pathOf(form: URLSearchParams, name: 'Path' | 'PathPrefix'): string {
  if (!form.has(name)) return '/'
  const path = text(form, name, [1, 512, /^\/[\u0021-\u007E]*$/])
  if (name === 'PathPrefix' || path.endsWith('/')) return path
  throw validationError(`The path ${path} must begin and end with a slash.`)
}

function descriptionOf(form: URLSearchParams): string | undefined {
  return form.has('Description') ? text(form, 'Description', [0, 1000]) : undefined
}

/** Instance profiles, which cannot be made here: whoever has the state can put a role into one. */
export const instanceProfiles = (role: Role): readonly XmlValue[] =>
  [...role.instanceProfiles].map((name) => ({ InstanceProfileName: name }))
