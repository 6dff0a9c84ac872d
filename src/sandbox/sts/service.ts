import type { Cloud } from '../cloud.ts'
import { queryService } from '../query/service.ts'
import type { Service } from '../service.ts'
import { assumeRoleWithWebIdentity } from './web-identity.ts'

/** The actions that take no signature, by which an unsigned request is known to mean STS. */
export const UNSIGNED: ReadonlySet<string> = new Set(['AssumeRoleWithWebIdentity'])

/** STS: who am I, and credentials for a token. */
export const stsService = (cloud: Cloud): Service =>
  queryService({
    id: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    version: '2011-06-15',
    actions: {
      // It needs no permission: STS API reference, GetCallerIdentity.
      GetCallerIdentity: {
        run: ({ caller: { arn, userId, account } }) => ({
          Arn: arn,
          UserId: userId,
          Account: account,
        }),
      },
    },
    openActions: {
      AssumeRoleWithWebIdentity: {
        run: (form, call) => assumeRoleWithWebIdentity(cloud, form, call),
      },
    },
  })
