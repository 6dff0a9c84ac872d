import { platformVersionUnused } from '../problems/apiserver.ts'
import type { ApiServerInput } from './input.ts'
import { isAtLeast, parseKubernetesVersion, parsePlatformVersion, type Version } from './version.ts'

/** One form that a platform's configuration has had. */
export interface Format {
  /** What the platform's own code asks for. */
  readonly id: string
  /** As people call it, with the versions: `Talos 1.14 and later`. */
  readonly title: string
  /** Its first release; the oldest format has none. */
  readonly since?: readonly [minor: number, patch?: number]
}

export interface Formats {
  /** Which version decides: that of Kubernetes, or the platform's own. */
  readonly by: 'kubernetes' | 'platform'
  /** Newest first. */
  readonly list: readonly [Format, ...Format[]]
  /** The newest minor of the platform itself that was looked at, where its own version decides. */
  readonly newestMinor?: number
}

/** The versions at hand, and the format that they come to. */
export interface Versions {
  readonly kubernetes: Version | undefined
  readonly platform: Version | undefined
  readonly format: Format | undefined
}

/**
 * Without a version the newest format is chosen.
 *
 * @throws Problem `apiserver/…` about a version
 */
export function readVersions(
  { kubernetesVersion, platformVersion }: ApiServerInput,
  { title, formats }: { readonly title: string; readonly formats?: Formats },
): Versions {
  const kubernetes =
    kubernetesVersion === undefined ? undefined : parseKubernetesVersion(kubernetesVersion)
  if (platformVersion !== undefined && formats?.by !== 'platform')
    throw platformVersionUnused(title)
  const titles = (formats?.list ?? []).map((format) => format.title)
  const platform =
    platformVersion === undefined ? undefined : parsePlatformVersion(platformVersion, title, titles)
  const deciding = formats?.by === 'platform' ? platform : kubernetes
  const format = formats?.list.find(
    ({ since }) => since === undefined || deciding === undefined || isAtLeast(deciding, ...since),
  )
  return { kubernetes, platform, format }
}
