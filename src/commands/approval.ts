import { type Change, isChange } from '../core/change.ts'
import { confirmationMissing } from '../core/problems/usage.ts'
import type { World } from '../ports/world.ts'
import type { Approve, Whose } from '../workflows/converge.ts'

/** `production · eu-west-3 · account 1234-5678-9012` */
export const titleOf = (command: string, { name, region, account }: Whose): string =>
  [
    `irsa ${command}`,
    ...(name === undefined ? [] : [name]),
    region,
    `account ${account.replace(/(\d{4})(?=\d)/g, '$1-')}`,
  ].join('  ·  ')

/** Shows what is about to be done. With `--dry-run` the plan itself is the result, on stdout. */
function present({ options, report }: World, title: string, changes: readonly Change[]): boolean {
  if (options.dryRun !== true) report.plan(title, changes)
  else report.note(`\n${title}\n`)
  return options.dryRun !== true
}

/** Shows the plan, and asks unless there is nothing to do or `--yes` was given. */
export const approval =
  (world: World, command: string): Approve =>
  async (whose, changes) => {
    if (!present(world, titleOf(command, whose), changes)) return false
    if (!changes.some(isChange) || world.options.yes === true) return true
    return world.ask.confirm(`Do this in account ${whose.account}?`, confirmationMissing)
  }

/**
 * For single steps, which say by their name what they do: the plan is shown and carried out. Only
 * what takes keys away is asked about.
 */
export const announcement =
  (world: World, command: string): Approve =>
  async (whose, changes) => {
    if (!present(world, titleOf(command, whose), changes)) return false
    const removed = changes.flatMap(({ removesKeys }) => removesKeys ?? [])
    if (removed.length === 0 || world.options.yes === true) return true
    return world.ask.confirm(`Remove ${removed.join(', ')}?`, confirmationMissing)
  }
