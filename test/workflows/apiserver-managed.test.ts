import { describe, expect, test } from 'vitest'

import { KEEP, NEW, OLD, parse, render } from './apiserver.ts'
import { comments, first, MOVE } from './apiserver-golden.ts'

interface Shoot {
  spec: { kubernetes: { kubeAPIServer: Record<string, unknown> } }
}

describe('Gardener', () => {
  test.each([
    ['accept', { issuer: OLD, acceptedIssuers: [NEW] }],
    ['sign', { issuer: NEW, acceptedIssuers: [OLD] }],
    ['finish', { issuer: NEW }],
  ] as const)('stage %s: %j', (stage, expected) => {
    const shoot = first<Shoot>(render('gardener', { ...KEEP, stage }).text)
    expect(shoot).toMatchObject({ apiVersion: 'core.gardener.cloud/v1beta1', kind: 'Shoot' })
    expect(shoot.spec.kubernetes.kubeAPIServer).toEqual({ serviceAccountConfig: expected })
  })

  test('takes audiences in a field of their own', () => {
    const shoot = first<Shoot>(render('gardener', { apiAudiences: ['kubernetes', 'b'] }).text)
    expect(shoot.spec.kubernetes.kubeAPIServer.apiAudiences).toEqual(['kubernetes', 'b'])
  })

  test('takes no key, and says which keys to publish', () => {
    const { files, warnings } = render('gardener', { ...MOVE, stage: 'sign' })
    expect(files).toEqual([])
    expect(warnings.join()).toContain('irsa init --jwks-from-cluster')
  })

  test('warns of issuers that it would refuse', () => {
    const { warnings } = render('gardener', { ...KEEP, previousIssuers: ['api'] })
    expect(warnings.join()).toContain('refuses the issuer api')
  })

  test('names no jwks-uri, and the service of its own instead', () => {
    const { text, flags } = render('gardener', { servesDocuments: true })
    expect(flags.map(({ name }) => name)).toEqual(['service-account-issuer'])
    expect(comments(text)).toContain('NOT POSSIBLE: The API server of a shoot')
  })
})

describe('OpenShift', () => {
  test.each([
    ['accept', OLD],
    ['sign', NEW],
    ['finish', NEW],
  ] as const)('stage %s: the issuer is %s, and no other is named', (stage, issuer) => {
    const [authentication, ...more] = parse<Shoot>(render('openshift', { ...KEEP, stage }).text)
    expect(more).toEqual([])
    expect(authentication).toEqual({
      apiVersion: 'config.openshift.io/v1',
      kind: 'Authentication',
      metadata: { name: 'cluster' },
      spec: { serviceAccountIssuer: issuer },
    })
  })

  test('a new cluster takes the key from the folder of the installer', () => {
    const { files, flags, warnings } = render('openshift', {
      keyFiles: [{ publicFrom: 'a.pub', privateFrom: 'a.key' }, { publicFrom: 'b.pub' }],
    })
    expect(files).toEqual([{ path: 'tls/bound-service-account-signing-key.key', from: 'a.key' }])
    expect(flags).toEqual([{ name: 'service-account-issuer', value: NEW }])
    expect(warnings).toEqual([])
  })

  test('a running one takes none, and keeps the previous issuer for a day by itself', () => {
    const { files, warnings } = render('openshift', { ...MOVE, stage: 'sign' })
    expect(files).toEqual([])
    expect(warnings.join()).toContain('never sign')
    expect(warnings.join()).toContain(`goes on accepting ${OLD} for 24 hours`)
    expect(warnings.join()).not.toContain('maintenance window')
  })

  test('has no place for audiences and for a jwks-uri, and says so', () => {
    const { flags, text, warnings } = render('openshift', {
      ...KEEP,
      apiAudiences: ['x'],
      servesDocuments: true,
    })
    expect(flags.map(({ name }) => name)).toEqual(['service-account-issuer'])
    expect(warnings.join()).toContain('no place for api-audiences')
    expect(comments(text)).toContain('NOT POSSIBLE: service-account-jwks-uri cannot be set')
  })
})
