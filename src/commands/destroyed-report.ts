import { confirmNameMissing, confirmNameWrong } from '../core/problems/usage.ts'
import type { Change } from '../core/change.ts'
import type { World } from '../ports/world.ts'
import type { ApproveRemoval, Destroyed, DestroyFlags } from '../workflows/destroy.ts'
import { titleOf } from './approval.ts'

/** Shows what would go, and has the name typed unless it was given. */
export const removalApproval =
  (world: World, { confirm }: DestroyFlags): ApproveRemoval =>
  async (setup, changes) => {
    const name = setup.name ?? ''
    world.report.plan(titleOf('destroy', setup), changes, confirm === undefined)
    if (confirm !== undefined) return true
    const message = `This cannot be undone. Type the name of the issuer, ${name}, to go on:`
    const typed = await world.ask.type(message, () => confirmNameMissing(name))
    if (typed !== name) throw confirmNameWrong(typed, name)
    return true
  }

/** Prints what is gone and what is left. */
export async function reportDestroyed(
  { report }: World,
  { applied, setup, changes, left }: Destroyed,
): Promise<void> {
  const contract = changes.map(({ action, resource, id }: Change) => ({ action, resource, id }))
  if (!applied) {
    const document = { kind: 'Plan', issuer: setup.issuer, changes: contract }
    return report.result(document, report.planText(changes))
  }
  const gone = changes.filter(({ action }) => action === 'delete')
  const lines = [
    ...gone.map(({ resource, id }) => `deleted  ${resource}  ${id}`),
    ...changes
      .filter(({ kept }) => kept === true)
      .map(({ resource, id, detail }) => `kept     ${resource}  ${id}  ${detail}`),
    ...left.map(({ resource, id, why }) => `left     ${resource}  ${id}  ${why}`),
  ]
  await report.result(
    { kind: 'Destroyed', issuer: setup.issuer, changes: contract, left },
    lines.join('\n'),
  )
  if (lines.length === 0) report.note('Nothing is left to destroy.')
  if (left.length > 0) report.note('\nSomething is left. Put it right, then run it again.')
}
