import { resolve } from 'node:path'
import { checkAudiences } from '../core/audience.ts'
import { checkBucketName, checkPrefix } from '../core/bucket-name.ts'
import { checkClusterIssuer } from '../core/cluster-host.ts'
import type { Config, KeyEntry } from '../core/config.ts'
import { configOtherAccount, configOtherIssuer } from '../core/problems/config.ts'
import { nameInvalid } from '../core/problems/usage.ts'
import type { Host, Setup, SignerFiles } from '../core/setup.ts'
import { parseThumbprintChoice } from '../core/thumbprint.ts'
import type { World } from '../ports/world.ts'
import { readIssuer, type Connection } from './connect.ts'
import type { ConfigFile } from './load-config.ts'

/** kubeadm, ssh-keygen and most blog posts agree on this size. */
export const DEFAULT_KEY_BITS = 2048

/**
 * The wish behind an irsa.yaml, every field of it checked.
 * @throws Problem of `issuer`, `bucket`, `provider`, `thumbprint`, `usage` or `config`
 */
export function setupFromConfig(
  world: Pick<World, 'options' | 'env'>,
  { config, folder, shown }: Pick<ConfigFile, 'config' | 'folder' | 'shown'>,
  { caller, region }: Connection,
  options: { readonly keyBits?: number; readonly prune?: boolean } = {},
): Setup {
  checkName(config.name)
  // The region is part of the issuer: another one would make everything a second time.
  if (region !== config.region) throw configOtherIssuer(shown, 'region', config.region, region)
  const [provider] = config.providers
  if (provider !== undefined && provider.account !== caller.account) {
    throw configOtherAccount(shown, provider.account, caller.account)
  }
  // Checked before the issuer, which init derives from it.
  const host = hostOf(config, folder)
  const issuer = readIssuer(world, config.issuer)
  if (host.type === 'cluster') checkClusterIssuer(issuer)
  return {
    name: config.name,
    issuer,
    region,
    account: caller.account,
    partition: caller.partition,
    host,
    audiences: checkAudiences(config.audiences),
    thumbprint: parseThumbprintChoice([provider?.thumbprint ?? 'auto'].flat()),
    signers: config.keys.map((entry) => signerFiles(entry, folder)),
    keyBits: options.keyBits ?? DEFAULT_KEY_BITS,
    prune: options.prune ?? false,
  }
}

function hostOf({ host }: Config, folder: string): Host {
  if (host.type === 'cluster') return host
  if (host.type === 'directory') {
    return { type: 'directory', directory: resolve(folder, host.directory), shown: host.directory }
  }
  checkBucketName(host.bucket)
  checkPrefix(host.prefix ?? '')
  return { type: 's3', bucket: host.bucket, prefix: host.prefix ?? '' }
}

/** Relative paths start at `folder`. */
export function signerFiles(shown: KeyEntry, folder: string): SignerFiles {
  const publicPath = resolve(folder, shown.public)
  if (shown.private === undefined) return { publicPath, shown }
  return { publicPath, privatePath: resolve(folder, shown.private), shown }
}

/** The name becomes part of a bucket's name and of tags. */
export function checkName(name: string): void {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) throw nameInvalid(name)
}
