import { capital } from '../core/words.ts'
import type { NextCommand } from '../ports/world.ts'
import type { Manifests } from './manifests.ts'

/** Manifests, and what to type once they are there. */
export interface Printed {
  readonly manifests: Manifests
  readonly next: readonly NextCommand[]
}

/** Commands as notes of a manifest: what each is for, and the command on a line of its own. */
export const shownCommands = (commands: readonly NextCommand[]): string[] =>
  commands.flatMap(({ command, why }) => [`${capital(why)}:`, `  ${command}`])
