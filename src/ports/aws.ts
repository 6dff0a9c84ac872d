import type { PublicAccessBlock } from '../core/public-access-block.ts'
import type { Role } from '../core/role.ts'
import type { DocumentStore } from './documents.ts'

/** Who the credentials belong to, as STS says. */
export interface Caller {
  /** Twelve digits. */
  readonly account: string
  readonly arn: string
  /** `aws`, `aws-cn`, …: from the caller's own ARN, so no region has to be trusted for it. */
  readonly partition: string
}

export type { PublicAccessBlock }

export type Tags = Readonly<Record<string, string>>

/** One bucket of one account. Every call but `create` carries ExpectedBucketOwner. */
export interface Bucket {
  readonly name: string
  /** Whether it exists. @throws Problem when it is somebody else's or in another region. */
  exists(): Promise<boolean>
  /** Creates it with these tags. @throws Conflict when this account has it already. */
  create(tags: Tags): Promise<void>
  tags(): Promise<Tags>
  publicAccessBlock(): Promise<PublicAccessBlock | undefined>
  setPublicAccessBlock(block: PublicAccessBlock): Promise<void>
  /** The policy's text as S3 keeps it. */
  policy(): Promise<string | undefined>
  setPolicy(text: string): Promise<void>
  deletePolicy(): Promise<void>
  /** The keys of everything else in it: objects, old versions and delete markers. */
  keysExcept(ours: readonly string[]): Promise<readonly string[]>
  remove(): Promise<void>
  /** The documents below a prefix; an empty prefix is the bucket's root. */
  documents(prefix: string): DocumentStore
}

/** One object as a listing of its bucket shows it. */
export interface ListedObject {
  /** The canonical id of the account that owns it. */
  readonly owner: string | undefined
}

/** One bucket of one account, looked at to find out why strangers are refused. Changes nothing. */
export interface BucketLook {
  /** The object, `none` where there is none of this key, `no-bucket` where there is no bucket. */
  object(key: string): Promise<ListedObject | 'none' | 'no-bucket'>
  /** The server-side encryption of an object; undefined where it is not there. */
  encryption(key: string): Promise<string | undefined>
  /** S3's Object Ownership, such as `BucketOwnerEnforced`; undefined where it was never set. */
  ownership(): Promise<string | undefined>
  /** The canonical id of the account that owns the bucket. */
  owner(): Promise<string | undefined>
  /** `BucketOwner` or `Requester`. */
  payer(): Promise<string | undefined>
}

/** An IAM OIDC provider as IAM keeps it. */
export interface OidcProvider {
  readonly audiences: readonly string[]
  /** SHA-1, 40 lower-case hex digits each. */
  readonly thumbprints: readonly string[]
  readonly tags: Tags
}

/** One IAM OIDC provider, addressed by the ARN that IAM derives from its URL. */
export interface ProviderStore {
  readonly arn: string
  read(): Promise<OidcProvider | undefined>
  /** Without thumbprints IAM connects to the issuer itself. @throws Conflict when it exists already. */
  create(provider: OidcProvider): Promise<void>
  addAudience(audience: string): Promise<void>
  setThumbprints(thumbprints: readonly string[]): Promise<void>
  addTags(tags: Tags): Promise<void>
  remove(): Promise<void>
}

/** A role to be made for service accounts. */
export interface NewRole {
  readonly name: string
  /** Starts and ends with a slash. */
  readonly path: string
  readonly trust: object
  readonly boundary?: string | undefined
  readonly tags: Tags
}

/** What STS answered to a token. */
export type Exchange =
  | { readonly kind: 'assumed'; readonly arn: string; readonly expires: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

/** A role as GetRole alone shows it. */
export interface RoleLook {
  readonly arn: string
  readonly trust: unknown
}

/** Which roles of all are wanted, by their trust policy; the others are not kept. */
export interface RoleQuery {
  readonly wants: (trust: unknown) => boolean
  /** Told after each page how many roles were read by then. */
  readonly reached: (count: number) => void
}

/** The wanted roles, and of how many. */
export interface RoleSurvey<R = Role> {
  readonly count: number
  readonly roles: readonly R[]
  /** The documents of the account's own managed policies, by ARN. */
  readonly documents: ReadonlyMap<string, unknown>
}

/** The roles of the account, by name. */
export interface RoleStore {
  read(name: string): Promise<Role | undefined>
  /** The trust policy alone, as it is now. @throws Conflict when the role is gone. */
  trust(name: string): Promise<unknown>
  /** The role itself, without its policies. Undefined when there is none. */
  look(name: string): Promise<RoleLook | undefined>
  /** Every role of the account, by its name in lower case, since IAM compares names without case. */
  readAll(): Promise<ReadonlyMap<string, Role>>
  /** The wanted roles with all their policies, by GetAccountAuthorizationDetails. */
  survey(query: RoleQuery): Promise<RoleSurvey>
  /** The wanted roles without their policies, by ListRoles. */
  list(query: RoleQuery): Promise<RoleSurvey<RoleLook & { readonly name: string }>>
  /** The document of a managed policy in its default version; undefined when there is none. */
  policyDocument(arn: string): Promise<unknown>
  /** Answers its ARN. @throws Conflict when it exists already. */
  create(role: NewRole): Promise<string>
  setTrust(name: string, trust: object): Promise<void>
  setBoundary(name: string, policyArn: string): Promise<void>
  attach(name: string, policyArn: string): Promise<void>
  detach(name: string, policyArn: string): Promise<void>
  putInline(name: string, policy: string, document: object): Promise<void>
  removeInline(name: string, policy: string): Promise<void>
  addTags(name: string, tags: Tags): Promise<void>
  removeTags(name: string, keys: readonly string[]): Promise<void>
  /** The instance profiles it is in; while there is one, it cannot be removed. */
  instanceProfiles(name: string): Promise<readonly string[]>
  /** Removes a role that holds no policies any more; absent is fine. */
  remove(name: string): Promise<void>
}

/** A token, and the role it is to be exchanged for. */
export interface ExchangeRequest {
  readonly roleArn: string
  readonly token: string
  readonly sessionName: string
}

/** What blocks public access above the bucket; `unknown` where nobody would say. */
export type AccountBlock = PublicAccessBlock | 'none' | 'unknown'

/** The AWS account at hand. Nothing is asked of AWS twice: answers that cannot change are kept. */
export interface Aws {
  readonly region: string
  /** The S3 endpoint where it is not AWS's own, without a trailing slash. */
  readonly customS3Endpoint: string | undefined
  caller(): Promise<Caller>
  /** Loads what nearly every command needs next, while it waits for an answer anyway. */
  warmUp(): void
  /** Account-level public access block, with what the organization imposes (GetPublicAccessBlock of S3 Control). */
  accountBlock(): Promise<AccountBlock>
  /**
   * Whether a policy of the organization (S3_POLICY) blocks public access to all of its buckets.
   * @throws Problem `aws/access-denied` where these credentials may not ask.
   */
  organizationBlocks(): Promise<boolean>
  bucket(name: string, owner: string): Bucket
  lookAtBucket(name: string, owner: string): BucketLook
  provider(url: string, arn: string): ProviderStore
  /** The ARNs of all OIDC providers of the account. */
  providers(): Promise<readonly string[]>
  roles(): RoleStore
  /** AssumeRoleWithWebIdentity, as an SDK in a pod calls it: unsigned. */
  assume(request: ExchangeRequest): Promise<Exchange>
}
