import { serviceAccountMalformed } from './problems/usage.ts'

/** A service account of the cluster. */
export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
}

/** RFC 1123 label, as Kubernetes wants namespaces. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/
/** RFC 1123 subdomain, as Kubernetes wants the names of service accounts. */
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** Reads `NAMESPACE/NAME`. @throws Problem `usage/service-account` */
export function parseServiceAccount(text: string): ServiceAccount {
  const [namespace = '', name = '', ...rest] = text.split('/')
  if (rest.length > 0 || !NAMESPACE.test(namespace) || !NAME.test(name)) {
    throw serviceAccountMalformed(text)
  }
  return { namespace, name }
}

/** The `sub` claim of its tokens (kubernetes pkg/serviceaccount/claims.go). */
export const subjectOf = ({ namespace, name }: ServiceAccount): string =>
  `system:serviceaccount:${namespace}:${name}`
