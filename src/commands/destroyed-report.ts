import { UNBIND_DISCOVERY_COMMAND } from '../core/cluster-host.ts'
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

const STILL_SERVED = `
The API server stays as it is: it signs with this issuer, and lets everybody read issuer and public
keys. That is harmless, and ends with: ${UNBIND_DISCOVERY_COMMAND}`

/** Prints what is gone and what is left; `nothing` where there was nothing to take away. */
export async function reportDestroyed(
  { report }: World,
  { applied, setup, changes, left: failed, others = [] }: Destroyed,
  nothing = 'Nothing is left to destroy.',
): Promise<void> {
  const left = [...failed, ...others]
  const contract = changes.map(({ action, resource, id }: Change) => ({ action, resource, id }))
  if (!applied) {
    const rest = left.length > 0 ? { left } : {}
    const document = { kind: 'Plan', issuer: setup.issuer, changes: contract, ...rest }
    await report.result(document, report.planText(changes))
    for (const { resource, id, why } of left) report.note(`left     ${resource}  ${id}  ${why}`)
    return
  }
  const gone = changes.filter(({ action }) => action === 'delete')
  const lines = [
    ...gone.map(({ resource, id }) => `deleted  ${resource}  ${id}`),
    ...changes
      .filter(({ action }) => action === 'update')
      .map(({ resource, id, detail }) => `changed  ${resource}  ${id}  ${detail}`),
    ...changes
      .filter(({ kept }) => kept === true)
      .map(({ resource, id, detail }) => `kept     ${resource}  ${id}  ${detail}`),
    ...left.map(({ resource, id, why }) => `left     ${resource}  ${id}  ${why}`),
  ]
  await report.result(
    { kind: 'Destroyed', issuer: setup.issuer, changes: contract, left },
    lines.join('\n'),
  )
  if (lines.length === 0) report.note(nothing)
  if (setup.host?.type === 'cluster') report.note(STILL_SERVED)
  if (failed.length > 0) report.note('\nSomething is left. Put it right, then run it again.')
}
