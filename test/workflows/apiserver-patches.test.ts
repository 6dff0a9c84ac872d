import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import type { Stage } from '../../src/core/apiserver/names.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import {
  appended,
  asArguments,
  CASES,
  CREATE,
  KEEP,
  MOVE,
  NEW,
  of,
  OLD,
  parse,
  PKI,
  PRIVATE_PEM,
  PUBLIC_PEM,
  render,
} from './apiserver.ts'

const SIGN: ApiServerInput = { ...MOVE, previousKeyFiles: [], stage: 'sign' }
const ELSEWHERE: ApiServerInput = { ...SIGN, keyDir: '/opt/irsa' }
const MANAGER = `--service-account-private-key-file`

describe('a static pod', () => {
  test.each(Object.entries(CASES))('%s: appends every flag, in order', (_, input) => {
    const printed = render('static-pod', of('static-pod', input))
    const [patch] = parse<unknown>(printed.text)
    expect(patch).toEqual(asArguments(printed).map(appended))
  })

  describe('a folder that the pods do not mount', () => {
    const volume = { name: 'irsa-keys', hostPath: { path: '/opt/irsa', type: 'Directory' } }
    const mount = { name: 'irsa-keys', mountPath: '/opt/irsa', readOnly: true }
    const added = [
      { op: 'add', path: '/spec/volumes/-', value: volume },
      { op: 'add', path: '/spec/containers/0/volumeMounts/-', value: mount },
    ]
    const manager = appended(`${MANAGER}=/opt/irsa/sa-signer.key`)

    test('gets a volume and a mount in both of them', () => {
      const input = { ...ELSEWHERE, stage: undefined }
      const [first, second] = parse<object[]>(render('static-pod', input).text)
      expect(first?.slice(-2)).toEqual(added)
      expect(second).toEqual([manager, ...added])
    })

    test('gets each once on the way through the stages, since a name is refused twice', () => {
      const stage = (name: Stage) =>
        parse<object[]>(render('static-pod', { ...ELSEWHERE, stage: name }).text)
      expect(stage('accept')[0]?.slice(-2)).toEqual(added)
      const [first, second] = stage('sign')
      expect(first).not.toContainEqual(added[0])
      expect(second).toEqual([manager, ...added])
      for (const patch of stage('finish')) expect(patch).not.toContainEqual(added[0])
    })
  })

  test('leaves the manifest with the mode that kubeadm gives it', () => {
    const { text } = render('static-pod', SIGN)
    expect(text).toContain('install -m 0600 NEW $MANIFEST')
    expect(text).not.toMatch(/mv NEW/)
  })

  test('takes out every flag that comes anew, and no other', () => {
    const { text } = render('static-pod', SIGN)
    const [, names] = /FLAGS='(.+)'/.exec(text) ?? []
    const taken = (line: string) => new RegExp(`--(${names})=`).test(line)
    expect(taken('    - --service-account-issuer=a')).toBe(true)
    expect(taken('    - --service-account-signing-key-file=a')).toBe(true)
    expect(taken('    - --api-audiences=a')).toBe(true)
    expect(taken('    - --service-account-lookup=true')).toBe(false)
    expect(taken('    - --tls-private-key-file=a')).toBe(false)
  })
})

interface Kind {
  nodes: { extraMounts: object[]; kubeadmConfigPatches?: string[] }[]
  kubeadmConfigPatches?: string[]
  kubeadmConfigPatchesJSON6902?: { kind: string; patch: string }[]
}

describe('kind', () => {
  test.each(Object.entries(CASES))('%s: appends every flag to the list of v1beta4', (_, input) => {
    const { text, flags } = render('kind', of('kind', input))
    const [config, ...more] = parse<Kind>(text)
    expect(more).toEqual([])
    const [only] = config?.kubeadmConfigPatchesJSON6902 ?? []
    expect(Object.keys(only ?? {})).toEqual(['kind', 'patch'])
    const operations = parseYaml(only?.patch ?? '') as { path: string; value: object }[]
    expect(operations.slice(0, flags.length)).toEqual(
      flags.map((value) => ({ op: 'add', path: '/apiServer/extraArgs/-', value })),
    )
    const others = operations.slice(flags.length).map(({ path }) => path)
    expect(others.every((path) => path === '/controllerManager/extraArgs/-')).toBe(true)
  })

  test('merges the map of v1beta3, and mounts a folder of patches for the rest', () => {
    const [config, patch] = parse<Kind>(render('kind', { ...SIGN, kubernetesVersion: '1.35' }).text)
    const merged = parseYaml(config?.kubeadmConfigPatches?.[0] ?? '')
    expect(merged.apiServer.extraArgs['service-account-issuer']).toBe(NEW)
    expect(patch).toEqual([
      appended(`--service-account-issuer=${OLD}`),
      appended(`--service-account-key-file=${PKI}/sa.pub`),
    ])
    const node = config?.nodes[0]
    const directory = '/kind/irsa-patches'
    expect(node?.extraMounts.at(-1)).toMatchObject({ containerPath: directory })
    expect(node?.kubeadmConfigPatches?.map((text) => parseYaml(text))).toEqual([
      { kind: 'InitConfiguration', patches: { directory } },
      { kind: 'JoinConfiguration', patches: { directory } },
    ])
  })

  test('mounts both halves of the pair under their own names', () => {
    const [config] = parse<Kind>(render('kind').text)
    expect(config?.nodes[0]?.extraMounts).toEqual([
      { hostPath: 'keys/sa-signer.key', containerPath: `${PKI}/sa.key`, readOnly: true },
      { hostPath: 'keys/sa-signer.pub', containerPath: `${PKI}/sa.pub`, readOnly: true },
    ])
  })
})

describe('kubespray', () => {
  test('has the first value in the dictionary, and the others in patches', () => {
    const [vars] = parse<Record<string, unknown>>(render('kubespray', ELSEWHERE).text)
    expect(vars?.['kube_kubeadm_apiserver_extra_args']).toMatchObject({
      'service-account-issuer': NEW,
      'service-account-key-file': '/opt/irsa/sa-signer.pub',
    })
    const json = (value: string) => ({
      target: 'kube-apiserver',
      type: 'json',
      patch: [appended(value)],
    })
    expect(vars?.['kubeadm_patches']).toEqual([
      json(`--service-account-issuer=${OLD}`),
      json('--service-account-key-file=/etc/kubernetes/ssl/sa.pub'),
    ])
    const volume = { name: 'irsa-keys', hostPath: '/opt/irsa', mountPath: '/opt/irsa' }
    const volumes = [{ ...volume, readOnly: true }]
    expect(vars?.['apiserver_extra_volumes']).toEqual(volumes)
    expect(vars?.['controller_manager_extra_volumes']).toEqual(volumes)
  })

  test('a new cluster needs one dictionary and nothing else', () => {
    const [vars] = parse<object>(render('kubespray').text)
    expect(Object.keys(vars ?? {})).toEqual(['kube_kubeadm_apiserver_extra_args'])
  })
})

interface ControlPlane {
  kind: string
  metadata: { name: string }
  stringData: Record<string, string>
  spec: {
    kubeadmConfigSpec: {
      clusterConfiguration: { apiServer: { extraArgs: object } }
      files: { path: string; content?: string; contentFrom?: object }[]
      initConfiguration?: object
      joinConfiguration?: object
    }
  }
}

describe('Cluster API', () => {
  test.each([
    ['1.11', { 0: { name: 'service-account-issuer', value: NEW } }],
    ['1.10.9', { 'service-account-issuer': NEW }],
  ])('version %s: each flag once in its own form, the others in a patch', (version, args) => {
    const input = { ...KEEP, stage: 'sign', platformVersion: version } as const
    const [plane, ...more] = parse<ControlPlane>(render('cluster-api', input).text)
    expect(more).toEqual([])
    const spec = plane?.spec.kubeadmConfigSpec
    expect({ ...spec?.clusterConfiguration.apiServer.extraArgs }).toMatchObject(args)
    const [file] = spec?.files ?? []
    expect(file?.path).toBe('/etc/kubernetes/patches/kube-apiserver0+json.yaml')
    expect(parseYaml(file?.content ?? '')).toEqual([appended(`--service-account-issuer=${OLD}`)])
    const patches = { patches: { directory: '/etc/kubernetes/patches' } }
    expect(spec).toMatchObject({ initConfiguration: patches, joinConfiguration: patches })
  })

  test('a new cluster takes the pair from the secret that Cluster API looks for', () => {
    const keyFiles = CREATE.keyFiles.map((file) => ({ ...file, publicPem: PUBLIC_PEM }))
    const [plane, secret] = parse<ControlPlane>(render('cluster-api', { keyFiles }).text)
    expect(plane?.spec.kubeadmConfigSpec.files).toBeUndefined()
    expect(secret?.metadata.name).toBe('CLUSTER-NAME-sa')
    expect(secret?.stringData).toEqual({
      'tls.crt': PUBLIC_PEM,
      'tls.key': 'REPLACE-THIS-LINE with the content of keys/sa-signer.key\n',
    })
  })

  test('the private key is in a secret, and only where it was asked for', () => {
    const [plane, secret] = parse<ControlPlane>(
      render('cluster-api', { ...SIGN, privatePem: PRIVATE_PEM }).text,
    )
    expect(plane?.spec.kubeadmConfigSpec.files[0]).toMatchObject({
      path: `${PKI}/irsa/sa-signer.key`,
      contentFrom: { secret: { name: 'CLUSTER-NAME-irsa', key: 'sa-signer.key' } },
    })
    expect(JSON.stringify(plane)).not.toContain('PRIVATE')
    expect(secret?.stringData).toEqual({ 'sa-signer.key': PRIVATE_PEM })
    expect(render('cluster-api', SIGN).text).not.toContain('BEGIN RSA')
  })

  test('accept brings the public key alone', () => {
    const printed = render('cluster-api', { ...SIGN, stage: 'accept' })
    expect(parse(printed.text)).toHaveLength(1)
    expect(printed.text).not.toContain('sa-signer.key')
  })
})

test.each(PLATFORMS.map(({ name }) => name))(
  '%s: an API server that serves the documents itself names where',
  (name) => {
    const { text, flags } = render(name, { servesDocuments: true })
    for (const { value } of flags) expect(text).toContain(value)
    expect(text).toContain('/openid/v1/jwks')
  },
)
