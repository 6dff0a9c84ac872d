import type { Change } from '../core/change.ts'
import type { World } from '../ports/world.ts'
import { fieldsView } from '../ui/fields-view.ts'
import type { Applied } from '../workflows/applied.ts'
import { afterWalk } from './next-commands.ts'

/** Prints what a walk came to: a plan for `--dry-run`, else what there is now and what to type next. */
export async function reportApplied(world: World, applied: Applied): Promise<void> {
  const { kind, changes, ...rest } = applied
  if (kind === 'Plan') return reportPlan(world, changes, rest)
  const idle = changes.every(({ action }) => action === 'none')
  if (idle) world.report.note('Everything is right already; nothing was written.\n')
  await world.report.result(
    { kind, ...rest, changes: changes.map(contractOf) },
    fieldsView([
      ['issuer', applied.issuer],
      ...(applied.bucket === null ? [] : [['bucket', applied.bucket] as const]),
      ...(applied.providerArn === null ? [] : [['provider', applied.providerArn] as const]),
      ...(applied.keys.length === 0
        ? []
        : [['keys', applied.keys.map(({ kid, file }) => `${kid}  ${file}`)] as const]),
    ]),
  )
  world.report.next(await afterWalk(applied, world))
}

/** Prints what would be done. */
export async function reportPlan(
  { report }: World,
  changes: readonly Change[],
  rest: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const document = { kind: 'Plan', ...rest, changes: changes.map(contractOf) }
  await report.result(document, report.planText(changes))
}

/** The three members that scripts rely on. */
export const contractOf = ({ action, resource, id }: Change) => ({ action, resource, id })
