import type { Change } from '../core/change.ts'
import type { Host, Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { readKeyPair } from '../resources/signer-keys.ts'
import type { Outcome } from './converge.ts'

/** A published key of ours, and the file it came from. */
export interface KeyInFile {
  readonly kid: string
  readonly file: string
}

/** What a walk leaves behind, in the words of the JSON contract. */
export interface Applied {
  readonly kind: 'Applied' | 'Plan'
  readonly issuer: string
  readonly region: string
  readonly bucket: string | null
  readonly providerArn: string | null
  readonly audiences: readonly string[]
  readonly thumbprints: readonly string[]
  readonly keys: readonly KeyInFile[]
  readonly changes: readonly Change[]
}

/** Everything about the result that the walk itself does not know. */
export interface AppliedContext {
  readonly setup: Pick<
    Setup,
    'issuer' | 'region' | 'account' | 'audiences' | 'thumbprint' | 'signers'
  > & { readonly host?: Host }
  /** Absent for walks that leave IAM alone. */
  readonly providerArn?: string | undefined
  readonly readThumbprints?: (() => Promise<readonly string[]>) | undefined
}

/** Describes an outcome. Thumbprints are known once they were computed or given. */
export async function describeOutcome(
  { files }: Pick<World, 'files'>,
  { applied, changes }: Outcome,
  { setup, providerArn, readThumbprints }: AppliedContext,
): Promise<Applied> {
  const withProvider = providerArn !== undefined
  return {
    kind: applied ? 'Applied' : 'Plan',
    issuer: setup.issuer,
    region: setup.region,
    bucket: setup.host?.type === 's3' ? setup.host.bucket : null,
    providerArn: providerArn ?? null,
    audiences: withProvider ? setup.audiences : [],
    thumbprints: applied && withProvider ? await thumbprints(setup, readThumbprints) : [],
    keys: await keysInFiles(files, setup),
    changes,
  }
}

async function thumbprints(
  { thumbprint }: Pick<Setup, 'thumbprint'>,
  read: AppliedContext['readThumbprints'],
): Promise<readonly string[]> {
  if (thumbprint.kind === 'given') return thumbprint.thumbprints
  return thumbprint.kind === 'auto' && read ? await read() : []
}

/** The public keys of all signers that are there, each with its file as people know it. */
export async function keysInFiles(
  files: World['files'],
  { signers }: Pick<Setup, 'signers'>,
): Promise<readonly KeyInFile[]> {
  const states = await Promise.all(
    signers.map(async (signer) => ({ signer, state: await readKeyPair(files, signer) })),
  )
  return states.flatMap(({ signer, state }) =>
    state.kind === 'absent'
      ? []
      : state.keys.map(({ kid }) => ({ kid, file: signer.shown.public })),
  )
}
