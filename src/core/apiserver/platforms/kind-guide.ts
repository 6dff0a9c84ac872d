import type { Guide } from '../platform.ts'
import type { Situation } from '../situation.ts'

/** kind makes clusters and deletes them; the guide is about making one. */
export const kindGuide = ({ input }: Situation): Guide => ({
  takeOut: [],
  copy: [
    'They are mounted into the node from this machine (extraMounts), from where kind create cluster runs.',
  ],
  restart: ['kind create cluster starts all of it with this configuration, so nothing restarts.'],
  check: ['  docker exec kind-control-plane cat /etc/kubernetes/manifests/kube-apiserver.yaml'],
  cannot: [
    'kind cannot change a cluster that runs. To use another issuer: kind delete cluster, then kind create cluster --config FILE; whatever runs in it starts anew.',
    ...(input.servesDocuments === true
      ? ['STS cannot reach an API server that listens on this machine only: publish the documents.']
      : []),
  ],
})
