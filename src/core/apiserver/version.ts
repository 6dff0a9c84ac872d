import { malformedKubernetesVersion, unknownKubernetesVersion } from '../problems/apiserver.ts'

/** A release of Kubernetes 1.x; without a patch number, some release of that minor. */
export interface KubernetesVersion {
  readonly minor: number
  readonly patch?: number | undefined
}

/** kube-apiserver accepts more than one issuer since 1.22 (kubernetes/kubernetes 101155). */
const OLDEST_MINOR = 22

const FORM = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+][0-9A-Za-z.+-]+)?$/

/**
 * Reads `1.35`, `v1.35.1`, `v1.35.1+k3s1`, `1.36.0-rc.1`. Minors that are not out yet are taken for
 * the newest one known.
 *
 * @throws Problem `apiserver/malformed-kubernetes-version`, `apiserver/unknown-kubernetes-version`
 */
export function parseKubernetesVersion(text: string): KubernetesVersion {
  const [, major, minor, patch] = FORM.exec(text) ?? []
  if (major === undefined || minor === undefined) throw malformedKubernetesVersion(text)
  if (major !== '1' || Number(minor) < OLDEST_MINOR) {
    throw unknownKubernetesVersion(text, `1.${OLDEST_MINOR}`)
  }
  return { minor: Number(minor), patch: patch === undefined ? undefined : Number(patch) }
}

/** Whether it is surely this release or a later one; a minor without a patch may be its `.0`. */
export function isAtLeast(version: KubernetesVersion, minor: number, patch = 0): boolean {
  return version.minor > minor || (version.minor === minor && (version.patch ?? 0) >= patch)
}
