import { PolicyFlaw } from './flaw.ts'
import type { PolicyPlace } from './syntax.ts'

interface Rule {
  readonly pattern: RegExp
  /** What AWS says of any other action. */
  readonly flaw: string
}

const RULES: Readonly<Record<PolicyPlace['kind'], Rule>> = {
  identity: {
    pattern: /^(\*|[a-z0-9*-]+:[\w*?]+)$/i,
    flaw: 'Actions/Conditions must be prefaced by a vendor',
  },
  // Service authorization reference, list_awssecuritytokenservice.html: what a role is asked for.
  trust: {
    pattern:
      /^sts:(AssumeRole(With(WebIdentity|SAML))?|AssumeRole(With)?\*|TagSession|SetSourceIdentity|SetContext)$/i,
    flaw: 'AssumeRole policy may only specify STS AssumeRole actions.',
  },
  bucket: { pattern: /^(\*|s3:[\w*?]+)$/i, flaw: 'Policy has invalid action' },
}

/** Refuses actions that have no place in such a policy. @throws PolicyFlaw */
export function checkActions(actions: readonly string[], kind: PolicyPlace['kind']): void {
  const { pattern, flaw } = RULES[kind]
  if (!actions.every((action) => pattern.test(action))) throw new PolicyFlaw(flaw)
}

/**
 * Service authorization reference, list_amazons3.html: the actions whose resource type is
 * `object*`. Every other one is on the bucket, `s3:PutBucketObjectLockConfiguration` too.
 */
const ON_OBJECT =
  /^s3:((abort|bypass|delete|get|put|restore|update|replicate)(?!bucket)\w*object\w*|objectOwnerOverrideToBucketOwner|abortMultipartUpload|listMultipartUploadParts|bypassGovernanceRetention|initiateReplication|replicate(delete|tags))$/i

/** Whether an S3 action without wildcards is on objects; all others are on their bucket. */
export const isOnObject = (action: string): boolean => ON_OBJECT.test(action)
