/** One signer as irsa.yaml names it. Paths are relative to the file. */
export interface KeyEntry {
  readonly public: string
  /** Present where irsa made the pair; a cluster's own private key never leaves it. */
  readonly private?: string | undefined
}

/** Where the documents are kept. */
export type HostEntry =
  | { readonly type: 's3'; readonly bucket: string; readonly prefix?: string | undefined }
  | { readonly type: 'directory'; readonly directory: string }

/** The provider of one account. */
export interface ProviderEntry {
  /** Twelve digits. */
  readonly account: string
  /** `auto`, `none`, or the thumbprints themselves. */
  readonly thumbprint: 'auto' | 'none' | readonly string[]
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
}

export const API_VERSION = 'irsa/v1'

/** The audience that AWS SDKs' web identity set-ups use, in every partition. */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com'
