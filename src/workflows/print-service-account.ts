import { parseServiceAccount, type ServiceAccount } from '../core/service-account.ts'
import { serviceAccountManifest } from '../core/service-account-manifest.ts'
import type { World } from '../ports/world.ts'
import { loadConfig } from './load-config.ts'
import { type Manifests, manifestStream } from './manifests.ts'
import { roleAtHand, type RoleFlags } from './role-at-hand.ts'
import { fillTemplate } from './yaml-template.ts'

/** The flags of `print-service-account`. */
export interface ServiceAccountFlags extends RoleFlags {
  readonly regionalSts?: true
}

/** The annotated service account. Asks neither AWS nor the cluster. */
export async function printServiceAccount(
  world: Pick<World, 'cwd' | 'files' | 'options' | 'template'>,
  text: string,
  flags: ServiceAccountFlags,
): Promise<Manifests & { readonly serviceAccount: ServiceAccount }> {
  const serviceAccount = parseServiceAccount(text)
  const config = (await loadConfig(world))?.config
  const { role, audience } = roleAtHand(serviceAccount, flags, config)
  const { metadata } = serviceAccountManifest(serviceAccount, {
    roleArn: role.arn,
    audience,
    tokenExpiration: flags.tokenExpiration,
    regionalSts: flags.regionalSts,
  })
  const template = world.template('workload/service-account.yaml')
  const document = fillTemplate(template, { set: [{ at: ['metadata'], value: metadata }] })
  return { ...manifestStream([document]), serviceAccount }
}
