import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { irsa, temporaryFolder, workplace, type Workplace } from '../support/cli.ts'
import { serveTls } from '../support/loopback-servers.ts'
import { issue, madeUpPki } from '../support/made-up-chains.ts'
import { spki } from '../support/pem-forms.ts'
import { changingNothing, writes } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

const KEY = rsa()
const OTHER = rsa()
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
const ISSUER = 'https://oidc.example.com'
const KID = expect.stringMatching(/^[\w-]{43}$/)

const put = (folder: string, name: string, text: string): Promise<void> =>
  writeFile(join(folder, name), text)

const keysOf = (
  place: Workplace,
  bucket: string,
  key = 'keys.json',
): { kid: string; alg: string }[] =>
  JSON.parse(
    place.aws.state.buckets.get(bucket)?.objects.get(key)?.[0]?.body.toString('utf8') ?? '{}',
  ).keys

describe('generate-keypair', () => {
  test('makes the two files, and reports them when called again', async () => {
    await using folder = await temporaryFolder()
    const run = () => irsa(['generate-keypair', '-o', 'json'], { cwd: folder.path })
    const made = await run()
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(made.json()).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'KeyPair',
      kid: KID,
      bits: 2048,
      privateKeyFile: 'keys/sa-signer.key',
      publicKeyFile: 'keys/sa-signer.pub',
    })
    const secret = join(folder.path, 'keys/sa-signer.key')
    expect((await stat(secret)).mode & 0o777).toBe(0o600)
    const text = await readFile(secret, 'utf8')
    expect(text).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
    const open = await readFile(join(folder.path, 'keys/sa-signer.pub'), 'utf8')
    expect(open).toBe(spki(createPublicKey(text)))
    const again = await run()
    expect(again.json()).toEqual(made.json())
    expect(await readFile(secret, 'utf8')).toBe(text)
  })

  test('--bits and --out-dir', async () => {
    await using folder = await temporaryFolder()
    const args = ['generate-keypair', '--bits', '3072', '--out-dir', 'secrets', '-o', 'json']
    const ended = await irsa(args, { cwd: folder.path })
    expect(ended.json()).toMatchObject({ bits: 3072, publicKeyFile: 'secrets/sa-signer.pub' })
  })

  test('reports the key that signs, whatever else the public file holds', async () => {
    await using folder = await temporaryFolder()
    const run = () => irsa(['generate-keypair', '-o', 'json'], { cwd: folder.path })
    const made = await run()
    const file = join(folder.path, 'keys/sa-signer.pub')
    await writeFile(file, publicPem(OTHER) + (await readFile(file, 'utf8')))
    expect((await run()).json()).toEqual(made.json())
  })

  test('--dry-run is a plan, makes nothing, and suggests nothing', async () => {
    await using folder = await temporaryFolder()
    const run = (...more: string[]) =>
      irsa(['generate-keypair', '--dry-run', ...more], { cwd: folder.path })
    const id = 'keys/sa-signer.key'
    expect((await run('-o', 'json')).json()).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'Plan',
      changes: [{ action: 'create', resource: 'key-pair', id }],
    })
    const ended = await run()
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('1 to create')
    await expect(stat(join(folder.path, 'keys'))).rejects.toThrow('ENOENT')
    await irsa(['generate-keypair'], { cwd: folder.path })
    expect((await run('-o', 'json')).json()).toMatchObject({
      changes: [{ action: 'none', resource: 'key-pair', id }],
    })
  })

  test('keeps only the private key out of git, in the folder of a project too', async () => {
    await using folder = await temporaryFolder()
    const run = () => irsa(['generate-keypair', '--out-dir', '.'], { cwd: folder.path })
    expect(await run()).toMatchObject({ code: 0 })
    expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe(
      '/sa-signer.key\n/.sa-signer.key.*.tmp\n',
    )
  })

  test('names the line that a .gitignore lacks', async () => {
    await using folder = await temporaryFolder()
    await put(folder.path, '.gitignore', 'node_modules\n')
    const ended = await irsa(['generate-keypair', '--out-dir', '.'], { cwd: folder.path })
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('/sa-signer.key')
    expect(await readFile(join(folder.path, '.gitignore'), 'utf8')).toBe('node_modules\n')
  })

  test('says what to type next', async () => {
    await using folder = await temporaryFolder()
    const run = (...more: string[]) => irsa(['generate-keypair', ...more], { cwd: folder.path })
    expect((await run('--region', 'eu-west-3')).stderr).toContain('  irsa init --region eu-west-3 ')
    expect((await run('--out-dir', 'my keys')).stderr).toContain(
      "  irsa init --public-key 'my keys/sa-signer.pub' ",
    )
    await put(folder.path, 'irsa.yaml', '')
    expect((await run()).stderr).toContain('  irsa publish-jwks --public-key keys/sa-signer.pub ')
  })
})

describe('build-documents', () => {
  test('writes both documents, the same bytes each time', async () => {
    await using folder = await temporaryFolder()
    await put(folder.path, 'sa.pub', publicPem(KEY))
    const args = ['build-documents', '--issuer', ISSUER, '--public-key', 'sa.pub', '-o', 'json']
    const ended = await irsa(args, { cwd: folder.path })
    const files = ['public/.well-known/openid-configuration', 'public/keys.json']
    expect(ended.json()).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'Documents',
      issuer: ISSUER,
      keys: [{ kid: KID, file: 'sa.pub' }],
      files,
    })
    const read = () => Promise.all(files.map((file) => readFile(join(folder.path, file), 'utf8')))
    const [discovery = '', keySet = ''] = await read()
    expect(JSON.parse(discovery)).toMatchObject({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys.json` })
    expect(JSON.parse(keySet).keys).toHaveLength(1)
    await irsa(args, { cwd: folder.path })
    expect(await read()).toEqual([discovery, keySet])
  })

  test('--dry-run is a plan, and writes nothing', async () => {
    await using folder = await temporaryFolder()
    await put(folder.path, 'sa.pub', publicPem(KEY))
    const args = ['build-documents', '--issuer', ISSUER, '--public-key', 'sa.pub']
    const planned = async () =>
      (await irsa([...args, '--dry-run', '-o', 'json'], { cwd: folder.path })).json()
    const plan = (action: string) => ({
      apiVersion: 'irsa/v1',
      kind: 'Plan',
      changes: ['public/.well-known/openid-configuration', 'public/keys.json'].map((id) => ({
        action,
        resource: 'object',
        id,
      })),
    })
    expect(await planned()).toEqual(plan('create'))
    await expect(stat(join(folder.path, 'public'))).rejects.toThrow('ENOENT')
    await irsa(args, { cwd: folder.path })
    expect(await planned()).toEqual(plan('none'))
    await put(folder.path, 'public/.well-known/openid-configuration', '{}')
    await put(folder.path, 'public/keys.json', '{ "keys": [] }')
    expect(await planned()).toEqual(plan('update'))
  })

  test('drops no key that is there, and writes over no other issuer', async () => {
    await using folder = await temporaryFolder()
    await put(folder.path, 'a.pub', publicPem(KEY))
    await put(folder.path, 'b.pub', publicPem(OTHER))
    const build = (issuer: string, ...files: string[]) =>
      irsa(
        ['build-documents', '-o', 'json', '--issuer', issuer].concat(
          files.flatMap((file) => ['--public-key', file]),
        ),
        { cwd: folder.path },
      )
    const read = () => readFile(join(folder.path, 'public/keys.json'), 'utf8')
    await build(ISSUER, 'a.pub')
    const before = await read()
    const { kid } = JSON.parse(before).keys[0]
    const dropping = await build(ISSUER, 'b.pub')
    expect(dropping.code).toBe(2)
    expect(dropping.problem()).toMatchObject({ code: 'documents/would-drop-keys', exit: 2 })
    expect(dropping.problem().what).toContain(kid)
    expect(dropping.problem().fix).toContain('--out-dir')
    const other = await build('https://other.example.com', 'a.pub')
    expect(other.problem()).toMatchObject({ code: 'documents/other-issuer' })
    expect(await read()).toBe(before)
    expect(await build(ISSUER, 'a.pub', 'b.pub')).toMatchObject({ code: 0 })
    expect(JSON.parse(await read()).keys).toHaveLength(2)
  })

  test('takes PKIX, a certificate and an elliptic curve', async () => {
    await using folder = await temporaryFolder()
    await put(folder.path, 'a.pub', publicPem(KEY))
    await put(folder.path, 'b.crt', issue({ name: 'signer' }).cert)
    await put(folder.path, 'c.pub', spki(EC))
    const keys = ['a.pub', 'b.crt', 'c.pub'].flatMap((file) => ['--public-key', file])
    const args = ['build-documents', '--issuer', ISSUER, ...keys]
    expect(await irsa(args, { cwd: folder.path })).toMatchObject({ code: 0 })
    const keySet = JSON.parse(await readFile(join(folder.path, 'public/keys.json'), 'utf8'))
    const algs = keySet.keys.map(({ alg }: { alg: string }) => alg)
    expect(algs.toSorted()).toEqual(['ES256', 'RS256', 'RS256'])
  })
})

describe('publish-jwks, with flags alone', () => {
  test('makes the bucket, and later adds keys to those published', async () => {
    await using place = await workplace()
    await put(place.cwd, 'a.pub', publicPem(KEY))
    await put(place.cwd, 'b.pub', publicPem(OTHER))
    const publish = (file: string, ...more: string[]) =>
      place.run([
        'publish-jwks',
        '--bucket',
        'oidc-acme',
        '--public-key',
        file,
        '-o',
        'json',
        ...more,
      ])
    const first = await publish('a.pub')
    expect(first).toMatchObject({ code: 0 })
    expect(first.json()).toMatchObject({
      kind: 'Applied',
      bucket: 'oidc-acme',
      issuer: `${place.aws.url}/oidc-acme`,
      providerArn: null,
      keys: [{ kid: KID, file: 'a.pub' }],
    })
    expect(place.aws.state.providers.size).toBe(0)
    expect(await publish('b.pub')).toMatchObject({ code: 0 })
    expect(keysOf(place, 'oidc-acme')).toHaveLength(2)
    const again = await changingNothing(place, () => publish('b.pub'))
    expect(again.code).toBe(0)
  })

  test('--prune names what it removes, and asks', async () => {
    await using place = await workplace()
    await put(place.cwd, 'a.pub', publicPem(KEY))
    await put(place.cwd, 'b.pub', publicPem(OTHER))
    const publish = (...args: string[]) =>
      place.run(['publish-jwks', '--bucket', 'oidc-acme', ...args])
    await publish('--public-key', 'a.pub', '--public-key', 'b.pub')
    const prune = ['--public-key', 'a.pub', '--prune']
    const refused = await changingNothing(place, () => publish(...prune))
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('removes the key')
    expect(refused.stderr).toContain('usage/yes-required')
    expect(await publish(...prune, '--yes')).toMatchObject({ code: 0 })
    expect(keysOf(place, 'oidc-acme')).toHaveLength(1)
  })
})

describe('what publish-jwks says to type next', () => {
  test('is create-provider with the same account, and only a plan beside an irsa.yaml', async () => {
    await using place = await workplace()
    await put(place.cwd, 'a.pub', publicPem(KEY))
    const publish = async (...more: string[]) =>
      (await place.run(['publish-jwks', '--public-key', 'a.pub', ...more])).stderr
    const given = ['--bucket', 'oidc-acme', '--region', 'eu-west-3']
    const issuer = `${place.aws.url}/oidc-acme`
    expect(await publish(...given)).toContain(
      `  irsa create-provider --issuer ${issuer} --region eu-west-3  `,
    )
    await place.run(['init', '--name', 'blue', '--yes'])
    const beside = await publish()
    expect(beside).toContain('  irsa plan  ')
    expect(beside).not.toContain('create-provider')
  })
})

describe('create-provider, with flags alone', () => {
  test('makes it, adds to it, and keeps what others added', async () => {
    await using place = await workplace()
    const issuer = await publishedIssuer(place)
    const create = (...args: string[]) =>
      place.run(['create-provider', '--issuer', issuer, '-o', 'json', ...args])
    const made = await create()
    expect(made).toMatchObject({ code: 0 })
    expect(made.json()).toMatchObject({
      kind: 'Applied',
      bucket: null,
      audiences: ['sts.amazonaws.com'],
      thumbprints: [expect.stringMatching(/^[0-9a-f]{40}$/)],
      changes: [{ action: 'create', resource: 'provider' }],
    })
    expect(await changingNothing(place, () => create())).toMatchObject({ code: 0 })
    await create('--audience', 'vault')
    const [provider] = place.aws.state.providers.values()
    expect(provider?.clientIds).toEqual(['sts.amazonaws.com', 'vault'])
    const kept = await place.run(['create-provider', '--issuer', issuer])
    expect(kept.stderr).toContain('keeps the audience vault')
  })

  test.each([
    ['none', /^[0-9a-f]{40}$/],
    ['9e99a48a9960b14926bb7f3b02e22da2b0ab7280', /^9e99a48a9960b14926bb7f3b02e22da2b0ab7280$/],
    ['9E:99:A4:8A:99:60:B1:49:26:BB:7F:3B:02:E2:2D:A2:B0:AB:72:80', /^9e99a48a/],
    ['SHA1 Fingerprint=9E:99:A4:8A:99:60:B1:49:26:BB:7F:3B:02:E2:2D:A2:B0:AB:72:80', /^9e99a48a/],
  ])('--thumbprint %s', async (thumbprint, kept) => {
    await using place = await workplace()
    const issuer = await publishedIssuer(place)
    const args = ['create-provider', '--issuer', issuer, '--thumbprint', thumbprint]
    expect(await place.run(args)).toMatchObject({ code: 0 })
    // Without one, IAM took it itself.
    const [provider] = place.aws.state.providers.values()
    expect(provider?.thumbprints).toEqual([expect.stringMatching(kept)])
    expect(await changingNothing(place, () => place.run(args))).toMatchObject({ code: 0 })
  })
})

async function publishedIssuer(place: Workplace): Promise<string> {
  await put(place.cwd, 'a.pub', publicPem(KEY))
  const args = ['publish-jwks', '--bucket', 'oidc-acme', '--public-key', 'a.pub', '-o', 'json']
  return String((await place.run(args)).json()['issuer'])
}

describe('print-thumbprint', () => {
  test('prints the bare thumbprint of the last certificate', async () => {
    await using place = await workplace()
    const { code, stdout } = await place.run(['print-thumbprint', place.aws.url])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[0-9a-f]{40}\n$/)
    const json = await place.run(['print-thumbprint', place.aws.url, '-o', 'json'])
    const document = json.json<{ chain: { sha1: string }[]; thumbprint: string }>()
    const members = ['apiVersion', 'kind', 'url', 'thumbprint', 'trusted', 'chain']
    expect(Object.keys(document).slice(0, 6)).toEqual(members)
    expect(document).toMatchObject({ kind: 'Thumbprint', trusted: true })
    expect(document.thumbprint).toBe(stdout.trim())
    expect(document.chain.at(-1)?.sha1).toBe(stdout.trim())
    const certificate = ['subject', 'issuer', 'notAfter', 'sha1']
    expect(Object.keys(document.chain[0] ?? {}).slice(0, 4)).toEqual(certificate)
  })

  test('--chain shows every certificate that is presented', async () => {
    await using place = await workplace()
    const { stdout } = await place.run(['print-thumbprint', place.aws.url, '--chain'])
    expect(stdout).toMatch(/^1 {2}.*\n {3}issued by .*\n/)
    expect(stdout).toMatch(/\nthumbprint [0-9a-f]{40}\n$/)
  })
})

describe('print-apiserver-flags', () => {
  test.each(['flags', 'kubeadm', 'k3s', 'kops'])('--for %s, from irsa.yaml', async (platform) => {
    await using place = await workplace()
    const made = await place.run(['init', '--name', 'blue', '--yes', '-o', 'json'])
    const args = ['print-apiserver-flags', '--for', platform]
    const { code, stdout } = await changingNothing(place, () => place.run(args))
    expect(code).toBe(0)
    expect(stdout).toContain(String(made.json()['issuer']))
    expect(stdout).not.toMatch(/PRIVATE KEY/)
    const json = (await place.run([...args, '--output', 'json'])).json<Record<string, unknown>>()
    expect(Object.keys(json).slice(0, 6)).toEqual([
      'apiVersion',
      'kind',
      'for',
      'flags',
      'files',
      'text',
    ])
    expect(json).toMatchObject({ kind: 'ApiServerFlags', for: platform, text: stdout })
  })

  test('with flags alone', async () => {
    await using folder = await temporaryFolder()
    const args = ['print-apiserver-flags', '--for', 'k3s', '--issuer', ISSUER]
    const ended = await irsa(args, { cwd: folder.path })
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toContain(ISSUER)
    expect(ended.stderr).toContain(
      'keys/sa-signer.pub is not here: make it with irsa generate-keypair',
    )
    await irsa(['generate-keypair'], { cwd: folder.path })
    expect(await irsa(args, { cwd: folder.path })).toMatchObject({ code: 0, stderr: '' })
  })

  test('--for kops writes down every key of a file', async () => {
    await using folder = await temporaryFolder()
    await mkdir(join(folder.path, 'keys'))
    await put(folder.path, 'keys/sa-signer.pub', publicPem(KEY) + publicPem(OTHER))
    const args = ['print-apiserver-flags', '--for', 'kops', '--issuer', ISSUER]
    const { stdout } = await irsa(args, { cwd: folder.path })
    expect(stdout.match(/-----BEGIN PUBLIC KEY/g)).toHaveLength(2)
  })
})

describe('init for a cluster that is running already', () => {
  test('--public-key: no pair is made', async () => {
    await using place = await workplace()
    await put(place.cwd, 'sa.pub', publicPem(KEY))
    await put(place.cwd, 'ec.pub', spki(EC))
    const keys = ['--public-key', 'sa.pub', '--public-key', 'ec.pub']
    const ended = await place.run(['init', '--name', 'blue', '--yes', '-o', 'json', ...keys])
    expect(ended).toMatchObject({ code: 0 })
    const { keys: published, bucket } = ended.json<{ keys: { file: string }[]; bucket: string }>()
    expect(published.map(({ file }) => file)).toEqual(['sa.pub', 'ec.pub'])
    expect(
      keysOf(place, bucket)
        .map(({ alg }) => alg)
        .toSorted(),
    ).toEqual(['ES256', 'RS256'])
    await expect(stat(join(place.cwd, 'keys'))).rejects.toThrow('ENOENT')
  })

  test('--jwks-from-cluster: its keys are read with kubectl, and kept as files', async () => {
    await using place = await workplace()
    await put(place.cwd, 'sa.pub', publicPem(KEY))
    const source = ['--issuer', ISSUER, '--public-key', 'sa.pub', '--out-dir', 'cluster']
    await place.run(['build-documents', ...source])
    const path = await standInKubectl(place.cwd)
    const args = ['init', '--name', 'blue', '--yes', '--jwks-from-cluster', '-o', 'json']
    const dry = await place.run([...args, '--dry-run'], path)
    expect(dry.json()).toMatchObject({ kind: 'Plan' })
    await expect(stat(join(place.cwd, 'keys'))).rejects.toThrow('ENOENT')
    const ended = await place.run(args, path)
    expect(ended).toMatchObject({ code: 0 })
    const { keys, bucket } = ended.json<{ keys: { file: string }[]; bucket: string }>()
    expect(keys).toEqual([{ kid: KID, file: expect.stringMatching(/^keys\/cluster-.*\.pub$/) }])
    expect(await readFile(join(place.cwd, keys[0]?.file ?? ''), 'utf8')).toBe(publicPem(KEY))
    expect(keysOf(place, bucket)).toHaveLength(1)
    expect(await readFile(join(place.cwd, 'kubectl.log'), 'utf8')).toContain(
      'get --raw /openid/v1/jwks',
    )
    // Later runs need no cluster.
    expect(await place.run(['plan', '--exit-code'])).toMatchObject({ code: 0 })
  })
})

/** A kubectl that answers with what the folder `cluster` holds. */
async function standInKubectl(folder: string): Promise<Record<string, string>> {
  await mkdir(join(folder, 'bin'))
  const script = `#!/bin/sh\necho "$@" >> '${folder}/kubectl.log'\ncat '${folder}/cluster/keys.json'\n`
  await put(folder, 'bin/kubectl', script)
  await chmod(join(folder, 'bin/kubectl'), 0o755)
  return { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` }
}

describe('init --host directory', () => {
  const init = (issuer: string, ...more: string[]) =>
    ['init', '--name', 'blue', '--yes', '--host', 'directory', '--directory', 'public'].concat(
      ['--issuer', issuer, '--output', 'json'],
      more,
    )

  test('reads the documents back where a server serves the folder', async () => {
    await using place = await workplace()
    const { root, leaf, intermediate } = madeUpPki()
    await put(place.cwd, 'roots.pem', place.aws.caCertificate + root.cert)
    const tls = { key: leaf.key, cert: leaf.cert + intermediate.cert }
    const asked: string[] = []
    await using server = await serveTls(tls, (request, response) => {
      asked.push(request.url ?? '')
      readFile(join(place.cwd, 'public', request.url ?? ''), 'utf8').then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      )
    })
    const roots = { NODE_EXTRA_CA_CERTS: join(place.cwd, 'roots.pem') }
    const ended = await place.run(init(`https://localhost:${server.port}`), roots)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ bucket: null, thumbprints: [KID_SHA1] })
    expect(asked.toSorted()).toEqual(['/.well-known/openid-configuration', '/keys.json'])
    expect(place.aws.state.buckets.size).toBe(0)
    expect(writes(place.aws.requests)).toEqual(
      expect.arrayContaining(['CreateOpenIDConnectProvider']),
    )
    const plan = await place.run(['plan', '--exit-code'], roots)
    expect(plan.code).toBe(0)
  })

  test('where nobody serves it yet, says so; the provider waits for its thumbprint', async () => {
    await using place = await workplace()
    const ended = await place.run(init('https://localhost:9'))
    expect(ended.code).toBe(1)
    expect(ended.problem()).toMatchObject({ code: 'documents/unreachable-yet' })
    expect(await readFile(join(place.cwd, 'public/keys.json'), 'utf8')).toContain('"keys"')
    expect(place.aws.state.providers.size).toBe(0)
    const thumbprint = '9e99a48a9960b14926bb7f3b02e22da2b0ab7280'
    const given = await place.run(init('https://localhost:9', '--thumbprint', thumbprint))
    expect(given.code).toBe(0)
    expect(place.aws.state.providers.size).toBe(1)
    expect(given.json()['warnings']).toEqual([expect.stringContaining('not served yet')])
  })
})

const KID_SHA1 = expect.stringMatching(/^[0-9a-f]{40}$/)
