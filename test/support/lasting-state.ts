import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bucket, Provider, Role, State } from '../../src/sandbox/model.ts'
import type { Workplace } from './cli.ts'

/**
 * Everything a run leaves behind, in AWS and in the folder, in words that are the same for every run:
 * what differs by nature (port, key, thumbprint, checksums) is named instead of shown.
 */
export async function lastingState(place: Workplace) {
  const folder = await filesIn(place.cwd)
  const named = await namer(place, folder.get('keys/sa-signer.pub')?.text)
  return {
    buckets: [...place.aws.state.buckets.values()].map((bucket) => describeBucket(bucket, named)),
    providers: [...place.aws.state.providers.values()].map((provider) =>
      describeProvider(provider, named),
    ),
    ...(place.aws.state.roles.size === 0
      ? {}
      : { roles: [...place.aws.state.roles.values()].map((role) => describeRole(role, named)) }),
    files: Object.fromEntries(
      [...folder]
        .filter(([path]) => !isTemporary(path))
        .map(([path, { mode, text }]) => [path, { mode, text: named(text) }]),
    ),
  }
}

type Named = (text: string) => string

/** Half-written files of a killed run, which the next one neither needs nor minds. */
export const isTemporary = (path: string): boolean => /(^|\/)\.[^/]*\.[0-9a-f]{12}\.tmp$/.test(path)

/** Every file below the folder but those of the sandbox, with its permission bits. */
export async function filesIn(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('aws/'))
  const contents = paths.toSorted().map(async (path) => {
    const file = join(folder, path)
    const mode = ((await stat(file)).mode & 0o777).toString(8)
    return [path, { mode, text: await readFile(file, 'utf8') }] as const
  })
  return new Map(await Promise.all(contents))
}

/** Names what differs from run to run; the kid is worked out as kube-apiserver does it. */
async function namer({ aws, cwd }: Workplace, publicPem: string | undefined): Promise<Named> {
  const privatePem = await readFile(join(cwd, 'keys/sa-signer.key'), 'utf8').catch(() => undefined)
  const sha1 = new X509Certificate(aws.caCertificate).fingerprint.replaceAll(':', '').toLowerCase()
  const names: [string, string][] = [
    [new URL(aws.url).host, '<host>'],
    [sha1, '<thumbprint>'],
  ]
  if (publicPem !== undefined) {
    const key = createPublicKey(publicPem)
    const der = key.export({ type: 'spki', format: 'der' })
    names.push([createHash('sha256').update(der).digest('base64url'), '<kid>'])
    names.push([String(key.export({ format: 'jwk' }).n), '<n>'], [publicPem, '<public key>'])
  }
  if (privatePem !== undefined && publicOf(privatePem) === publicPem) {
    names.push([privatePem, '<its private key>'])
  }
  return (text) => names.reduce((left, [value, name]) => left.replaceAll(value, name), text)
}

function publicOf(privatePem: string): string {
  return createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString()
}

function describeBucket(bucket: Bucket, named: Named) {
  const { name, region, namespace, tags, block, policy, ownership, versioning } = bucket
  const objects = [...bucket.objects].map(([key, versions]) => [
    key,
    versions.map(({ body, deleteMarker, headers, checksums }) => ({
      body: named(body.toString('utf8')),
      deleteMarker,
      headers,
      checksums: Object.keys(checksums),
    })),
  ])
  const about = { name, region, namespace, block, ownership, versioning }
  const sorted = tags.toSorted((one, other) => one.key.localeCompare(other.key))
  return { ...about, tags: sorted, policy, objects: Object.fromEntries(objects) }
}

const describeProvider = ({ arn, url, clientIds, thumbprints, tags }: Provider, named: Named) => ({
  arn: named(arn),
  url: named(url),
  clientIds,
  thumbprints: thumbprints.map(named),
  tags: tags.toSorted((one, other) => one.key.localeCompare(other.key)),
})

const describeRole = (role: Role, named: Named) => ({
  arn: role.arn,
  trust: JSON.parse(named(role.trustPolicy)),
  boundary: role.boundary,
  tags: role.tags.toSorted((one, other) => one.key.localeCompare(other.key)),
  attached: [...role.attached].toSorted(),
  inline: Object.fromEntries([...role.inline].toSorted(([a], [b]) => (a < b ? -1 : 1))),
})

/** Keeps what AWS is like now; the answer brings it back, as often as it is called. */
export function keepState(state: State): () => void {
  const buckets = [...state.buckets.values()].map(copyOf)
  const providers = [...state.providers.values()].map((provider) => ({ ...provider }))
  const roles = [...state.roles].map(([key, role]) => [key, copyOfRole(role)] as const)
  return () => {
    state.buckets.clear()
    state.providers.clear()
    state.roles.clear()
    for (const [key, role] of roles) state.roles.set(key, copyOfRole(role))
    for (const bucket of buckets) state.buckets.set(bucket.name, copyOf(bucket))
    for (const provider of providers) state.providers.set(provider.arn, { ...provider })
  }
}

const copyOf = (bucket: Bucket): Bucket => ({
  ...bucket,
  objects: new Map([...bucket.objects].map(([key, versions]) => [key, [...versions]])),
})

/** Takes away everything that a run left in the folder. */
export async function emptyFolder({ cwd }: Workplace): Promise<void> {
  for (const name of await readdir(cwd)) {
    if (name !== 'aws') await rm(join(cwd, name), { recursive: true })
  }
}

const copyOfRole = (role: Role): Role => ({
  ...role,
  attached: new Set(role.attached),
  inline: new Map(role.inline),
})
