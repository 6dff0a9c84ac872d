import { settingsFor } from '../../src/core/apiserver/flags.ts'
import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { findPlatform } from '../../src/core/apiserver/platforms.ts'
import { readSituation } from '../../src/core/apiserver/situation.ts'
import { parseIssuer } from '../../src/core/issuer.ts'

export const NEW = parseIssuer('https://oidc.acme.dev')
export const OLD = 'https://kubernetes.default.svc.cluster.local'
export const PKI = '/etc/kubernetes/pki'

export const CREATE: ApiServerInput = {
  issuer: NEW,
  keyFiles: [{ publicFrom: 'keys/sa-signer.pub', privateFrom: 'keys/sa-signer.key' }],
  previousIssuers: [],
  previousKeyFiles: [],
  apiAudiences: [],
}
export const MOVE: ApiServerInput = { ...CREATE, previousIssuers: [OLD] }
export const KEEP: ApiServerInput = { ...CREATE, keyFiles: [{ publicFrom: 'sa.pub' }] }

export const settle = (input: Partial<ApiServerInput>, platform = 'kubeadm') =>
  settingsFor(readSituation({ ...CREATE, ...input }, findPlatform(platform)))

export const values = (settings: ReturnType<typeof settle>, name: string) =>
  settings.flags.filter((flag) => flag.name === name).map((flag) => flag.value)

export const problemOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
