import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  X509Certificate,
} from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUDIENCE, makeRole, sign, SUBJECT } from '../sandbox/issuer.ts'
import { clientsFor } from '../sandbox/clients.ts'
import { temporaryFolder, type Workplace, workplace } from '../support/cli.ts'
import { type KubectlAnswers, standInKubectl } from '../support/kubectl.ts'
import { changingNothing, expectProblem, expectRefusal, writes } from '../support/problems.ts'
import { configText, publicPem, rsa } from '../support/signers.ts'
import { clusterPki, type StandIn, standInApiServer } from '../support/stand-in-api-server.ts'

const PKI = clusterPki()
const CONFIG_MAP =
  'get configmap kube-root-ca.crt --namespace=default --output=jsonpath={.data.ca\\.crt}'
const KUBECONFIG =
  'config view --raw --minify --flatten --output=jsonpath={.clusters[0].cluster.certificate-authority-data}'

/** What its kubectl answers. */
const KNOWING: KubectlAnswers = { [CONFIG_MAP]: PKI.ca.cert }

const sha1 = ({ cert }: { cert: string }): string =>
  new X509Certificate(cert).fingerprint.replaceAll(':', '').toLowerCase()
const LEAF = sha1(PKI.serving)
const CA = sha1(PKI.ca)

interface Scene extends AsyncDisposable {
  readonly place: Workplace
  readonly api: StandIn
  /** The variables that make irsa find a kubectl that knows the cluster. */
  readonly kubectl: { readonly PATH: string }
  /** Runs irsa with it. */
  run(...args: string[]): ReturnType<Workplace['run']>
}

/** A workplace beside a cluster whose API server is at `api.url`. */
async function scene({ withCa = false, answers = KNOWING } = {}): Promise<Scene> {
  const place = await workplace()
  const tools = await temporaryFolder()
  const api = await standInApiServer(PKI, { withCa })
  const kubectl = await standInKubectl(tools.path, answers)
  return {
    place,
    api,
    kubectl,
    run: (...args) => place.run([...args, '--output', 'json'], kubectl),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]()
      await tools[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

const init = (issuer: string, ...more: string[]): string[] =>
  ['init', '--name', 'blue', '--yes', '--host', 'cluster', '--issuer', issuer].concat(more)

/** A key as kube-apiserver publishes it (kubernetes pkg/serviceaccount/jwt.go). */
async function jwkOf(key: KeyObject) {
  const open = createPublicKey(key)
  const der = open.export({ type: 'spki', format: 'der' })
  const kid = createHash('sha256').update(der).digest('base64url')
  return { ...(await exportJWK(open)), use: 'sig', alg: 'RS256', kid }
}

/** The signer that `init` has made, as the API server would publish it. */
async function madeSigner({ cwd }: Workplace) {
  const key = createPrivateKey(await readFile(join(cwd, 'keys/sa-signer.key'), 'utf8'))
  return { key, jwk: await jwkOf(key) }
}

describe('a new cluster, from nothing to credentials', () => {
  test('init, configure, apply, credentials, nothing to do, destroy', async () => {
    await using stage = await scene()
    const { place, api, run } = stage
    // The API server runs already, with another issuer, and reads discovery to nobody.
    api.discovery.issuer = 'https://kubernetes.default.svc'
    const first = await run(...init(api.url))
    expectProblem(first, {
      code: 'cluster/anonymous-refused',
      exit: 1,
      says: ['403', /kubectl create clusterrolebinding irsa-issuer-discovery .*unauthenticated$/m],
    })
    expect(await readFile(join(place.cwd, 'irsa.yaml'), 'utf8')).toContain('type: cluster')
    expect(writes(place.aws.requests)).toEqual([])

    api.discovery.refusal = undefined
    const wrong = await run('apply', '--yes')
    const says = ['"https://kubernetes.default.svc"', 'irsa print-apiserver-flags', 'irsa apply']
    expectProblem(wrong, { code: 'cluster/other-issuer', exit: 1, says })

    api.discovery.issuer = api.url
    const keyless = await run('apply', '--yes')
    const { key, jwk } = await madeSigner(place)
    const missing = [`${jwk.kid} (keys/sa-signer.pub)`, '--service-account-key-file']
    expectProblem(keyless, { code: 'cluster/key-missing', exit: 1, says: missing })
    expect(writes(place.aws.requests)).toEqual([])

    api.discovery.keys = [jwk]
    const applied = await run('apply', '--yes')
    expect(applied).toMatchObject({ code: 0 })
    expect(applied.json()).toMatchObject({
      kind: 'Applied',
      issuer: api.url,
      bucket: null,
      thumbprints: [LEAF, CA],
      keys: [{ kid: jwk.kid, file: 'keys/sa-signer.pub' }],
      changes: [
        { action: 'none', resource: 'key-pair' },
        { action: 'create', resource: 'provider' },
      ],
      warnings: [
        expect.stringMatching(/127\.0\.0\.1 \(loopback\)/),
        expect.stringMatching(/presents its own certificate alone.*--tls-cert-file/),
      ],
    })
    const [provider] = place.aws.state.providers.values()
    expect(provider).toMatchObject({ url: api.url, thumbprints: [LEAF, CA] })
    expect(place.aws.state.buckets.size).toBe(0)

    expect(await assumed(place, api.url, { kid: jwk.kid, key })).toMatch(/:assumed-role\/app\//)

    const again = await changingNothing(place, () => run('apply', '--yes'))
    expect(again.json()['changes']).toEqual([
      expect.objectContaining({ action: 'none', resource: 'key-pair' }),
      expect.objectContaining({ action: 'none', resource: 'provider' }),
    ])
    expect(await run('plan', '--exit-code')).toMatchObject({ code: 0 })

    const destroyed = await run('destroy', '--confirm', 'blue')
    expect(destroyed).toMatchObject({ code: 0 })
    expect(destroyed.json()).toMatchObject({
      changes: [{ action: 'delete', resource: 'provider' }],
      left: [],
    })
    expect(place.aws.state.providers.size).toBe(0)
  })

  test('people are told what to type, and what is left', async () => {
    await using stage = await scene({ withCa: true })
    const { place, api } = stage
    const human = (...args: string[]) => place.run(args, stage.kubectl)
    const first = await human(...init(api.url))
    expect(first).toMatchObject({ code: 1, stdout: '' })
    expect(first.stderr).toMatch(
      /Next\n {2}irsa print-apiserver-flags --for .*\n {2}irsa apply .*\n\n[^]*kubectl create clusterrolebinding[^]*cluster\/anonymous-refused, exit 1/,
    )
    api.discovery.refusal = undefined
    api.discovery.issuer = api.url
    api.discovery.keys = [(await madeSigner(place)).jwk]
    const done = await human('apply', '--yes')
    expect(done).toMatchObject({ code: 0 })
    expect(done.stderr).toMatch(/Next\n {2}irsa plan --exit-code/)
    expect(done.stderr).not.toContain('print-apiserver-flags')
    const gone = await human('destroy', '--confirm', 'blue')
    expect(gone.stdout).toMatch(/^deleted {2}provider/)
    expect(gone.stderr).toContain('kubectl delete clusterrolebinding irsa-issuer-discovery')
  })
})

/** What STS answers to a token of the cluster, by the documents that its API server serves. */
async function assumed(
  { aws }: Workplace,
  issuer: string,
  { kid, key }: { readonly kid: string; readonly key: KeyObject },
): Promise<string | undefined> {
  const about = issuer.slice('https://'.length)
  const condition = { StringEquals: { [`${about}:sub`]: SUBJECT, [`${about}:aud`]: AUDIENCE } }
  const RoleArn = await makeRole(aws, { name: 'app', issuer, condition })
  const signer = { alg: 'RS256', kid, key: key as never, jwk: {} }
  const WebIdentityToken = await sign(signer, issuer)
  const input = { RoleArn, WebIdentityToken, RoleSessionName: 'test' }
  const { sts } = clientsFor(aws)
  return (await sts.send(new AssumeRoleWithWebIdentityCommand(input))).AssumedRoleUser?.Arn
}

describe('the thumbprints', () => {
  const KEY = rsa()

  /** A running cluster: its key is known, and its documents are public. */
  async function running(options: Parameters<typeof scene>[0]): Promise<Scene> {
    const stage = await scene(options)
    await writeFile(join(stage.place.cwd, 'sa.pub'), publicPem(KEY))
    const keys = [await jwkOf(KEY)]
    Object.assign(stage.api.discovery, { refusal: undefined, issuer: stage.api.url, keys })
    return stage
  }

  const known = (stage: Scene) => init(stage.api.url, '--public-key', 'sa.pub')

  test('are that of the CA alone where the API server presents it', async () => {
    await using stage = await running({ withCa: true })
    const ended = await stage.run(...known(stage))
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ thumbprints: [CA] })
    expect(ended.json()['warnings']).toEqual([expect.stringContaining('loopback')])
  })

  test('with the keys of the cluster, read with kubectl', async () => {
    const jwks = JSON.stringify({ keys: [await jwkOf(KEY)] })
    await using stage = await running({
      answers: { ...KNOWING, 'get --raw /openid/v1/jwks': jwks },
    })
    const ended = await stage.run(...init(stage.api.url, '--jwks-from-cluster'))
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({
      thumbprints: [LEAF, CA],
      keys: [{ file: expect.stringMatching(/^keys\/cluster-.*\.pub$/) }],
    })
  })

  test('come from the kubeconfig where no controller-manager has published the CA', async () => {
    const data = Buffer.from(PKI.ca.cert).toString('base64')
    await using stage = await running({ answers: { [KUBECONFIG]: data } })
    const ended = await stage.run(...known(stage))
    expect(ended.json()).toMatchObject({ thumbprints: [LEAF, CA] })
  })

  test('are not taken from what is no certificate', async () => {
    await using stage = await running({ answers: { [CONFIG_MAP]: 'none' } })
    const says = ['holds no PEM certificate', 'NODE_EXTRA_CA_CERTS']
    expectProblem(await stage.run(...known(stage)), {
      code: 'cluster/ca-unreadable',
      exit: 1,
      says,
    })
  })

  test('come with a CA that this machine was told to trust; kubectl is not asked', async () => {
    await using stage = await running({})
    const { place } = stage
    const bundle = join(place.cwd, 'roots.pem')
    await writeFile(bundle, place.aws.caCertificate + PKI.ca.cert)
    const args = [...known(stage), '--output', 'json']
    const ended = await place.run(args, { NODE_EXTRA_CA_CERTS: bundle, PATH: '/usr/bin:/bin' })
    expect(ended.json()).toMatchObject({ thumbprints: [LEAF, CA] })
    expect(ended.json()['warnings']).toEqual(
      expect.arrayContaining([expect.stringContaining('added on this machine')]),
    )
  })

  test('are not taken of a certificate that another CA has issued', async () => {
    const other = clusterPki().ca.cert
    await using stage = await running({ answers: { [CONFIG_MAP]: other } })
    const ended = await stage.run(...known(stage))
    const says = [/CN=kube-apiserver/, /proxy/, 'config current-context']
    expectProblem(ended, { code: 'cluster/other-ca', exit: 1, says })
    expect(stage.place.aws.state.providers.size).toBe(0)
  })

  test('without kubectl, the CA can come from a file', async () => {
    await using stage = await running({})
    const { place } = stage
    const args = [...known(stage), '--output', 'json']
    const ended = await place.run(args, { PATH: join(place.cwd, 'nothing') })
    const says = ['kubectl was not found', 'NODE_EXTRA_CA_CERTS']
    expectProblem(ended, { code: 'cluster/ca-unknown', exit: 1, says })
  })

  test('of a renewed certificate come first, and those before stay', async () => {
    await using stage = await running({})
    const { api, place } = stage
    await stage.run(...known(stage))
    const [provider] = place.aws.state.providers.values()
    const old = '0'.repeat(40)
    if (provider) provider.thumbprints = [old, CA]
    const planned = await stage.run('plan', '--exit-code')
    expect(planned).toMatchObject({ code: 3 })
    await stage.run('apply', '--yes')
    expect(provider?.thumbprints).toEqual([LEAF, CA, old])
    const created = await stage.run('create-provider', '--issuer', api.url)
    expect(created.json()).toMatchObject({ changes: [{ action: 'none' }], thumbprints: [LEAF, CA] })
  })
})

describe('what the API server serves', () => {
  let stage: Scene

  beforeAll(async () => {
    stage = await scene()
    await writeFile(join(stage.place.cwd, 'sa.pub'), publicPem(rsa()))
    const config = {
      issuer: stage.api.url,
      host: { type: 'cluster' },
      keys: [{ public: 'sa.pub' }],
    }
    await writeFile(join(stage.place.cwd, 'irsa.yaml'), configText(config))
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  test.each([
    [{ refusal: 401 as const }, 'cluster/anonymous-refused', ['anonymous-auth=true', /k3s/]],
    [{ refusal: 403 as const }, 'cluster/anonymous-refused', ['ClusterRoleBinding']],
    [{}, 'cluster/not-served-yet', ['404', '--service-account-issuer']],
    [{ issuer: 'https://a.example' }, 'cluster/other-issuer', ['"https://a.example"']],
    [{ jwksUri: 'https://10.0.0.1:6443/openid/v1/jwks' }, 'cluster/other-key-set', ['10.0.0.1']],
    [{ keys: [{ kid: 'a', kty: 'RSA' }] }, 'cluster/key-missing', [/\(sa\.pub\)/]],
    [{ redirect: 'https://b.example' }, 'documents/redirected', ['https://b.example']],
  ])('%j ends in %s, and no provider', async (said, code, says) => {
    const { discovery, url } = stage.api
    const whole = { jwksUri: undefined, refusal: undefined, redirect: undefined, keys: [] }
    const issuer = Object.keys(said).length === 0 ? undefined : url
    Object.assign(discovery, whole, { issuer }, said)
    const apply = () => stage.run('apply', '--yes')
    expectProblem(await apply(), { code, exit: 1, says })
    expect(stage.place.aws.state.providers.size).toBe(0)
  })

  test('is not there to be published', async () => {
    const says = ['--service-account-key-file', 'irsa apply']
    const expected = { code: 'cluster/publishes-itself', exit: 2, says } as const
    await expectRefusal(stage.place, ['publish-jwks'], expected)
  })

  test('can be left to a folder beside it', async () => {
    const built = await stage.run('build-documents', '--dry-run')
    expect(built).toMatchObject({ code: 0 })
  })
})

test('an API server that is not there yet: init keeps what it made, and can be run again', async () => {
  await using place = await workplace()
  const run = () => place.run([...init('https://api.localhost:9'), '--output', 'json'])
  const says = ['refused the connection', 'irsa apply', 'are kept']
  expectProblem(await run(), { code: 'cluster/not-served-yet', exit: 1, says })
  const key = await readFile(join(place.cwd, 'keys/sa-signer.key'), 'utf8')
  expectProblem(await run(), { code: 'cluster/not-served-yet', exit: 1, says })
  expect(await readFile(join(place.cwd, 'keys/sa-signer.key'), 'utf8')).toBe(key)
  expect(writes(place.aws.requests)).toEqual([])
})

describe('an issuer that no API server can serve', () => {
  let place: Workplace
  beforeAll(async () => void (place = await workplace()))
  afterAll(() => place[Symbol.asyncDispose]())

  test.each([
    ['a path', 'https://api.example.com/k8s', 'cluster/issuer-has-path', /--issuer https:\S+com$/m],
    ['a query', 'https://api.example.com?a=b', 'issuer/has-query', /Leave it out/],
    ['plain http', 'http://api.example.com', 'issuer/not-https', /https/],
  ])('%s is refused without asking AWS, and nothing is made', async (_, issuer, code, says) => {
    const env = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    await expectRefusal(place, init(issuer), { code, exit: 2, says: [says], env })
  })

  test.each(['--bucket', '--directory', '--prefix'])('%s has no place there', async (flag) => {
    const expected = { code: 'usage/flags-conflict', exit: 2, says: [flag] } as const
    await expectRefusal(place, init('https://api.example.com', flag, 'a'), expected)
  })
})
