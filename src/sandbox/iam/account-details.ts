import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import { notImplemented } from '../errors.ts'
import type { Role } from '../model.ts'
import { listOf } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { encodeDocument } from './documents.ts'
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
  if (listOf(form, 'Filter')?.join() !== 'Role') throw notImplemented('details of other than roles')
  const { page, ...more } = pageOf([...state.roles], form)
  return { RoleDetailList: { member: page.map(([, role]) => detailOf(role)) }, ...more }
}

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
