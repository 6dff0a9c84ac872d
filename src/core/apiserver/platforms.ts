import { unknownPlatform } from '../problems/apiserver.ts'
import { nearest } from '../nearest.ts'
import { K3S } from './platforms/k3s.ts'
import { KIND } from './platforms/kind.ts'
import { KOPS } from './platforms/kops.ts'
import { KUBEADM } from './platforms/kubeadm.ts'
import { KUBESPRAY } from './platforms/kubespray.ts'
import { MICROK8S } from './platforms/microk8s.ts'
import { MINIKUBE } from './platforms/minikube.ts'
import { PLAIN } from './platforms/plain.ts'
import { CLUSTER_API } from './platforms/cluster-api.ts'
import { GARDENER } from './platforms/gardener.ts'
import { K0S } from './platforms/k0s.ts'
import { OPENSHIFT } from './platforms/openshift.ts'
import { RKE2 } from './platforms/rke2.ts'
import { STATIC_POD } from './platforms/static-pod.ts'
import { SYSTEMD } from './platforms/systemd.ts'
import { TALOS } from './platforms/talos.ts'
import { AUTO, PLATFORM_NAMES } from './names.ts'
import type { Platform } from './platform.ts'

/** Every way of running Kubernetes that irsa writes for, in the order of `--help`. */
export const PLATFORMS: readonly Platform[] = [
  PLAIN,
  SYSTEMD,
  STATIC_POD,
  KUBEADM,
  KOPS,
  K3S,
  RKE2,
  TALOS,
  K0S,
  KIND,
  MINIKUBE,
  MICROK8S,
  KUBESPRAY,
  CLUSTER_API,
  GARDENER,
  OPENSHIFT,
]

/** @throws Problem `apiserver/unknown-platform` */
export function findPlatform(name: string): Platform {
  const found = PLATFORMS.find((platform) => platform.name === name)
  if (found !== undefined) return found
  const names = [...PLATFORM_NAMES, AUTO]
  throw unknownPlatform(name, nearest(name, names), names)
}
