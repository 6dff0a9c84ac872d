import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { irsa, workplace, type Workplace } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { withoutParts } from './parts.ts'
import { flagLines, placeFiles, printFlags } from './printed.ts'

const OLD = 'https://kubernetes.default.svc.cluster.local'
const USER = 'system:serviceaccount:default:default'

/** Where the node has the keys that the cluster was made with. */
interface Before {
  readonly publicKey: string
  readonly privateKey: string
}

describe.skipIf(withoutParts)('a change of issuer and signer on two API servers', () => {
  let place: Workplace
  let cluster: Cluster
  let servers: ApiServer[]
  let before: Before

  beforeAll(async () => {
    ;[place, cluster] = await Promise.all([workplace(), openCluster()])
    before = await ownKeys(cluster.identity.folder)
    await place.run(['init', '--name', 'moved', '--yes'])
    const flags = [
      `--service-account-issuer=${OLD}`,
      `--service-account-key-file=${before.publicKey}`,
      `--service-account-signing-key-file=${before.privateKey}`,
    ]
    // One after the other: the first makes what every cluster has.
    const first = await cluster.start(flags)
    servers = [first, await cluster.start(flags)]
    await first.kubectl(['-n', 'default', 'create', 'serviceaccount', 'default'])
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  const tokens: string[] = []
  const tried = { requests: 0, refused: 0 }

  /** As the token request of a pod without an audience: for the Kubernetes API. */
  const issue = async (server: ApiServer): Promise<void> => {
    const { stdout } = await server.kubectl(['-n', 'default', 'create', 'token', 'default'])
    tokens.push(stdout.trim())
  }

  /** Every token that was ever issued, on every API server that is up. */
  const tryAll = async (): Promise<void> => {
    for (const server of servers) {
      for (const user of await Promise.all(tokens.map((token) => server.whoIs(token)))) {
        tried.requests += 1
        tried.refused += user === USER ? 0 : 1
      }
    }
  }

  /** What one stage of the move prints, with the files where it wants them. */
  const printed = async (stage: string): Promise<string[]> => {
    const keyDir = join(cluster.identity.folder, 'irsa')
    const document = await printFlags(
      place,
      ...`--for flags --stage ${stage} --previous-issuer ${OLD} --key-dir ${keyDir}`.split(' '),
      ...`--previous-key-file ${before.publicKey}`.split(' '),
      ...`--previous-signing-key-file ${before.privateKey}`.split(' '),
    )
    await placeFiles(place, document)
    return flagLines(document)
  }

  /** One API server after the other gets these flags. */
  const roll = async (flags: readonly string[]): Promise<void> => {
    for (const [index, server] of servers.entries()) {
      await server.stop()
      servers[index] = await cluster.start(flags, server.port)
      await Promise.all(servers.map(issue))
      await tryAll()
    }
  }

  test('the three stages refuse no token that was issued before', async () => {
    await Promise.all(servers.map(issue))
    await tryAll()
    await roll(await printed('accept'))
    expect(new Set(tokens.map(issuerOf))).toEqual(new Set([OLD]))
    await roll(await printed('sign'))
    const signed = tokens.length
    // What the hours between two stages bring: every token in use is a new one.
    const old = tokens.splice(0, signed - 2)
    expect(old.some((token) => issuerOf(token) !== OLD)).toBe(true)
    expect(tokens.map(issuerOf)).not.toContain(OLD)
    await roll(await printed('finish'))
    expect(tried).toEqual({ requests: expect.any(Number), refused: 0 })
    process.stderr.write(`stages: ${tried.requests} requests tried, ${tried.refused} refused\n`)
    const [stale = ''] = old
    expect(await servers[0]?.whoIs(stale)).toBeUndefined()
  })

  test('the audiences are still those from before', () => {
    for (const token of tokens) expect(claimsOf(token).aud).toEqual([OLD])
  })

  test('a change that skips accept is refused in between, so that the count above means something', async () => {
    const flags = (await printed('finish')).map((line) =>
      line.startsWith('--service-account-issuer=')
        ? '--service-account-issuer=https://other'
        : line,
    )
    await roll(flags)
    expect(tried.refused).toBeGreaterThan(0)
  })
})

async function ownKeys(folder: string): Promise<Before> {
  const pki = join(folder, 'pki')
  await mkdir(pki)
  await irsa(['generate-keypair', '--out-dir', 'made'], { cwd: folder })
  const [publicKey, privateKey] = [join(pki, 'sa.pub'), join(pki, 'sa.key')]
  await copyFile(join(folder, 'made/sa-signer.pub'), publicKey)
  await copyFile(join(folder, 'made/sa-signer.key'), privateKey)
  return { publicKey, privateKey }
}

const claimsOf = (token: string): { iss: string; aud: string[] } =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const issuerOf = (token: string): string => claimsOf(token).iss
