import { unknownPlatform } from '../problems/apiserver.ts'
import { nearest } from './nearest.ts'
import { K3S } from './platforms/k3s.ts'
import { KOPS } from './platforms/kops.ts'
import { KUBEADM } from './platforms/kubeadm.ts'
import { PLAIN } from './platforms/plain.ts'
import type { Platform } from './platform.ts'

/** Every way of running Kubernetes that irsa writes for, in the order of `--help`. */
export const PLATFORMS: readonly Platform[] = [PLAIN, KUBEADM, K3S, KOPS]

/** @throws Problem `apiserver/unknown-platform` */
export function findPlatform(name: string): Platform {
  const found = PLATFORMS.find((platform) => platform.name === name)
  if (found !== undefined) return found
  const names = PLATFORMS.map((platform) => platform.name)
  throw unknownPlatform(name, nearest(name, names), names)
}
