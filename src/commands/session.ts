import type { Command } from 'commander'
import type { CommonOptions, World } from '../ports/world.ts'

/** What a command gets from the edge. */
export interface Session {
  /** Builds the world for the options that this command was given. */
  open(command: Command, elsewhere?: Elsewhere): Promise<World>
  /** How the run ends when nothing is thrown; 0 unless it is called. */
  end(code: number): void
}

/** Other surroundings than those of the process, as for the embedded AWS. */
export interface Elsewhere {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly options: CommonOptions
}

/** Adds a command's arguments, options and action to the bare command of the tree. */
export type Define = (command: Command, session: Session) => void
