import type { NextCommand, World } from '../ports/world.ts'
import { fieldsView } from '../ui/fields-view.ts'
import type { Applied } from '../workflows/applied.ts'

/** Prints what a walk came to: a plan for `--dry-run`, else what there is now and what to type next. */
export async function reportApplied(world: World, applied: Applied): Promise<void> {
  const { kind, changes, ...rest } = applied
  if (kind === 'Plan') {
    const document = { kind, ...rest, changes: changes.map(contractOf) }
    return world.report.result(document, world.report.planText(changes))
  }
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
  world.report.next(nextCommands(applied, world))
}

/** The three members that scripts rely on. */
const contractOf = ({ action, resource, id }: Applied['changes'][number]) => ({
  action,
  resource,
  id,
})

function nextCommands({ providerArn, issuer, keys }: Applied, { options }: World): NextCommand[] {
  const config = options.config === 'irsa.yaml' ? '' : ` --config ${options.config}`
  if (providerArn === null) {
    return [{ command: `irsa create-provider --issuer ${issuer}`, why: 'let IAM trust it' }]
  }
  if (keys.length === 0) return []
  return [
    {
      command: `irsa print-apiserver-flags --for kubeadm${config}`,
      why: 'what the API server needs; or --for k3s, kops, flags',
    },
    { command: `irsa plan --exit-code${config}`, why: 'for a nightly job: ends with 3 on drift' },
  ]
}
