import { ROLE_ANNOTATION } from '../core/annotations.ts'
import type { World } from '../ports/world.ts'
import type { CreatedRole } from '../workflows/create-role.ts'
import type { DeletedRole } from '../workflows/delete-role.ts'
import { serviceAccountStream } from '../workflows/manifests.ts'
import { contractOf } from './applied-report.ts'
import { reportDestroyed } from './destroyed-report.ts'
import { afterServiceAccount } from './next-commands.ts'

/**
 * Prints what the cluster needs to use a role, the service accounts, on stdout, and everything about
 * the role itself beside it.
 */
export async function reportRole(world: World, created: CreatedRole): Promise<void> {
  const { changes, serviceAccounts, named, snippet, beside, ...rest } = created
  const { report } = world
  const document = {
    ...rest,
    changes: changes.map(contractOf),
    serviceAccount: serviceAccounts[0] ?? null,
    ...(serviceAccounts.length > 1 ? { serviceAccounts } : {}),
  }
  if (created.kind === 'Plan') return report.result(document, report.planText(changes))
  const idle = changes.every(({ action }) => action === 'none')
  if (idle) report.note('Everything is right already; nothing was written.')
  report.note(`${created.roleArn}\n`)
  await report.result(document, serviceAccountStream(world, serviceAccounts).text)
  if (snippet !== undefined) {
    report.note(
      `\nTo have irsa apply look after it, put it into ${world.options.config}:\n\n${snippet}`,
    )
  }
  if (beside.length > 0) {
    report.note(
      `\n${world.options.config} says something else than ${beside.join(', ')}: put it there, or the next irsa apply goes by what it says.`,
    )
  }
  if (named === undefined) {
    report.note('\nAnnotate every service account that is to use it:')
    report.note(`  ${ROLE_ANNOTATION}: ${created.roleArn}`)
    return
  }
  report.next(afterServiceAccount(named, created.roleArn, world))
}

/** Prints what is gone and what is left. */
export async function reportDeletedRole(world: World, deleted: DeletedRole): Promise<void> {
  const { inFile, absent, ...destroyed } = deleted
  const nothing = absent === undefined ? undefined : `There is no role ${absent}.`
  await reportDestroyed(world, destroyed, nothing)
  if (inFile && deleted.applied) {
    const { config } = world.options
    world.report.note(
      `\nIt stands in ${config}: take it out, or the next irsa apply makes it again.`,
    )
  }
}
