import type { Issuer } from '../../core/issuer.ts'
import type { PrivateKey } from '../../core/private-key.ts'
import { assertExpected } from '../../core/problems/problem.ts'
import type { PublicKey } from '../../core/public-key.ts'
import type { RoleArn } from '../../core/role-arn.ts'
import type { ServiceAccount } from '../../core/service-account.ts'
import {
  type Link,
  type LinkId,
  type Seen,
  seen,
  type Unseen,
  unseen,
} from '../../core/verify/link.ts'
import type {
  AudienceSeen,
  ClusterSeen,
  DocumentAnswer,
  ExchangeSeen,
  NamedRole,
  ProviderSeen,
  RoleSeen,
  TokenSeen,
  WorkloadSeen,
} from '../../core/verify/sights.ts'
import type { Aws, RoleLook } from '../../ports/aws.ts'
import type { ChainSeen } from '../../core/verify/tls-server.ts'
import type { World } from '../../ports/world.ts'
import type { Connection } from '../connect.ts'
import type { ConfigFile } from '../load-config.ts'

/** What the walk was given, read and checked. */
export interface Given {
  readonly issuer: Issuer
  /** The irsa.yaml at hand, where it is about this issuer. */
  readonly file: ConfigFile | undefined
  /** `--audience` */
  readonly audience: string | undefined
  /** `--role-arn` */
  readonly role: RoleArn | undefined
  /** `--service-account` */
  readonly serviceAccount: ServiceAccount | undefined
  /** `--pod`, a name in the namespace of the service account. */
  readonly pod: string | undefined
  /** The text of `--token`. */
  readonly token: string | undefined
  /** Its file, for commands that write it anew; undefined for standard input. */
  readonly tokenFile?: string | undefined
  /** `--signing-key` */
  readonly signingKey?: string | undefined
  /** The key of `--sign`: tokens are signed with it, and the cluster is left out. */
  readonly signer: PrivateKey | undefined
  /** False with `--no-aws`. */
  readonly asksAws: boolean
  /** False with `--no-cluster`, and with `--sign`. */
  readonly asksCluster: boolean
}

/** The account behind the credentials at hand, whichever that is. */
export interface OpenAccount {
  readonly aws: Aws
  readonly region: string
}

/** What can be looked at. Each is looked at once, when it is first asked for, whoever asks. */
export interface Sights {
  /**
   * The public keys of irsa.yaml, which `irsa apply` publishes. A file that cannot be read is what
   * there is to see of it. @throws Problem `key/…`, `files/…`, `signer/…`
   */
  readonly keyFiles: () => Promise<Unseen | readonly PublicKey[]>
  /** The public keys of irsa.yaml, or of `--sign`; what signs for the issuer as far as we know. */
  readonly signers: () => Promise<Seen<readonly PublicKey[]>>
  readonly chain: () => Promise<ChainSeen>
  readonly discovery: () => Promise<DocumentAnswer>
  /** Of the `jwks_uri` of the discovery document. */
  readonly keySet: () => Promise<Seen<DocumentAnswer>>
  /** The way to the account; nothing has been asked there yet. */
  readonly aws: () => Promise<Seen<OpenAccount>>
  readonly account: () => Promise<Seen<Connection>>
  readonly provider: () => Promise<Seen<ProviderSeen>>
  readonly audience: () => Promise<Seen<AudienceSeen>>
  readonly cluster: () => Promise<Seen<ClusterSeen>>
  readonly workload: () => Promise<Seen<WorkloadSeen>>
  readonly roleName: () => Promise<Seen<NamedRole>>
  /** What IAM has by the name of a role. */
  readonly roleByName: (name: string) => Promise<Seen<RoleLook | undefined>>
  readonly role: () => Promise<Seen<RoleSeen>>
  readonly token: () => Promise<Seen<TokenSeen>>
  readonly exchange: () => Promise<Seen<ExchangeSeen>>
}

/** A walk along the chain, as every link sees it. */
export interface Walk {
  readonly world: World
  readonly given: Given
  readonly sights: Sights
  /** Another link, for what can only be judged once that one is known. */
  readonly link: (id: LinkId) => Promise<Link>
}

/** One link: looks at its part of the chain, and judges it. What is wrong is a finding, never an error. */
export type LookAt = (walk: Walk) => Promise<Link>

/** Looks; a Problem on the way makes it something that could not be seen, and stops nothing. */
export async function sighted<T>(look: () => Promise<Seen<T> | T>): Promise<Seen<T>> {
  try {
    const found = await look()
    return isSeen(found) ? found : seen(found)
  } catch (error) {
    return unseenBy(error)
  }
}

const isSeen = <T>(found: Seen<T> | T): found is Seen<T> =>
  typeof found === 'object' &&
  found !== null &&
  'kind' in found &&
  (found.kind === 'seen' || found.kind === 'unseen')

/** What a Problem kept us from seeing. Anything else, and an interruption, goes on as it is. */
export function unseenBy(error: unknown) {
  assertExpected(error)
  return unseen(withoutStop(`${error.what} ${error.why}`), error.fix)
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '')
