/** A service account of the cluster. */
export interface ServiceAccount {
  readonly namespace: string
  readonly name: string
}

/** The `sub` claim of its tokens (kubernetes pkg/serviceaccount/claims.go). */
export const subjectOf = ({ namespace, name }: ServiceAccount): string =>
  `system:serviceaccount:${namespace}:${name}`
