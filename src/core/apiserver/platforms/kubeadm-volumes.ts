import type { Entry } from '../../yaml-page.ts'
import { isBelow, unique } from '../situation.ts'

/** kubeadm's certificate folder; both pods mount all of it (kubeadm: controlplane/volumes.go). */
export const KUBEADM_PKI = '/etc/kubernetes/pki'

/** `extraVolumes` for the folders of these files that the pod would not see otherwise. */
export function extraVolumes(files: readonly string[]): Entry[] {
  const folders = files.filter((file) => !isBelow(file, KUBEADM_PKI)).map(folderOf)
  return unique(folders).map((folder, index) => ({
    value: {
      name: index === 0 ? 'irsa-keys' : `irsa-keys-${index + 1}`,
      hostPath: folder,
      mountPath: folder,
      readOnly: true,
      pathType: 'Directory',
    },
    why: `The pod mounts ${KUBEADM_PKI} by itself, and nothing else for keys. Leave this out where the folder is mounted already.`,
  }))
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
