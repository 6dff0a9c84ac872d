import type { World } from '../ports/world.ts'
import type { Manifests } from '../workflows/manifests.ts'

/** Prints manifests: the stream itself for people and pipes, or the contract's document around it. */
export const reportManifests = (
  { report }: Pick<World, 'report'>,
  { text, resources }: Manifests,
): Promise<void> => report.result({ kind: 'Manifests', text, resources }, text)
