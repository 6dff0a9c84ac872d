/** What the pod identity webhook reads from a service account (its pkg/annotations.go). */
const PREFIX = 'eks.amazonaws.com'

export const ROLE_ANNOTATION = `${PREFIX}/role-arn`
export const AUDIENCE_ANNOTATION = `${PREFIX}/audience`
export const EXPIRATION_ANNOTATION = `${PREFIX}/token-expiration`
export const REGIONAL_ANNOTATION = `${PREFIX}/sts-regional-endpoints`
/** Of a pod, not of a service account. */
export const SKIP_ANNOTATION = `${PREFIX}/skip-containers`
