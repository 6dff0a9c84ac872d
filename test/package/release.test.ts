import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanEnv, temporaryFolder } from '../support/cli.ts'

const run = promisify(execFile)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
/** A folder with nothing in it but the installed tarball. */
let home: string
let tarball: string

beforeAll(async () => {
  folder = await temporaryFolder()
  home = join(folder.path, 'home')
  tarball = await makeTarball('first')
  await mkdir(home)
  await npm(['install', '--no-audit', '--no-fund', tarball])
})

afterAll(() => folder[Symbol.asyncDispose]())

test('installs one package, with nothing else in reach', async () => {
  const installed = await readdir(join(home, 'node_modules'))
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['irsa'])
})

test('takes up no more than 3 MB', async () => {
  const files = await installedFiles()
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000)
})

test('has what it needs, and no sources, source maps or tests', async () => {
  const root = join(home, 'node_modules/irsa/')
  const files = (await installedFiles()).map((file) => file.slice(root.length))
  const top = [...new Set(files.map((file) => file.split('/')[0]))].toSorted()
  expect(top).toEqual(
    'CHANGELOG.md LICENSE README.md THIRD-PARTY-NOTICES.md bin dist package.json templates'.split(
      ' ',
    ),
  )
  expect(files.filter((file) => /\.(ts|map)$|\.test\.|(^|\/)tests?\//.test(file))).toEqual([])
})

test('asks npm for no dependency and no script', async () => {
  const [published, ours] = await Promise.all([
    readJson(join(home, 'node_modules/irsa/package.json')),
    readJson('package.json'),
  ])
  expect(Object.keys(published).filter((key) => /dependencies|scripts/i.test(key))).toEqual([])
  for (const key of ['name', 'version', 'description', 'license', 'type', 'engines', 'bin']) {
    expect(published[key]).toEqual(ours[key])
  }
})

test('is the same to the byte when it is made again', async () => {
  const again = await makeTarball('again')
  expect((await readFile(again)).equals(await readFile(tarball))).toBe(true)
})

test('answers to a cold npx that finds nothing but the tarball', async () => {
  const { version } = await readJson('package.json')
  const args = ['--yes', '--package', tarball, 'irsa', '--version']
  expect((await npx(args, folder.path)).stdout.trim()).toBe(version)
  const [cold = ''] = await readdir(join(folder.path, 'cache/_npx'))
  const installed = await readdir(join(folder.path, 'cache/_npx', cold, 'node_modules'))
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['irsa'])
})

test('carries the notices of what is bundled', async () => {
  const text = await readFile(join(home, 'node_modules/irsa/THIRD-PARTY-NOTICES.md'), 'utf8')
  for (const name of ['@aws-sdk/client-s3', 'commander', 'node-forge']) {
    expect(text).toContain(`| ${name} | `)
  }
})

test('prints its version and its help', async () => {
  const { version } = await readJson('package.json')
  expect((await irsa('--version')).stdout).toBe(`${String(version)}\n`)
  expect((await irsa('--help')).stdout).toContain('print-apiserver-flags')
})

test('makes a key pair and the documents of an issuer from it', async () => {
  const issuer = 'https://oidc.example.com'
  await irsa('generate-keypair', '--out-dir', 'keys')
  const flags = ['--issuer', issuer, '--public-key', 'keys/sa-signer.pub', '--out-dir', 'public']
  await irsa('build-documents', ...flags)
  const discovery = await readJson(join(home, 'public/.well-known/openid-configuration'))
  expect(discovery['issuer']).toBe(issuer)
  const keySet = await readJson(join(home, 'public/keys.json'))
  expect(keySet['keys']).toHaveLength(1)
})

test('finds its templates', async () => {
  const flags = ['--for', 'kubeadm', '--issuer', 'https://oidc.example.com']
  const { stdout } = await irsa('print-apiserver-flags', ...flags)
  expect(stdout).toContain('kind: ClusterConfiguration')
  expect(stdout).toContain('https://oidc.example.com')
})

/** Runs .ci/release.js into a folder of its own, and packs that. */
async function makeTarball(name: string): Promise<string> {
  const release = join(folder.path, name, 'release')
  const packed = join(folder.path, name, 'packed')
  await mkdir(packed, { recursive: true })
  await run(process.execPath, ['.ci/release.js', release])
  await npm(['pack', release, '--pack-destination', packed], packed)
  const [file = ''] = await readdir(packed)
  return join(packed, file)
}

/** npm and npx with a cache and a home of their own, and without a network. */
const offline =
  (tool: 'npm' | 'npx') =>
  (args: readonly string[], cwd = home) =>
    run(tool, ['--offline', ...args], {
      cwd,
      env: {
        ...cleanEnv(),
        HOME: folder.path,
        npm_config_cache: join(folder.path, 'cache'),
        npm_config_update_notifier: 'false',
      },
    })

const npm = offline('npm')
const npx = offline('npx')

/** The command that npm has linked, and nothing that npx could install in its place. */
const irsa = (...args: readonly string[]) => npx(['--no-install', 'irsa', ...args])

async function installedFiles(): Promise<string[]> {
  const root = join(home, 'node_modules/irsa')
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
}

const readJson = async (file: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(file, 'utf8'))
