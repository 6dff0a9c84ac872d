import { brokenNameRule } from '../core/bucket-name.ts'
import { testBucketInvalid } from '../core/problems/workload.ts'
import { flagMissing, flagsConflict } from '../core/problems/usage.ts'
import { parseServiceAccount, shownServiceAccount } from '../core/service-account.ts'
import { DEFAULT_TOKEN_EXPIRATION, variable } from '../core/web-identity.ts'
import type { World } from '../ports/world.ts'
import { loadConfig } from './load-config.ts'
import type { Printed } from './printed.ts'
import { regionAtHand, roleAtHand, type RoleFlags } from './role-at-hand.ts'
import { testJob } from './test-job.ts'
import { parseTarget, type PatchFlags, workloadPatch } from './workload-patch.ts'

/** The flags of `print-test-job`. */
export interface TestJobFlags extends RoleFlags, PatchFlags {
  readonly bucket?: string
  readonly image?: string
  /** False with `--no-webhook`. */
  readonly webhook: boolean
}

/**
 * The job that proves a role to work, or the same without a webhook, or with `--patch` what gives
 * the role to a workload that is there. Asks neither AWS nor the cluster.
 */
export async function printTestJob(
  world: World,
  text: string,
  flags: TestJobFlags,
): Promise<Printed> {
  const serviceAccount = parseServiceAccount(text)
  checkTogether(flags)
  if (flags.bucket !== undefined) checkBucket(flags.bucket)
  const target = parseTarget(flags)
  const config = (await loadConfig(world))?.config
  const { role, audience } = roleAtHand(serviceAccount, flags, config)
  const region = await regionAtHand(world, role, config)
  const identity = {
    roleArn: role.arn,
    audience,
    tokenExpiration: flags.tokenExpiration ?? DEFAULT_TOKEN_EXPIRATION,
    region,
  }
  const { endpointUrl } = world.options
  const endpoint = endpointUrl === undefined ? [] : [variable('AWS_ENDPOINT_URL', endpointUrl)]
  if (target !== undefined) {
    return workloadPatch(world.template, { serviceAccount, target, identity, endpoint })
  }
  warnOfUnused(world, flags, shownServiceAccount(serviceAccount))
  const { bucket, image, webhook } = flags
  return testJob(world.template, {
    serviceAccount,
    role,
    bucket,
    image,
    identity,
    endpoint,
    webhook,
  })
}

/** @throws Problem `usage/flag-missing`, `usage/flags-conflict` */
function checkTogether({ patch, webhook, bucket, image, ...flags }: TestJobFlags): void {
  if (patch === undefined) {
    const given = flags.container ?? flags.initContainer ?? flags.kustomize
    if (given !== undefined) throw flagMissing('--patch', 'It names the workload that is patched.')
    return
  }
  if (webhook) {
    throw flagMissing(
      '--no-webhook',
      'A patch takes the place of the webhook: where that runs, an annotated service account is all that a workload needs.',
    )
  }
  const why = 'A patch changes a workload that is there; the job with its test is not printed.'
  if (bucket !== undefined) throw flagsConflict('--patch', '--bucket', why)
  if (image !== undefined) throw flagsConflict('--patch', '--image', why)
}

/** @throws Problem `workload/bucket-invalid` */
function checkBucket(bucket: string): void {
  const rule = brokenNameRule(bucket)
  if (rule !== undefined) throw testBucketInvalid(bucket, rule)
}

function warnOfUnused(
  { progress }: Pick<World, 'progress'>,
  { webhook, audience, tokenExpiration }: TestJobFlags,
  serviceAccount: string,
): void {
  if (!webhook || (audience === undefined && tokenExpiration === undefined)) return
  progress.warn(
    `The webhook takes audience and expiration from the service account, not from a job: irsa print-service-account ${serviceAccount} has the same flags.`,
  )
}
