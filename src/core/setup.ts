import type { KeyEntry } from './config.ts'
import type { Issuer } from './issuer.ts'
import type { ThumbprintChoice } from './thumbprint.ts'

/** Where documents of ours go, with every path absolute and every name checked. */
export type OwnHost =
  | { readonly type: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly type: 'directory'; readonly directory: string; readonly shown: string }

/** What serves the documents; the API server makes its own, so there is nothing to write. */
export type Host = OwnHost | { readonly type: 'cluster' }

/** One signer: absolute paths to use, and the paths as people know them to print. */
export interface SignerFiles {
  readonly publicPath: string
  readonly privatePath?: string | undefined
  readonly shown: KeyEntry
}

/** The wish, whole and checked: what the account, the host and the key folder should look like. */
export interface Setup {
  /** Absent where a step runs on flags alone. */
  readonly name?: string | undefined
  readonly issuer: Issuer
  readonly region: string
  readonly account: string
  readonly partition: string
  readonly host: Host
  readonly audiences: readonly string[]
  readonly thumbprint: ThumbprintChoice
  readonly signers: readonly SignerFiles[]
  /** Size of a pair that has to be made. */
  readonly keyBits: number
  /** Published keys that are not among the signers go, instead of being kept. */
  readonly prune: boolean
}

/** By these tags irsa knows its own things again. */
export const OWNER_TAG = { 'managed-by': 'irsa' } as const

export const NAME_TAG = 'irsa:name'

/** Tags of everything irsa makes for an issuer. */
export const ownershipTags = (name: string | undefined): Readonly<Record<string, string>> =>
  name === undefined ? OWNER_TAG : { ...OWNER_TAG, [NAME_TAG]: name }

/** Whether irsa made it. */
export const isOurs = (tags: Readonly<Record<string, string>>): boolean =>
  tags['managed-by'] === OWNER_TAG['managed-by']

/** Whether irsa made it for this issuer, as far as both have a name. */
export const isOursFor = (
  name: string | undefined,
  tags: Readonly<Record<string, string>>,
): boolean => isOurs(tags) && (tags[NAME_TAG] ?? name) === (name ?? tags[NAME_TAG])
