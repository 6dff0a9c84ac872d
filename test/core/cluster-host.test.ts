import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  checkClusterIssuer,
  clusterKeySetUrl,
  DISCOVERY_BINDING,
  DISCOVERY_BINDING_COMMAND,
  UNBIND_DISCOVERY_COMMAND,
} from '../../src/core/cluster-host.ts'
import { parseIssuer } from '../../src/core/issuer.ts'

test('the key set is where kube-apiserver serves it', () => {
  const issuer = parseIssuer('https://api.example.com')
  expect(clusterKeySetUrl(issuer)).toBe('https://api.example.com/openid/v1/jwks')
})

test.each([
  ['https://api.example.com', {}],
  ['https://203.0.113.7', {}],
  ['https://[2001:db8::7]', {}],
  ['https://localhost:6443', { portAllowed: true }],
])('%s can be served at the root', (url, options) => {
  expect(checkClusterIssuer(parseIssuer(url, options))).toBe(url)
})

test.each(['https://api.example.com/k8s', 'https://api.example.com/k8s/clusters/a'])(
  '%s cannot, and the root is named',
  (url) => {
    expect(() => checkClusterIssuer(parseIssuer(url))).toThrow(
      expect.objectContaining({
        code: 'cluster/issuer-has-path',
        fix: expect.stringMatching(/--issuer https:\/\/api\.example\.com$/),
      }),
    )
  },
)

test('the commands and the template make the same binding', async () => {
  const url = new URL('../../templates/apiserver/discovery-binding.yaml', import.meta.url)
  const binding = parse(await readFile(url, 'utf8'))
  const group = binding.subjects[0].name
  expect(binding).toMatchObject({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: DISCOVERY_BINDING },
    roleRef: { kind: 'ClusterRole', name: 'system:service-account-issuer-discovery' },
    subjects: [{ kind: 'Group', name: 'system:unauthenticated' }],
  })
  expect(DISCOVERY_BINDING_COMMAND).toBe(
    `kubectl create clusterrolebinding ${binding.metadata.name} --clusterrole=${binding.roleRef.name} --group=${group}`,
  )
  expect(UNBIND_DISCOVERY_COMMAND).toBe(
    `kubectl delete clusterrolebinding ${binding.metadata.name}`,
  )
})
