import type { Entry } from '../../yaml-page.ts'
import type { Flag } from '../flags.ts'

/**
 * The folder that kubeadm is told to take patches from, and the name that makes a file of it a JSON
 * patch of the API server's manifest (kubernetes cmd/kubeadm/app/util/patches/patches.go).
 */
export const PATCHES_DIRECTORY = '/etc/kubernetes/patches'
export const PATCH_FILE = 'kube-apiserver0+json.yaml'

/**
 * Appends to the command of a static pod, so the flag comes after all that are there (RFC 6902
 * section 4.1). The other kinds of patches would replace the whole command.
 */
export const appendFlag = ({ name, value, why }: Flag): Entry => ({
  value: { op: 'add', path: '/spec/containers/0/command/-', value: `--${name}=${value}` },
  why,
})
