import type { PolicyDocument } from './policy/document.ts'

/** Everything the embedded AWS knows. Tests may look into it and prepare it; nothing is derived. */
export interface State {
  /** 12 digits. */
  readonly account: string
  readonly region: string
  readonly partition: string
  /** Of every account: bucket names are shared. By name. */
  readonly buckets: Map<string, Bucket>
  /** Account-level public access block; `undefined` was never set. */
  accountBlock: PublicAccessBlock | undefined
  /** An organisation's S3 policy: all four flags on, and members cannot change them. */
  organizationEnforced: boolean
  /** OIDC providers by ARN. */
  readonly providers: Map<string, Provider>
  /** Roles by name in lower case, since IAM compares role names without case. */
  readonly roles: Map<string, Role>
  /** Managed policies by ARN. Those of AWS can all be attached; what is not here grants nothing. */
  readonly managedPolicies: Map<string, PolicyDocument>
  /** By access key id. */
  readonly credentials: Map<string, Credential>
}

export interface Tag {
  readonly key: string
  readonly value: string
}

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean
  readonly IgnorePublicAcls: boolean
  readonly BlockPublicPolicy: boolean
  readonly RestrictPublicBuckets: boolean
}

export interface Bucket {
  readonly name: string
  readonly region: string
  /** Account that owns it. */
  readonly owner: string
  readonly namespace: 'global' | 'account-regional'
  readonly created: Date
  tags: readonly Tag[]
  block: PublicAccessBlock | undefined
  /** Policy text as it was put. */
  policy: string | undefined
  ownership: ObjectOwnership | undefined
  /** What is written without another choice is encrypted so; `undefined` is S3's own AES256. */
  encryption: Encryption | undefined
  /** Whether whoever reads pays for it, and so has to sign. */
  requesterPays: boolean
  /** `undefined`: never enabled. */
  versioning: 'Enabled' | 'Suspended' | undefined
  /** Versions of each key, newest first. */
  readonly objects: Map<string, ObjectVersion[]>
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'

export type Encryption = 'AES256' | 'aws:kms' | 'aws:kms:dsse'

/** One version of an object; a delete marker has an empty body. */
export interface ObjectVersion {
  /** `null` where versioning was off: the text, as S3 spells it. */
  readonly versionId: string
  readonly deleteMarker: boolean
  /** Account that wrote it, where it is not the bucket's. */
  readonly writer?: string
  readonly body: Buffer
  /** Quoted MD5 of the body, in hex. */
  readonly etag: string
  readonly modified: Date
  /** What GetObject gives back: content-type, cache-control, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>
  /** x-amz-checksum-… as it was sent with the object. */
  readonly checksums: Readonly<Record<string, string>>
}

export interface Provider {
  readonly arn: string
  /** With `https://`, as it was given. */
  readonly url: string
  clientIds: string[]
  thumbprints: string[]
  tags: readonly Tag[]
  readonly created: Date
}

export interface Role {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** AROA…, what policies and sessions refer to. */
  readonly id: string
  readonly created: Date
  trustPolicy: string
  description: string | undefined
  /** Seconds. */
  maxSessionDuration: number
  tags: readonly Tag[]
  boundary: string | undefined
  /** ARNs. */
  readonly attached: Set<string>
  /** Policy texts by name. */
  readonly inline: Map<string, string>
  /** Names of the instance profiles it is in. */
  readonly instanceProfiles: Set<string>
}

export type Credential = UserCredential | SessionCredential

interface UserCredential {
  readonly kind: 'user'
  readonly secretAccessKey: string
  readonly name: string
  readonly userId: string
  /** What the user may do; `undefined` is an administrator. */
  readonly policy: PolicyDocument | undefined
}

/** Temporary credentials that the sandbox's own STS gave out. */
interface SessionCredential {
  readonly kind: 'session'
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expires: Date
  readonly roleName: string
  readonly roleId: string
  readonly sessionName: string
}
