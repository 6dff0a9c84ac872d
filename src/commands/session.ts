import type { Command } from 'commander'
import type { ExitCode } from '../core/problems/problem.ts'
import type { World } from '../ports/world.ts'

/** What a command gets from the edge. */
export interface Session {
  /** Builds the world for the options that this command was given. */
  open(command: Command): Promise<World>
  /** How the run ends when nothing is thrown; 0 otherwise. */
  end(code: ExitCode): void
}

/** Adds a command's arguments, options and action to the bare command of the tree. */
export type Define = (command: Command, session: Session) => void
