import {
  malformedKubernetesVersion,
  malformedPlatformVersion,
  unknownKubernetesVersion,
  unknownPlatformVersion,
} from '../problems/apiserver.ts'

/** A release 1.x of Kubernetes or of a platform; without a patch number, some release of that minor. */
export interface Version {
  readonly minor: number
  readonly patch?: number | undefined
}

/** kube-apiserver accepts more than one issuer since 1.22 (kubernetes/kubernetes 101155). */
const OLDEST_MINOR = 22

/** The newest minor whose formats were looked at; later ones are taken for it, with a warning. */
export const NEWEST_MINOR = 37

const FORM = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+][0-9A-Za-z.+-]+)?$/

/**
 * Reads `1.35`, `v1.35.1`, `v1.35.1+k3s1`, `1.36.0-rc.1`. Minors that are not out yet are taken for
 * the newest one known.
 *
 * @throws Problem `apiserver/malformed-kubernetes-version`, `apiserver/unknown-kubernetes-version`
 */
export function parseKubernetesVersion(text: string): Version {
  const [, major, minor, patch] = FORM.exec(text) ?? []
  if (major === undefined || minor === undefined) throw malformedKubernetesVersion(text)
  if (major !== '1' || Number(minor) < OLDEST_MINOR) {
    const nearest = major === '1' ? `1.${OLDEST_MINOR}` : `1.${NEWEST_MINOR}`
    throw unknownKubernetesVersion(text, nearest)
  }
  return versionOf(minor, patch)
}

/**
 * Reads the version of a platform itself, such as Talos `v1.13.2`.
 *
 * @param known what irsa writes for, newest first, as people call it
 * @throws Problem `apiserver/malformed-platform-version`, `apiserver/unknown-platform-version`
 */
export function parsePlatformVersion(
  text: string,
  platform: string,
  known: readonly string[],
): Version {
  const [, major, minor, patch] = FORM.exec(text) ?? []
  if (major === undefined || minor === undefined) throw malformedPlatformVersion(text, platform)
  if (major !== '1') throw unknownPlatformVersion(text, platform, known)
  return versionOf(minor, patch)
}

const versionOf = (minor: string, patch: string | undefined): Version => ({
  minor: Number(minor),
  patch: patch === undefined ? undefined : Number(patch),
})

/** Whether it is surely this release or a later one; a minor without a patch may be its `.0`. */
export function isAtLeast(version: Version, minor: number, patch = 0): boolean {
  return version.minor > minor || (version.minor === minor && (version.patch ?? 0) >= patch)
}
