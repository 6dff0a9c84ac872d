import { serviceAccountInvalid } from './problems/service-account.ts'

/** A service account of the cluster. */
export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
}

/** kubernetes pkg/serviceaccount/util.go, ServiceAccountUsernamePrefix. */
export const SUBJECT_PREFIX = 'system:serviceaccount:'

/** The `sub` claim of its tokens (kubernetes pkg/serviceaccount/claims.go). */
export const subjectOf = ({ namespace, name }: ServiceAccount): string =>
  `${SUBJECT_PREFIX}${namespace}:${name}`

/**
 * Namespace and name of a `sub` claim, whatever they are, a pattern too; undefined where it has not
 * the form of a service account's (kubernetes pkg/serviceaccount/util.go, SplitUsername).
 */
export function subjectParts(sub: string): ServiceAccount | undefined {
  if (!sub.startsWith(SUBJECT_PREFIX)) return undefined
  const [namespace = '', name, ...more] = sub.slice(SUBJECT_PREFIX.length).split(':')
  return name === undefined || more.length > 0 ? undefined : { namespace, name }
}

/** The service account of a `sub` claim; undefined where it is somebody else's, or a pattern. */
export function accountIn(sub: string): ServiceAccount | undefined {
  const parts = subjectParts(sub)
  return parts && isNamespace(parts.namespace) && isObjectName(parts.name) ? parts : undefined
}

/** The same claim as people write it; a wildcard may be in it. */
export const shownSubject = (sub: string): string =>
  (sub.startsWith(SUBJECT_PREFIX) ? sub.slice(SUBJECT_PREFIX.length) : sub).replace(':', '/')

/** As people write it, and as `parseServiceAccount` reads it. */
export const shownServiceAccount = ({ namespace, name }: ServiceAccount): string =>
  `${namespace}/${name}`

/** RFC 1123 label, as kubernetes apimachinery pkg/util/validation has it: namespaces. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** RFC 1123 subdomain, from the same place: service accounts, 253 characters at most. */
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const MAX_SUBDOMAIN = 253

export const isNamespace = (text: string): boolean => LABEL.test(text)

/** Whether a service account, a secret or most other objects can have this name. */
export const isObjectName = (text: string): boolean =>
  text.length <= MAX_SUBDOMAIN && SUBDOMAIN.test(text)

/** Reads `NAMESPACE/NAME`. @throws Problem `service-account/invalid` */
export function parseServiceAccount(text: string): ServiceAccount {
  const [namespace = '', name = '', ...rest] = text.split('/')
  if (rest.length > 0 || !isNamespace(namespace) || !isObjectName(name)) {
    throw serviceAccountInvalid(text)
  }
  return { namespace, name }
}
