import type { TestJobFlags } from '../workflows/print-test-job.ts'
import { option, repeatable } from './options.ts'
import { addRoleOptions } from './role-options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # A job that completes only if its pod has the role; --force lets it run again
  irsa print-test-job shop/checkout | kubectl replace --force -f -
  kubectl -n shop wait --for=condition=complete job/irsa-test-checkout --timeout=2m

  # It also writes an object and reads it back
  irsa print-test-job shop/checkout --bucket acme-test > test-job.yaml

  # With no webhook in the cluster: first the job, then a workload that is there
  irsa print-test-job shop/checkout --no-webhook > test-job.yaml
  irsa print-test-job shop/checkout --no-webhook --patch deployment/checkout \\
    --container app > patch.yaml
  kubectl -n shop patch deployment checkout --patch-file patch.yaml`

export const define: Define = (command, session) => {
  addRoleOptions(command)
    .addOption(option('--bucket <name>', 'also write an object into this bucket, and read it back'))
    .addOption(option('--image <image>', 'image of the job, with aws-cli and a shell'))
    .addOption(option('--no-webhook', 'put token and variables into the pod without the webhook'))
    .addOption(
      option('--patch <kind/name>', 'print a patch for this workload instead (with --no-webhook)'),
    )
    .addOption(repeatable('--container <name>', 'container to patch; repeatable'))
    .addOption(repeatable('--init-container <name>', 'init container to patch; repeatable'))
    .addOption(option('--kustomize', 'print the patch within a kustomization.yaml'))
    .addHelpText('after', EXAMPLES)
    .action(async (serviceAccount: string, flags: TestJobFlags) => {
      const world = await session.open(command)
      const [{ printTestJob }, { reportManifests }] = await Promise.all([
        import('../workflows/print-test-job.ts'),
        import('./manifests-report.ts'),
      ])
      const { manifests, next } = await printTestJob(world, serviceAccount, flags)
      await reportManifests(world, manifests)
      world.report.next(next)
    })
}
