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

/** Shows the plan, and asks unless there is nothing to do or `--yes` was given. */
export const approval =
  (world: World, command: string): Approve =>
  (whose, changes) =>
    present(world, titleOf(command, whose), changes, {
      needed: changes.some(isChange),
      question: `Do this in account ${whose.account}?`,
    })

/**
 * For single steps, which say by their name what they do: the plan is shown and carried out. Only
 * what takes keys or a role away from somebody is asked about.
 */
export const announcement =
  (world: World, command: string): Approve =>
  (whose, changes) => {
    const keys = changes.flatMap(({ removesKeys }) => removesKeys ?? [])
    const losers = changes.flatMap(({ takesFrom }) => takesFrom ?? [])
    return present(world, titleOf(command, whose), changes, {
      needed: keys.length + losers.length > 0,
      question:
        keys.length > 0 ? `Remove ${keys.join(', ')}?` : `Take it away from ${losers.join(', ')}?`,
    })
  }

/** With `--dry-run` the plan itself is the result, on stdout, and nothing is asked. */
async function present(
  { options, report, ask }: World,
  title: string,
  changes: readonly Change[],
  { needed, question }: { readonly needed: boolean; readonly question: string },
): Promise<boolean> {
  if (options.dryRun === true) {
    report.note(`\n${title}\n`)
    return false
  }
  const asked = needed && options.yes !== true
  report.plan(title, changes, asked && ask.interactive)
  return !asked || ask.confirm(question, confirmationMissing)
}
