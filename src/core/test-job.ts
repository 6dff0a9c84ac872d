import type { RoleArn } from './role-arn.ts'
import { shortened } from './role.ts'
import type { ServiceAccount } from './service-account.ts'

/** Seen at public.ecr.aws in September 2026; pinned, so that the same job does the same tomorrow. */
export const TEST_IMAGE = 'public.ecr.aws/aws-cli/aws-cli:2.36.44'

/** Where the job writes in a test bucket: one object for each service account. */
export const testObjectKey = ({ namespace, name }: ServiceAccount): string =>
  `irsa-test/${namespace}/${name}`

/**
 * How the ARN begins that STS gives sessions of this role; the session's name follows. A role's
 * path is not in it (IAM user guide, reference_identifiers.html, "assumed-role").
 */
export const identityOf = ({ partition, account, name }: RoleArn): string =>
  `arn:${partition}:sts::${account}:assumed-role/${name}/`

/** A job's name becomes a label of its pods, which has 63 characters at most. */
const MAX_NAME = 63

/** The name of the test job, the same each time. */
export const testJobName = ({ name }: ServiceAccount): string =>
  shortened(`irsa-test-${name}`, MAX_NAME)
