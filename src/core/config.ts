/** One signer as irsa.yaml names it. Paths are relative to the file. */
export interface KeyEntry {
  readonly public: string
  /** Present where irsa made the pair; a cluster's own private key never leaves it. */
  readonly private?: string | undefined
}

/** Where the documents are kept; `cluster` is the API server, which makes them itself. */
export type HostEntry =
  | { readonly type: 's3'; readonly bucket: string; readonly prefix?: string | undefined }
  | { readonly type: 'directory'; readonly directory: string }
  | { readonly type: 'cluster' }

/** The provider of one account. */
export interface ProviderEntry {
  /** Twelve digits. */
  readonly account: string
  /** `auto`, `none`, or the thumbprints themselves. */
  readonly thumbprint: 'auto' | 'none' | readonly string[]
}

/** A role and the service accounts it is for. */
export interface RoleEntry {
  /** Needed where it is for several service accounts, or for all that match a wildcard. */
  readonly name?: string | undefined
  /** `NAMESPACE/NAME` each. */
  readonly serviceAccounts: readonly string[]
  /** ARNs of managed policies. */
  readonly policyArns?: readonly string[] | undefined
  /** Files of inline policies. Paths are relative to irsa.yaml. */
  readonly policyFiles?: readonly string[] | undefined
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string | undefined
  readonly path?: string | undefined
  readonly allowWildcard?: boolean | undefined
  readonly adopt?: boolean | undefined
  /** Of the issuer's audiences; the usual one unless it is given. */
  readonly audience?: string | undefined
}

/** irsa.yaml: the desired state of one issuer. Holds no secret, so it belongs in git. */
export interface Config {
  readonly apiVersion: typeof API_VERSION
  readonly name: string
  readonly issuer: string
  readonly region: string
  readonly host: HostEntry
  readonly audiences: readonly string[]
  readonly keys: readonly KeyEntry[]
  readonly providers: readonly ProviderEntry[]
  readonly roles?: readonly RoleEntry[] | undefined
}

export const API_VERSION = 'irsa/v1'

/** The audience that AWS SDKs' web identity set-ups use, in every partition. */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com'

/** Of an issuer's audiences the one that a role is for, unless somebody says otherwise. */
export const usualAudience = (audiences: readonly string[]): string =>
  audiences.includes(DEFAULT_AUDIENCE) ? DEFAULT_AUDIENCE : (audiences[0] ?? DEFAULT_AUDIENCE)
