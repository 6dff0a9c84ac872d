import type { Change, ResourceKind } from '../core/change.ts'
import type { Lanes } from '../core/lanes.ts'

/** What bringing a resource in line, or removing it, would take. */
export type Verdict = Omit<Change, 'resource' | 'id'>

/**
 * One small thing that irsa looks after. It knows how to look at itself, what is wrong, how to mend
 * that, and how to go; in which order, and whether to ask first, is the walk's business.
 */
export interface Resource<Seen = unknown> {
  readonly kind: ResourceKind
  /** As the user knows it: a file, a bucket, an ARN. */
  readonly id: string
  /** What it lives in: where that is absent, so is this, and nobody needs to ask. */
  readonly within?: Resource | undefined
  /** What has to be in line before this is touched. */
  readonly after?: readonly Resource[] | undefined
  /** Shared by those of which only so many are looked at, or brought in line, at a time. */
  readonly lanes?: Lanes | undefined
  /** What is there now; undefined when nothing is. Changes nothing. */
  read(): Promise<Seen | undefined>
  /** What differs from the wish. Anything that makes the wish impossible is thrown here. */
  compare(seen: Seen | undefined): Promise<Verdict>
  /** Brings it in line. @throws Conflict when `seen` is no longer true. */
  converge(seen: Seen | undefined): Promise<void>
  /** What taking it away would mean: `delete`, `update` (our part of it), or `none` and why. */
  removal(seen: Seen): Promise<Verdict>
  /** Carries out what `removal` said. */
  remove(seen: Seen): Promise<void>
}
