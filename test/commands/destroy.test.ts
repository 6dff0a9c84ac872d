import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workplace, type Ended, type Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal, writes } from '../support/problems.ts'

const BUCKET = 'irsa-blue-111122223333-eu-west-3-an'
const DESTROY = ['destroy', '--confirm', 'blue', '-o', 'json']

interface Destroyed {
  readonly changes: readonly { action: string; resource: string; id: string }[]
  readonly left: readonly { resource: string; id: string; why: string }[]
}

const actionsOf = (ended: Ended): Record<string, string> =>
  Object.fromEntries(
    ended
      .json<Destroyed & Record<string, unknown>>()
      .changes.map(({ action, resource, id }) => [resource === 'object' ? id : resource, action]),
  )

async function made(...args: string[]): Promise<Workplace> {
  const place = await workplace()
  const ended = await place.run(['init', '--name', 'blue', '--yes', ...args])
  expect(ended).toMatchObject({ code: 0 })
  return place
}

describe('irsa destroy', () => {
  test('takes provider, documents and bucket away, and leaves local files alone', async () => {
    await using place = await made()
    const before = place.aws.requests.length
    const issuer = `${place.aws.url}/${BUCKET}`
    const ended = await place.run(DESTROY)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const members = ['apiVersion', 'kind', 'issuer', 'changes', 'left']
    expect(Object.keys(ended.json()).slice(0, 5)).toEqual(members)
    expect(ended.json()).toMatchObject({ kind: 'Destroyed', issuer, left: [] })
    expect(actionsOf(ended)).toEqual({
      provider: 'delete',
      'keys.json': 'delete',
      '.well-known/openid-configuration': 'delete',
      'bucket-policy': 'delete',
      'public-access-block': 'none',
      bucket: 'delete',
    })
    const order = writes(place.aws.requests.slice(before))
    expect(order[0]).toBe('DeleteOpenIDConnectProvider')
    expect(order.at(-1)).toBe('DeleteBucket')
    expect([place.aws.state.buckets.size, place.aws.state.providers.size]).toEqual([0, 0])
    expect((await readdir(place.cwd)).toSorted()).toEqual(['aws', 'irsa.yaml', 'keys'])
    expect(await readdir(join(place.cwd, 'keys'))).toContain('sa-signer.key')
  })

  test('again: nothing is there, and that is fine', async () => {
    await using place = await made()
    await place.run(DESTROY)
    const again = await changingNothing(place, () => place.run(DESTROY))
    expect(again.code).toBe(0)
    expect(new Set(Object.values(actionsOf(again)))).toEqual(new Set(['none']))
  })

  test('--dry-run changes nothing', async () => {
    await using place = await made()
    const plan = ['destroy', '--dry-run', '-o', 'json']
    const ended = await changingNothing(place, () => place.run(plan))
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ kind: 'Plan' })
    const human = await changingNothing(place, () => place.run(['destroy', '--dry-run']))
    expect(human.stdout).toMatch(/- provider .*\n/)
  })

  test('--yes alone is not enough, and neither is another name', async () => {
    await using place = await made()
    await expectRefusal(place, ['destroy', '--yes'], { code: 'usage/confirm-required', exit: 2 })
    const other = ['destroy', '--confirm', 'green']
    await expectRefusal(place, other, { code: 'usage/confirm-mismatch', exit: 2 })
    expect(place.aws.state.providers.size).toBe(1)
  })

  test('other objects keep the bucket, and are kept', async () => {
    await using place = await made()
    const bucket = place.aws.state.buckets.get(BUCKET)
    const [version] = bucket?.objects.get('keys.json') ?? []
    if (version !== undefined) bucket?.objects.set('index.html', [version])
    const ended = await place.run(DESTROY)
    expect(ended.code).toBe(0)
    expect(actionsOf(ended)).toMatchObject({ bucket: 'none', 'keys.json': 'delete' })
    expect([...(bucket?.objects.keys() ?? [])]).toEqual(['index.html'])
    expect(bucket?.policy).toBeUndefined()
  })

  test('a global name is kept, emptied and closed, until --delete-bucket', async () => {
    await using place = await made('--bucket', 'oidc-acme')
    const human = await place.run(['destroy', '--confirm', 'blue'])
    expect(human.code).toBe(0)
    expect(human.stdout).toContain('a stranger could claim its name')
    const bucket = place.aws.state.buckets.get('oidc-acme')
    expect(bucket?.objects.size).toBe(0)
    expect(bucket?.block).toMatchObject({ BlockPublicPolicy: true, RestrictPublicBuckets: true })
    expect(await place.run([...DESTROY, '--delete-bucket'])).toMatchObject({ code: 0 })
    expect(place.aws.state.buckets.size).toBe(0)
  })

  test('goes on where one thing fails, ends with 1 and says what is left', async () => {
    await using place = await made()
    place.aws.intercept(({ operation, resource }) =>
      operation === 'DeleteBucketPolicy'
        ? { kind: 'error', status: 403, code: 'AccessDenied', message: `not on ${resource}` }
        : undefined,
    )
    const ended = await place.run(DESTROY)
    expect(ended.code).toBe(1)
    const { left } = ended.json<{ left: Destroyed['left'] }>()
    expect(left).toMatchObject([
      { resource: 'bucket-policy', id: BUCKET, why: expect.stringContaining('s3:') },
      { resource: 'bucket', id: BUCKET, why: expect.stringContaining('bucket-policy') },
    ])
    expect(actionsOf(ended)).toMatchObject({ provider: 'delete', 'keys.json': 'delete' })
    place.aws.intercept(undefined)
    expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
    expect(place.aws.state.buckets.size).toBe(0)
  })
})
