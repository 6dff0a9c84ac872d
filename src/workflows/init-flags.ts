/** The flags of `init` beside the common ones, as the argument parser gives them. */
export interface InitFlags {
  readonly name?: string
  readonly bucket?: string
  readonly prefix?: string
  readonly host?: 's3' | 'directory' | 'cluster'
  readonly directory?: string
  readonly issuer?: string
  readonly publicKey?: readonly string[]
  readonly jwksFromCluster?: true
  readonly keyBits?: number
  readonly audience?: readonly string[]
  readonly thumbprint?: readonly string[]
}
