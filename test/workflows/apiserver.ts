import { fileURLToPath } from 'node:url'

import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'

import { templatesIn } from '../../src/adapters/templates.ts'
import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { findPlatform, PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { parseIssuer } from '../../src/core/issuer.ts'
import { renderApiServerConfiguration } from '../../src/workflows/apiserver-configuration.ts'

export const NEW = 'https://oidc.acme.dev'
export const OLD = 'https://kubernetes.default.svc.cluster.local'
export const PKI = '/etc/kubernetes/pki'
export const PUBLIC_PEM = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
export const PRIVATE_PEM = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'

const templates = templatesIn(fileURLToPath(new URL('../../templates', import.meta.url)))

export const CREATE: ApiServerInput = {
  issuer: parseIssuer(NEW),
  keyFiles: [{ publicFrom: 'keys/sa-signer.pub', privateFrom: 'keys/sa-signer.key' }],
  previousIssuers: [],
  previousKeyFiles: [],
  apiAudiences: [],
}
export const MOVE: ApiServerInput = {
  ...CREATE,
  previousIssuers: [OLD],
  previousKeyFiles: [`${PKI}/sa.pub`],
}
export const KEEP: ApiServerInput = {
  ...CREATE,
  keyFiles: [{ publicFrom: 'sa.pub' }],
  previousIssuers: [OLD],
}

export const CASES: Record<string, ApiServerInput> = {
  new: CREATE,
  'own-key': KEEP,
  'previous-issuer': MOVE,
  accept: { ...MOVE, stage: 'accept' },
  sign: { ...MOVE, stage: 'sign' },
  finish: { ...MOVE, stage: 'finish' },
}

/** Most platforms have their keys elsewhere, and know where. */
export function of(platform: string, input: ApiServerInput): ApiServerInput {
  return ['flags', 'kubeadm'].includes(platform) ? input : { ...input, previousKeyFiles: [] }
}

const ELSEWHERE: ApiServerInput = { ...MOVE, previousKeyFiles: [], keyDir: '/opt/irsa' }
const SHOWN: ApiServerInput = {
  ...CREATE,
  keyFiles: CREATE.keyFiles.map((file) => ({ ...file, publicPem: PUBLIC_PEM })),
  privatePem: PRIVATE_PEM,
}

/** Beside what every platform has: other versions, other folders, keys that are shown. */
const MORE: readonly (readonly [platform: string, label: string, input: ApiServerInput])[] = [
  ['kubeadm', 'accept-1.30', { ...MOVE, stage: 'accept', kubernetesVersion: '1.30.1' }],
  [
    'kubeadm',
    'sign-1.30',
    { ...MOVE, stage: 'sign', kubernetesVersion: '1.30', keyDir: '/opt/irsa' },
  ],
  ['kubeadm', 'sign-1.31', { ...MOVE, stage: 'sign', kubernetesVersion: '1.31.0' }],
  [
    'kubeadm',
    'sign-1.36',
    { ...MOVE, stage: 'sign', kubernetesVersion: '1.36.0', keyDir: '/opt/irsa' },
  ],
  ['static-pod', 'sign-elsewhere', { ...ELSEWHERE, stage: 'sign' }],
  ['kind', 'new-1.35', { ...CREATE, kubernetesVersion: '1.35' }],
  ['kind', 'sign-1.35', { ...MOVE, stage: 'sign', kubernetesVersion: '1.35' }],
  ['kubespray', 'sign-elsewhere', { ...ELSEWHERE, stage: 'sign' }],
  ['cluster-api', 'new-1.10', { ...CREATE, platformVersion: '1.10' }],
  ['cluster-api', 'sign-1.10', { ...MOVE, stage: 'sign', platformVersion: '1.10.4' }],
  ['cluster-api', 'new-shown', SHOWN],
  ['cluster-api', 'sign-shown', { ...MOVE, ...SHOWN, stage: 'sign', previousIssuers: [OLD] }],
]

export const GOLDEN = [
  ...PLATFORMS.flatMap(({ name }) =>
    Object.entries(CASES).map(([label, input]) => [name, label, of(name, input)] as const),
  ),
  ...MORE,
]

export const render = (platform: string, input: Partial<ApiServerInput> = {}) =>
  renderApiServerConfiguration(findPlatform(platform), { ...CREATE, ...input }, templates)

/** The documents of an output, each read strictly. */
export const parse = <T = Record<string, unknown>>(text: string): T[] =>
  parseAllDocuments(text, { version: '1.1', uniqueKeys: true, strict: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    return document.toJS() as T
  })

/** Without comments and empty lines. */
export const linesOf = (text: string): string[] =>
  text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))

/** The operation that appends to the command of a static pod. */
export const appended = (value: string) => ({
  op: 'add',
  path: '/spec/containers/0/command/-',
  value,
})

/** The flags as kube-apiserver gets them. */
export const asArguments = ({ flags }: Pick<ReturnType<typeof render>, 'flags'>): string[] =>
  flags.map(({ name, value }) => `--${name}=${value}`)
