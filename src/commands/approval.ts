import { isChange } from '../core/change.ts'
import { confirmationMissing } from '../core/problems/usage.ts'
import type { Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import type { ApproveFor } from '../workflows/init.ts'

/** `production · eu-west-3 · account 1234-5678-9012` */
export const titleOf = (command: string, { name, region, account }: Setup): string =>
  [
    `irsa ${command}`,
    ...(name === undefined ? [] : [name]),
    region,
    `account ${account.replace(/(\d{4})(?=\d)/g, '$1-')}`,
  ].join('  ·  ')

/** Shows the plan, and asks unless there is nothing to do or `--yes` was given. */
export const approval =
  (world: World, command: string): ApproveFor =>
  (setup) =>
  async (changes) => {
    world.report.plan(titleOf(command, setup), changes)
    if (!changes.some(isChange) || world.options.yes === true) return true
    return world.ask.confirm(`Do this in account ${setup.account}?`, confirmationMissing)
  }

/**
 * For single steps, which say by their name what they do: the plan is shown and carried out. Only
 * what takes keys away is asked about.
 */
export const announcement =
  (world: World, command: string): ApproveFor =>
  (setup) =>
  async (changes) => {
    world.report.plan(titleOf(command, setup), changes)
    const removals = changes.flatMap(({ notes }) => notes ?? []).filter(removesKey)
    if (removals.length === 0 || world.options.yes === true) return true
    return world.ask.confirm('Remove the keys named above?', confirmationMissing)
  }

const removesKey = (note: string): boolean => note.startsWith('removes the key ')
