import type { OwnKeys } from '../platform.ts'

/** kubeadm's certificate folder; both pods mount all of it (kubeadm: controlplane/volumes.go). */
export const KUBEADM_PKI = '/etc/kubernetes/pki'

const PUBLIC_KEY = `${KUBEADM_PKI}/sa.pub`
const PRIVATE_KEY = `${KUBEADM_PKI}/sa.key`

/** What kubeadm, and what is built on it, names by itself. */
export const KUBEADM_OWN: OwnKeys = { keyFile: PUBLIC_KEY, signingKeyFile: PRIVATE_KEY }

/**
 * kubeadm init takes a key that is there already, and "upload-certs" brings these two files, and no
 * others, to the control-plane nodes that join: nothing can be forgotten on one of them.
 */
export const KUBEADM_NEW_CLUSTER = { privateKey: PRIVATE_KEY, publicKey: PUBLIC_KEY }
