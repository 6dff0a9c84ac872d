import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { irsa, temporaryFolder, workplace } from './support/cli.ts'

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** Fenced blocks of one language. */
const blocks = (language: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  )

/** Every `irsa …` of the shell blocks, continued lines joined, comments and redirections cut. */
const commands = [...blocks('sh'), ...blocks('console')]
  .join('\n')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .flatMap((line) => /^(?:\$ )?(?:npx |npm ci && npx )?irsa (.*)$/.exec(line)?.[1] ?? [])
  .map((line) => line.replace(/\s+(#|>).*$/, '').trim())

test('the README names commands and flags that exist', async () => {
  await using folder = await temporaryFolder()
  expect(commands.length).toBeGreaterThan(8)
  for (const command of new Set(commands)) {
    const [name = '', ...words] = command.split(/\s+/)
    const help = await irsa([name, '--help'], { cwd: folder.path })
    expect(help.code, command).toBe(0)
    for (const flag of words.filter((word) => word.startsWith('--'))) {
      expect(help.stdout, command).toMatch(new RegExp(`${flag}\\b`))
    }
  }
})

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const S3_READER = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
}

test('the permissions in the README are enough for the whole life of an issuer', async () => {
  const [text = ''] = blocks('json')
  // The issuer is at the embedded AWS, not at a bucket's own host.
  const policy = text.replace('oidc-provider/irsa-*', 'oidc-provider/localhost:*/irsa-*')
  expect(policy).not.toBe(text)
  const operator = {
    accessKeyId: 'AKIAIOSFODNN7OPERATR',
    secretAccessKey: 'operator-secret',
    policy: JSON.parse(policy),
  }
  await using place = await workplace({ credentials: [operator] })
  await writeFile(join(place.cwd, 's3.json'), JSON.stringify(S3_READER))
  const steps = [
    ['init', '--name', 'production', '--yes'],
    ['init', '--audience', 'another', '--yes'],
    ['apply', '--yes'],
    ['plan', '--exit-code'],
    ['generate-keypair', '--out-dir', 'second'],
    ['publish-jwks', '--public-key', 'second/sa-signer.pub'],
    ['publish-jwks', '--prune', '--yes'],
    ['create-provider', '--audience', 'third'],
    ['create-role', 'shop/checkout', '--policy-arn', READ_ONLY],
    ['create-role', 'shop/checkout', '--policy-file', 's3.json'].concat(
      '--permissions-boundary',
      READ_ONLY,
    ),
    ['create-role', 'shop/checkout', 'shop/refund', '--role-name', 'production-shop-checkout'],
    ['verify', '--sign', '--service-account', 'shop/checkout'],
    ['audit-roles', '--no-cluster'],
    ['delete-role', '--role-name', 'production-shop-checkout', '--yes'],
    ['destroy', '--confirm', 'production'],
  ]
  for (const step of steps) {
    const ended = await place.run(step)
    expect(ended.stderr, step.join(' ')).not.toContain('aws/access-denied')
    expect(ended.code, step.join(' ')).toBe(0)
  }
  expect([...place.aws.state.buckets.keys()]).toEqual([])
  expect([...place.aws.state.providers.keys()]).toEqual([])
  expect([...place.aws.state.roles.keys()]).toEqual([])
})
