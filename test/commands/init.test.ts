import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { workplace } from '../support/cli.ts'
import { changingNothing, writes } from '../support/problems.ts'
import { signedCalls } from '../support/signed-calls.ts'

const ACCOUNT = '111122223333'
const BUCKET = `irsa-blue-${ACCOUNT}-eu-west-3-an`
const INIT = ['init', '--name', 'blue', '--yes']
const KID = expect.stringMatching(/^[\w-]{43}$/)

/** The members that scripts rely on, and no others. */
const APPLIED = ['issuer', 'region', 'bucket', 'providerArn', 'audiences', 'thumbprints', 'keys']

describe('irsa init --yes', () => {
  test('prints one JSON document, exactly as promised', async () => {
    await using place = await workplace()
    const ended = await place.run([...INIT, '--output', 'json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const document = ended.json()
    expect(Object.keys(document)).toEqual(['apiVersion', 'kind', ...APPLIED, 'changes', 'warnings'])
    const host = new URL(place.aws.url).host
    expect(document).toEqual({
      apiVersion: 'irsa/v1',
      kind: 'Applied',
      issuer: `https://${host}/${BUCKET}`,
      region: 'eu-west-3',
      bucket: BUCKET,
      providerArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}/${BUCKET}`,
      audiences: ['sts.amazonaws.com'],
      thumbprints: [expect.stringMatching(/^[0-9a-f]{40}$/)],
      keys: [{ kid: KID, file: 'keys/sa-signer.pub' }],
      changes: [
        { action: 'create', resource: 'configuration', id: 'irsa.yaml' },
        { action: 'create', resource: 'key-pair', id: 'keys/sa-signer.key' },
        { action: 'create', resource: 'bucket', id: BUCKET },
        { action: 'create', resource: 'public-access-block', id: BUCKET },
        { action: 'create', resource: 'bucket-policy', id: BUCKET },
        { action: 'create', resource: 'object', id: '.well-known/openid-configuration' },
        { action: 'create', resource: 'object', id: 'keys.json' },
        {
          action: 'create',
          resource: 'provider',
          id: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}/${BUCKET}`,
        },
      ],
      warnings: [expect.stringContaining('a root that was added on this machine')],
    })
  })

  test('needs at most 12 signed requests, and at most 8 to see that all is right', async () => {
    await using place = await workplace()
    expect(await place.run(INIT)).toMatchObject({ code: 0 })
    expect(signedCalls(place.aws.requests).length).toBeLessThanOrEqual(12)
    const first = place.aws.requests.length
    const again = await changingNothing(place, () => place.run([...INIT, '-o', 'json']))
    expect(signedCalls(place.aws.requests.slice(first)).length).toBeLessThanOrEqual(8)
    expect(again.code).toBe(0)
    const { changes } = again.json<{ changes: { action: string }[] }>()
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['none']))
  })

  test('says for people what there is now and what to type next', async () => {
    await using place = await workplace()
    const { code, stdout, stderr } = await place.run(INIT)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^issuer {4}https:\/\/.*\nbucket {4}.*\nprovider {2}arn:.*\nkeys {6}.*\n$/,
    )
    expect(stderr).toContain('account 1111-2222-3333')
    expect(stderr).toContain('8 to create, 0 to change, 0 to delete, 0 already right')
    expect(stderr).toContain('irsa print-apiserver-flags --for kubeadm')
    expect(stderr).not.toMatch(ANSI)
    const second = await place.run(INIT)
    expect(second.stderr).toContain('Everything is right already; nothing was written.')
  })

  test('writes an irsa.yaml that apply finds nothing to do for', async () => {
    await using place = await workplace()
    await place.run(INIT)
    expect(await readFile(join(place.cwd, 'irsa.yaml'), 'utf8')).toBe(`\
# What irsa looks after: one issuer and its IAM OIDC provider. No secrets in here; commit it.

apiVersion: irsa/v1
name: blue
issuer: ${place.aws.url}/${BUCKET}
region: eu-west-3
host:
  type: s3
  bucket: ${BUCKET}
audiences:
  - sts.amazonaws.com
keys:
  - public: keys/sa-signer.pub
    private: keys/sa-signer.key
providers:
  - account: "${ACCOUNT}"
    thumbprint: auto
`)
    expect(await readFile(join(place.cwd, 'keys/.gitignore'), 'utf8')).toContain('/sa-signer.key\n')
    await changingNothing(place, async () => {
      expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
    })
  })

  test('--dry-run shows a plan and changes nothing, on disk neither', async () => {
    await using place = await workplace()
    const plan = ['init', '--name', 'blue', '--dry-run', '--yes']
    const ended = await changingNothing(place, () => place.run([...plan, '--output', 'json']))
    expect(ended.code).toBe(0)
    expect(Object.keys(ended.json())).toEqual(['apiVersion', 'kind', ...APPLIED, 'changes'])
    expect(ended.json()).toMatchObject({ kind: 'Plan', thumbprints: [], keys: [] })
    const human = await changingNothing(place, () => place.run(plan))
    expect(human.stdout).toContain('+ provider')
    expect(human.stdout).toContain('8 to create')
    expect(await readdir(place.cwd)).toEqual(['aws'])
  })

  test('-o yaml is the same document', async () => {
    await using place = await workplace()
    await place.run(INIT)
    const [json, yaml] = await Promise.all([
      place.run(['plan', '--output', 'json']),
      place.run(['plan', '-o', 'yaml']),
    ])
    const { parse } = await import('yaml')
    expect(parse(yaml.stdout)).toEqual(json.json())
  })

  test('--quiet leaves nothing but the result and what deserves a second look', async () => {
    await using place = await workplace()
    const { code, stdout, stderr } = await place.run([...INIT, '--quiet'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^! The certificate verifies only through .*\n$/)
    expect(stdout).toMatch(/^issuer/)
  })
})

describe('the bucket', () => {
  test('--prefix puts the documents, the issuer and the statement below it', async () => {
    await using place = await workplace()
    const ended = await place.run([...INIT, '--prefix', 'clusters/blue', '-o', 'json'])
    expect(ended.json()['issuer']).toBe(`${place.aws.url}/${BUCKET}/clusters/blue`)
    const bucket = place.aws.state.buckets.get(BUCKET)
    const keys = ['.well-known/openid-configuration', 'keys.json']
    const objects = keys.map((key) => `clusters/blue/${key}`)
    expect([...(bucket?.objects.keys() ?? [])].toSorted()).toEqual(objects)
    const [statement] = JSON.parse(bucket?.policy ?? '').Statement
    expect(statement.Resource).toEqual(objects.map((key) => `arn:aws:s3:::${BUCKET}/${key}`))
  })

  test('two issuers share one bucket, and going leaves the other alone', async () => {
    await using place = await workplace()
    const init = (name: string) =>
      place.run(
        ['init', '--name', name, '--bucket', 'oidc-acme', '--prefix', name].concat([
          '--config',
          `${name}/irsa.yaml`,
          '--yes',
        ]),
      )
    expect(await init('blue')).toMatchObject({ code: 0 })
    expect(await init('green')).toMatchObject({ code: 0 })
    const policy = () => JSON.parse(place.aws.state.buckets.get('oidc-acme')?.policy ?? '{}')
    expect(policy().Statement).toHaveLength(2)
    const gone = await place.run(['destroy', '--config', 'green/irsa.yaml', '--confirm', 'green'])
    expect(gone.code).toBe(0)
    expect(policy().Statement).toHaveLength(1)
    const plan = await place.run(['plan', '--exit-code', '--config', 'blue/irsa.yaml'])
    expect(plan.code).toBe(0)
  })

  test('one that was there before keeps its other statements', async () => {
    await using place = await workplace()
    await place.run(['init', '--name', 'other', '--bucket', 'oidc-acme', '--yes', '--quiet'])
    const bucket = place.aws.state.buckets.get('oidc-acme')
    const theirs = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucket',
      Resource: 'arn:aws:s3:::oidc-acme',
    }
    if (bucket === undefined) throw new Error('no bucket')
    bucket.policy = JSON.stringify({ Version: '2012-10-17', Statement: [theirs] })
    bucket.tags = []
    bucket.objects.clear()
    const ended = await place.run([...INIT, '--bucket', 'oidc-acme', '--config', 'blue.yaml'])
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('was there before irsa, which will not delete it')
    expect(JSON.parse(bucket.policy).Statement).toContainEqual(theirs)
    expect(JSON.parse(bucket.policy).Statement).toHaveLength(2)
  })

  test('a plain name is in the global namespace', async () => {
    await using place = await workplace()
    const ended = await place.run([...INIT, '--bucket', 'oidc-acme'])
    expect(ended.stderr).toContain('in the global namespace')
    expect(place.aws.state.buckets.get('oidc-acme')).toMatchObject({ namespace: 'global' })
  })

  test.each([
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('%s is in partition %s', async (region, partition) => {
    await using place = await workplace({ region })
    const ended = await place.run([...INIT, '--output', 'json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const bucket = `irsa-blue-${ACCOUNT}-${region}-an`
    const { providerArn } = ended.json<{ providerArn: string }>()
    expect(providerArn).toMatch(`arn:${partition}:iam::${ACCOUNT}:oidc-provider/`)
    const made = place.aws.state.buckets.get(bucket)
    expect(made).toMatchObject({ region, namespace: 'account-regional' })
    expect(JSON.parse(made?.policy ?? '').Statement[0].Resource[0]).toMatch(
      `arn:${partition}:s3:::${bucket}/`,
    )
    const again = await place.run(['plan', '--exit-code'])
    expect(again.code).toBe(0)
  })

  test.each([
    ['eu-west-3', `https://${BUCKET}.s3.eu-west-3.amazonaws.com`],
    ['us-east-1', `https://irsa-blue-${ACCOUNT}-us-east-1-an.s3.us-east-1.amazonaws.com`],
    ['cn-north-1', `https://irsa-blue-${ACCOUNT}-cn-north-1-an.s3.cn-north-1.amazonaws.com.cn`],
  ])('in %s, at S3 itself, its issuer is %s', async (region, issuer) => {
    await using place = await workplace({ region })
    const { AWS_ENDPOINT_URL: endpoint = '', ...env } = place.aws.env
    // Only STS is needed to work out the issuer; a plan of a folder asks S3 nothing.
    const ended = await place.run([...INIT, '--dry-run', '-o', 'json'], {
      ...env,
      AWS_ENDPOINT_URL: '',
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_ENDPOINT_URL_IAM: endpoint,
      AWS_ENDPOINT_URL_S3_CONTROL: endpoint,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: 'localhost',
    })
    // Nobody answers for S3 here, and the host that was asked is the issuer's.
    expect(ended.problem().what).toContain(new URL(issuer).host)
  })
})

describe('precedence', () => {
  test('flag before IRSA_ before irsa.yaml before the AWS configuration', async () => {
    await using place = await workplace()
    const planned = async (args: string[], env: Record<string, string>) => {
      const ended = await place.run(['init', '--yes', '--dry-run', '-o', 'json', ...args], env)
      return ended.json()['region']
    }
    const name = { IRSA_NAME: 'blue' }
    expect(await planned([], name)).toBe('eu-west-3')
    expect(await planned([], { ...name, IRSA_REGION: 'eu-west-1' })).toBe('eu-west-1')
    const both = { ...name, IRSA_REGION: 'eu-west-1' }
    expect(await planned(['--region', 'eu-west-2'], both)).toBe('eu-west-2')
    await place.run(INIT)
    expect(await planned([], { AWS_REGION: 'eu-west-1' })).toBe('eu-west-3')
  })

  test('IRSA_ variables stand for flags, repeatable ones and switches too', async () => {
    await using place = await workplace()
    const ended = await place.run(['init', '-o', 'json'], {
      IRSA_NAME: 'blue',
      IRSA_YES: '1',
      IRSA_AUDIENCE: 'sts.amazonaws.com vault',
      IRSA_BUCKET: 'oidc-acme',
      IRSA_CONFIG: 'blue.yaml',
      IRSA_QUIET: 'true',
    })
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({
      bucket: 'oidc-acme',
      audiences: ['sts.amazonaws.com', 'vault'],
    })
    expect(await readdir(place.cwd)).toContain('blue.yaml')
  })
})

test('what somebody changed by hand is named and mended, and nothing else is written', async () => {
  await using place = await workplace()
  await place.run(INIT)
  const bucket = place.aws.state.buckets.get(BUCKET)
  if (bucket === undefined) throw new Error('no bucket')
  bucket.policy = undefined
  const plan = await place.run(['plan', '--exit-code', '--output', 'json'])
  expect(plan.code).toBe(3)
  const { changes } = plan.json<{ changes: { action: string; resource: string }[] }>()
  expect(changes.filter(({ action }) => action !== 'none')).toMatchObject([
    { action: 'create', resource: 'bucket-policy' },
  ])
  const before = place.aws.requests.length
  expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
  expect(writes(place.aws.requests.slice(before))).toEqual(['PutBucketPolicy'])
  expect(await place.run(['plan', '--exit-code'])).toMatchObject({ code: 0 })
})

// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[/
