import type { DocumentPlace } from '../../src/core/verify/document-place.ts'

/** A document in a bucket, with every command that there can be. */
export const IN_BUCKET: DocumentPlace = {
  publish: 'irsa apply',
  prune: 'irsa publish-jwks --prune',
  remove: 'aws s3api delete-object --bucket oidc --key keys.json',
  get: (file) => `aws s3 cp s3://oidc/keys.json ${file}`,
  put: (file) => `aws s3 mv ${file} s3://oidc/keys.json`,
  open: undefined,
  renew: new Map(),
  hasHeaders: true,
  byHand: 'Put it right.',
}

/** One that only its owner can change. */
export const ELSEWHERE: DocumentPlace = {
  ...IN_BUCKET,
  publish: undefined,
  prune: undefined,
  remove: undefined,
  get: undefined,
  put: undefined,
  hasHeaders: false,
}
