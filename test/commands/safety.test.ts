import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { at } from '../support/signed-calls.ts'

const BUCKET = 'oidc-acme'

async function established(bucket = BUCKET): Promise<Workplace> {
  const place = await workplace()
  const made = await place.run(['init', '--name', 'aaa', '--bucket', bucket, '--yes'])
  expect(made.code, made.stderr).toBe(0)
  return place
}

async function rewrite(place: Workplace, edit: (text: string) => string): Promise<void> {
  const file = join(place.cwd, 'irsa.yaml')
  await writeFile(file, edit(await readFile(file, 'utf8')))
}

const published = ({ aws }: Workplace): string[] => {
  const [current] = aws.state.buckets.get(BUCKET)?.objects.get('keys.json') ?? []
  const { keys } = JSON.parse(current?.body.toString() ?? '{"keys":[]}') as {
    keys: { kid: string }[]
  }
  return keys.map(({ kid }) => kid)
}

async function publishAnother(place: Workplace, folder: string): Promise<string> {
  const pair = await place.run(['generate-keypair', '--out-dir', folder, '-o', 'json'])
  const ended = await place.run(['publish-jwks', '--public-key', `${folder}/sa-signer.pub`])
  expect(ended.code, ended.stderr).toBe(0)
  return pair.json<{ kid: string }>().kid
}

test('--prune removes what it named, and nothing that appeared meanwhile', async () => {
  await using place = await established()
  const named = await publishAnother(place, 'second')
  let late = ''
  place.aws.intercept(async ({ operation }) => {
    if (operation !== 'PutObject') return undefined
    place.aws.intercept(undefined)
    late = await publishAnother(place, 'third')
    return undefined
  })
  const pruned = await place.run(['publish-jwks', '--prune', '--yes'])
  expect(pruned.code, pruned.stderr).toBe(0)
  expect(published(place)).toContain(late)
  expect(published(place)).not.toContain(named)
})

describe('destroy', () => {
  test('takes a provider away even if its tags are gone, before the bucket', async () => {
    await using place = await established()
    for (const provider of place.aws.state.providers.values()) provider.tags = []
    const ended = await place.run(['destroy', '--confirm', 'aaa', '--delete-bucket'])
    expect(ended.code, ended.stderr).toBe(0)
    expect(place.aws.state.providers.size).toBe(0)
    expect(place.aws.state.buckets.size).toBe(0)
  })

  test('keeps a bucket whose provider could not be taken away', async () => {
    await using place = await established()
    place.aws.intercept(
      at('DeleteOpenIDConnectProvider', () => ({
        kind: 'error',
        status: 403,
        code: 'AccessDenied',
        message: 'User: x is not authorized to perform: iam:DeleteOpenIDConnectProvider',
      })),
    )
    const ended = await place.run(['destroy', '--confirm', 'aaa', '--delete-bucket', '-o', 'json'])
    expect(ended.code).toBe(1)
    expect(
      ended.json<{ left: { resource: string }[] }>().left.map(({ resource }) => resource),
    ).toEqual(['provider', 'bucket'])
    expect(place.aws.state.buckets.has(BUCKET)).toBe(true)
  })

  test('touches nothing of another issuer in the same bucket', async () => {
    await using place = await established()
    const before = published(place)
    const issuer = `${place.aws.url}/${BUCKET}`
    await rewrite(place, (text) =>
      text.replace('name: aaa', 'name: bbb').replace(issuer, `${issuer}x`),
    )
    const ended = await place.run(['destroy', '--confirm', 'bbb', '--delete-bucket', '-o', 'json'])
    expect(ended.code).toBe(1)
    expect(published(place)).toEqual(before)
    expect(place.aws.state.buckets.get(BUCKET)?.policy).toContain('IrsaPublicDocuments')
    expect(place.aws.state.providers.size).toBe(1)
  })

  test('a second one writes nothing, a bucket that stayed included', async () => {
    await using place = await established()
    expect((await place.run(['destroy', '--confirm', 'aaa'])).code).toBe(0)
    const calls = place.aws.requests.length
    const again = await place.run(['destroy', '--confirm', 'aaa'])
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout).toContain('kept')
    const writes = place.aws.requests
      .slice(calls)
      .filter(({ operation }) => /^(Put|Delete)/.test(operation))
    expect(writes).toEqual([])
  })

  test('--yes alone is a usage error', async () => {
    await using place = await established()
    const ended = await place.run(['destroy', '--yes', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'usage/confirm-required', exit: 2 })
  })
})

describe('create-provider', () => {
  test('does not trust an issuer that serves nothing', async () => {
    await using place = await workplace()
    const ended = await place.run(['create-provider', '--issuer', `${place.aws.url}/nobody-has-it`])
    expect(ended.code).toBe(1)
    expect(place.aws.state.providers.size).toBe(0)
  })

  test('does not trust an issuer whose documents name another one', async () => {
    await using place = await established()
    const [document] =
      place.aws.state.buckets.get(BUCKET)?.objects.get('.well-known/openid-configuration') ?? []
    place.aws.state.providers.clear()
    const body = Buffer.from(
      document?.body.toString().replace('"issuer": "', '"issuer": "https://other.') ?? '',
    )
    place.aws.state.buckets
      .get(BUCKET)
      ?.objects.set('.well-known/openid-configuration', [{ ...document!, body }])
    const ended = await place.run(['create-provider', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'documents/discovery-mismatch', exit: 1 })
    expect(place.aws.state.providers.size).toBe(0)
  })

  test('refuses the credentials of another account than that of irsa.yaml', async () => {
    await using place = await established()
    await rewrite(place, (text) => text.replace('111122223333"', '999999999999"'))
    const ended = await place.run(['create-provider', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'config/other-account', exit: 4 })
  })
})

test.each([['apply', '--yes'], ['plan'], ['publish-jwks'], ['destroy', '--confirm', 'aaa']])(
  '%s refuses another region than that of irsa.yaml',
  async (...command) => {
    await using place = await established()
    const ended = await place.run([...command, '--region', 'us-east-1', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'config/other-issuer', exit: 2 })
  },
)

test.each([
  ['--issuer', 'https://oidc.example.com'],
  ['--prefix', 'blue'],
])('publish-jwks refuses %s that contradicts irsa.yaml', async (flag, value) => {
  await using place = await established()
  const ended = await place.run(['publish-jwks', flag, value, '-o', 'json'])
  expect(ended.problem()).toMatchObject({ code: 'config/other-issuer', exit: 2 })
})

test('a document that is encrypted with KMS is written anew', async () => {
  await using place = await established()
  const objects = place.aws.state.buckets.get(BUCKET)?.objects
  const [current] = objects?.get('keys.json') ?? []
  const headers = { ...current?.headers, 'x-amz-server-side-encryption': 'aws:kms' }
  objects?.set('keys.json', [{ ...current!, headers }])
  const planned = await place.run(['plan', '-o', 'json'])
  expect(planned.json<{ changes: object[] }>().changes).toContainEqual({
    action: 'update',
    resource: 'object',
    id: 'keys.json',
  })
})

test('an account that blocks public policies is found even where the bucket itself is open', async () => {
  await using place = await established()
  const bucket = place.aws.state.buckets.get(BUCKET)
  if (bucket !== undefined) bucket.policy = undefined
  place.aws.state.accountBlock = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  const ended = await place.run(['apply', '--yes', '-o', 'json'])
  expect(ended.problem()).toMatchObject({ code: 'bucket/blocked-by-account', exit: 4 })
})
