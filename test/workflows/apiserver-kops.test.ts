import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { parseIssuer } from '../../src/core/issuer.ts'
import { problemOf, settle } from '../core/apiserver.ts'
import { CREATE, KEEP, NEW, OLD, render } from './apiserver.ts'
import { comments, expectGolden, first, MOVE } from './apiserver-golden.ts'

interface Cluster {
  spec: { kubeAPIServer: Record<string, unknown>; fileAssets: { content: string }[] }
}

const STORE = 's3://acme-oidc/prod'
const SECRET = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'
const NODEUPS = '/srv/kubernetes/kube-apiserver/service-account'

test.each([
  ['native-new', { ...CREATE, discoveryStore: STORE }],
  ['native-accept', { ...KEEP, stage: 'accept', discoveryStore: STORE }],
  ['native-sign', { ...KEEP, stage: 'sign', discoveryStore: STORE }],
  ['native-finish', { ...KEEP, stage: 'finish', discoveryStore: STORE }],
  ['sign-1.28', { ...MOVE, stage: 'sign', platformVersion: '1.28.4' }],
  ['new-1.25', { platformVersion: '1.25' }],
] as [string, Partial<ApiServerInput>][])('golden file: %s', async (label, input) => {
  await expectGolden('kops', label, input)
})

describe('kops with fileAssets', () => {
  test('takes the private key in where it was asked for', () => {
    const { text } = render('kops', { privatePem: SECRET })
    expect(first<Cluster>(text).spec.fileAssets[0]?.content).toBe(SECRET)
    expect(comments(text)).toContain('Keep this file away from git')
  })

  test.each([
    ['1.28.5', [OLD]],
    ['1.29', [OLD]],
    ['1.28.4', undefined],
  ])('%s: the additional issuers are %j', (platformVersion, expected) => {
    const { text, warnings } = render('kops', { ...KEEP, stage: 'sign', platformVersion })
    const { kubeAPIServer } = first<Cluster>(text).spec
    expect(kubeAPIServer.serviceAccountIssuer).toBe(NEW)
    expect(kubeAPIServer.additionalServiceAccountIssuers).toEqual(expected)
    expect(warnings.join().includes('one issuer at a time')).toBe(expected === undefined)
  })

  // Naming its own private key keeps nodeup from writing it, and kube-apiserver from starting.
  test('never names the key files that nodeup writes, though the API server runs with them', () => {
    const { flags } = render('kops', {
      ...MOVE,
      stage: 'accept',
      previousKeyFiles: [`${NODEUPS}.pub`],
      previousSigningKeyFile: `${NODEUPS}.key`,
    })
    expect(flags.filter(({ value }) => value.includes('service-account.'))).toEqual([])
    expect(flags.filter(({ name }) => name.includes('signing'))).toEqual([])
  })

  test('cannot serve the documents itself, because kops turns strangers away', () => {
    const { text } = render('kops', { servesDocuments: true })
    expect(comments(text)).toContain('NOT POSSIBLE: kops sets anonymousAuth to false')
    expect(first<Cluster>(text).spec.kubeAPIServer).not.toHaveProperty('serviceAccountJWKSURI')
    expect(text).not.toContain('ClusterRoleBinding')
  })
})

describe('kops with a discovery store', () => {
  const native = (input: Partial<ApiServerInput>) =>
    render('kops', { ...KEEP, discoveryStore: STORE, ...input })

  test('publishes when the new issuer signs, and not before', () => {
    const accept = first<Cluster>(native({ stage: 'accept' }).text)
    expect(accept.spec).toEqual({
      kubeAPIServer: { serviceAccountIssuer: OLD, additionalServiceAccountIssuers: [NEW] },
    })
    const sign = first<Cluster>(native({ stage: 'sign' }).text)
    expect(sign.spec).toEqual({
      serviceAccountIssuerDiscovery: {
        discoveryStore: STORE,
        enableAWSOIDCProvider: true,
        additionalAudiences: ['sts.amazonaws.com'],
      },
      kubeAPIServer: { serviceAccountIssuer: NEW, additionalServiceAccountIssuers: [OLD] },
    })
  })

  test('has no audiences of the API server, no keys and no files', () => {
    const { flags, files } = native({ ...CREATE })
    expect(flags).toEqual([{ name: 'service-account-issuer', value: NEW }])
    expect(files).toEqual([])
  })

  test.each([
    ['https://acme-oidc.s3.eu-west-3.amazonaws.com/prod', STORE, false],
    ['https://acme-oidc.s3.eu-west-3.amazonaws.com/prod', `${STORE}/`, false],
    ['https://acme-oidc.s3.eu-west-3.amazonaws.com', 's3://acme-oidc', false],
    ['https://acme-oidc.s3.eu-west-3.amazonaws.com', STORE, true],
    ['https://acme.s3.eu-west-3.amazonaws.com/prod', STORE, true],
  ])('%s is where %s leads; warned: %s', (issuer, discoveryStore, warned) => {
    const { warnings } = native({ issuer: parseIssuer(issuer), discoveryStore })
    expect(warnings.join().includes('is not the address of')).toBe(warned)
  })

  test.each(['acme-oidc', 's3:/acme', 's3://', 's3://Acme/x', 's3://acme/x?y', 'gs://acme'])(
    'is not called %s',
    (discoveryStore) => {
      expect(problemOf(() => settle({ discoveryStore }, 'kops'))).toMatchObject({
        code: 'apiserver/unusable-value',
      })
    },
  )

  test('is nothing for other platforms', () => {
    expect(problemOf(() => settle({ discoveryStore: STORE }, 'k3s'))).toMatchObject({
      code: 'apiserver/discovery-store-unused',
      exit: 2,
    })
  })
})
