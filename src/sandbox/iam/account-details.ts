import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import { notImplemented } from '../errors.ts'
import type { Role } from '../model.ts'
import { listOf } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { encodeDocument } from './documents.ts'
import { describePolicy, type LocalPolicy, localPolicies, policyVersion } from './managed.ts'
import { pageOf } from './pages.ts'
import { attachedPolicies } from './role-policies.ts'
import { describeRole, instanceProfiles } from './roles.ts'

/** The one look at everything, as far as roles are concerned: API_GetAccountAuthorizationDetails. */
export function accountActions(cloud: Cloud): Readonly<Record<string, Action>> {
  return {
    GetAccountAuthorizationDetails: { run: (query) => details(cloud, query) },
  }
}

function details({ state }: Cloud, { form, caller }: Query): XmlValue {
  authorize(caller, { action: 'iam:GetAccountAuthorizationDetails', resource: '*' })
  const filter = listOf(form, 'Filter')
  if (filter?.[0] !== 'Role' || filter.some((one) => !KINDS.has(one))) {
    throw notImplemented('details of other than roles and local managed policies')
  }
  const roles = [...state.roles].map(([name, role]) => [`role ${name}`, { role }] as const)
  const policies = localPolicies(state).map(
    (policy) => [`then policy ${policy.arn}`, { policy }] as const,
  )
  const all: (readonly [string, { role?: Role; policy?: LocalPolicy }])[] = [
    ...roles,
    ...(filter.includes('LocalManagedPolicy') ? policies : []),
  ]
  const { page, ...more } = pageOf(all, form)
  const found = page.map(([, entity]) => entity)
  return {
    RoleDetailList: { member: found.flatMap(({ role }) => (role ? [detailOf(role)] : [])) },
    Policies: {
      member: found.flatMap(({ policy }) => (policy ? [policyDetail(policy)] : [])),
    },
    ...more,
  }
}

const KINDS = new Set(['Role', 'LocalManagedPolicy'])

const policyDetail = (policy: LocalPolicy): XmlValue => ({
  ...describePolicy(policy),
  PolicyVersionList: { member: [policyVersion(policy)] },
})

function detailOf(role: Role): XmlValue {
  const { MaxSessionDuration: _, Description: __, ...described } = describeRole(role)
  return {
    ...described,
    InstanceProfileList: { member: instanceProfiles(role) },
    RolePolicyList: {
      member: [...role.inline].map(([name, text]) => ({
        PolicyName: name,
        PolicyDocument: encodeDocument(text),
      })),
    },
    AttachedManagedPolicies: { member: attachedPolicies(role) },
  }
}
