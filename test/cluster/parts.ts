import { inject } from 'vitest'
import type { Parts } from './install.ts'

const provided = inject('parts')

/** Where there is no Go everything is skipped; setup.ts has said so. */
export const withoutParts = provided === null

const NONE: Parts = {
  kubernetes: { minor: '', version: '' },
  apiServer: '',
  kubeadm: '',
  kubectl: '',
  etcd: '',
  webhook: '',
  tlscheck: '',
  formats: '',
  talos: { '1.12': '', '1.13': '', '1.14': '' },
  definitions: { clusterApi: '', openshift: '', certificates: '', issuers: '' },
  path: '',
}

/** The programs that setup.ts built. */
export const parts: Parts = provided ?? NONE
