import { join } from 'node:path'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientsFor } from '../sandbox/clients.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { withoutParts } from './parts.ts'
import { flagLines, placeFiles, printFlags } from './printed.ts'

describe.skipIf(withoutParts)('kube-apiserver with exactly the printed flags and key files', () => {
  let place: Workplace
  let cluster: Cluster
  let server: ApiServer
  let bucket: string

  beforeAll(async () => {
    ;[place, cluster] = await Promise.all([workplace(), openCluster()])
    const made = await place.run(['init', '--name', 'real', '--yes', '-o', 'json'])
    bucket = made.json<{ bucket: string }>().bucket
    const keyDir = join(cluster.identity.folder, 'irsa')
    const printed = await printFlags(place, '--for', 'flags', '--key-dir', keyDir)
    await placeFiles(place, printed)
    server = await cluster.start(flagLines(printed))
    await server.kubectl(['create', 'namespace', 'shop'])
    await server.kubectl(['-n', 'shop', 'create', 'serviceaccount', 'checkout'])
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  const token = async (...more: readonly string[]): Promise<string> =>
    (await server.kubectl(['-n', 'shop', 'create', 'token', 'checkout', ...more])).stdout.trim()

  test('its key set and the published one agree on every key', async () => {
    const served = await server.kubectl(['get', '--raw', '/openid/v1/jwks'])
    const published = place.aws.state.buckets.get(bucket)?.objects.get('keys.json')?.at(-1)
    const { keys } = JSON.parse(served.stdout)
    expect(keys).toHaveLength(1)
    expect(JSON.parse(String(published?.body)).keys).toEqual(keys)
  })

  test('its default token is accepted by the API server itself', async () => {
    expect(await server.whoIs(await token())).toBe('system:serviceaccount:shop:checkout')
  })

  test('a token for STS gets credentials through the published documents, and opens nothing else', async () => {
    const role = await place.run(['create-role', 'shop/checkout', '--yes', '-o', 'json'])
    expect(role).toMatchObject({ code: 0 })
    const { roleArn } = role.json<{ roleArn: string }>()
    const sts = await token('--audience', 'sts.amazonaws.com')
    const assume = (bearer: string) =>
      clientsFor(place.aws).sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn,
          RoleSessionName: 'test',
          WebIdentityToken: bearer,
        }),
      )
    const { AssumedRoleUser } = await assume(sts)
    expect(AssumedRoleUser?.Arn).toContain(':assumed-role/real-shop-checkout/')
    expect(await server.whoIs(sts)).toBeUndefined()
    await expect(assume(await token())).rejects.toThrow(/audience/i)
  })
})
