import type { Cloud } from '../cloud.ts'
import { queryService } from '../query/service.ts'
import type { Service } from '../service.ts'
import { accountActions } from './account-details.ts'
import { managedPolicyActions } from './managed.ts'
import { providerActions } from './providers.ts'
import { rolePolicyActions } from './role-policies.ts'
import { roleActions } from './roles.ts'

/** IAM: OIDC providers and roles. It is global, so the region of a signature does not matter. */
export const iamService = (cloud: Cloud): Service =>
  queryService({
    id: 'iam',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    version: '2010-05-08',
    actions: {
      ...providerActions(cloud),
      ...roleActions(cloud),
      ...rolePolicyActions(cloud),
      ...accountActions(cloud),
      ...managedPolicyActions(cloud),
    },
  })
