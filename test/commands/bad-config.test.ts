import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal } from '../support/problems.ts'
import { configText, putSigner, rsa, wholeSigner } from '../support/signers.ts'

const GOOD = `apiVersion: irsa/v1
name: blue
issuer: https://oidc.example.com
region: eu-west-3
host:
  type: s3
  bucket: oidc-acme
audiences:
  - sts.amazonaws.com
keys:
  - public: keys/sa-signer.pub
providers:
  - account: "111122223333"
    thumbprint: auto
`

const without = (line: string) => GOOD.replace(`${line}\n`, '')
const but = (line: string, instead: string) => GOOD.replace(line, instead)

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  await putSigner(place.cwd, wholeSigner(rsa()))
})

afterAll(() => place[Symbol.asyncDispose]())

const write = (text: string | Buffer) => writeFile(join(place.cwd, 'irsa.yaml'), text)

const ROWS = [
  ['an open quote', but('blue', '"blue'), 'config/malformed', 'irsa.yaml:'],
  ['a tab', but('  type: s3', '\ttype: s3'), 'config/malformed', 'irsa.yaml:6:1'],
  ['an open list', but('- sts.amazonaws.com', '[sts'), 'config/malformed', /irsa\.yaml:\d+:\d+/],
  ['a field twice', but('name: blue', 'name: blue\nname: green'), 'config/malformed', 'yaml:3:1'],
  ['two documents', `${GOOD}---\n${GOOD}`, 'config/malformed', /irsa\.yaml:\d+:\d+/],
  ['an unknown alias', but('name: blue', 'name: *blue'), 'config/malformed', /irsa\.yaml[^]*blue/],
  ['text', 'hello\n', 'config/invalid-field', 'irsa.yaml'],
  ['a list', '- a\n- b\n', 'config/invalid-field', 'irsa.yaml'],
  ['nothing', '', 'config/invalid-field', 'irsa.yaml'],
  ['comments', '# soon\n', 'config/invalid-field', 'irsa.yaml'],
  [
    'an unknown field',
    but('name: blue', 'nmae: blue'),
    'config/unknown-field',
    /irsa\.yaml:2:1: .*"nmae"[^]*: apiVersion, name, issuer/,
  ],
  [
    'an unknown field deep in it',
    but('  bucket', '  bukket'),
    'config/unknown-field',
    /yaml:7:3: [^]*type, bucket, prefix/,
  ],
  ['an unknown field beside the rest', `${GOOD}colour: red\n`, 'config/unknown-field', 'yaml:15:1'],
  ['a newer apiVersion', but('irsa/v1', 'irsa/v2'), 'config/api-version', 'irsa.yaml:1:13'],
  ['an older apiVersion', but('irsa/v1', '1'), 'config/api-version', 'npx irsa@latest'],
  ['no apiVersion', without('apiVersion: irsa/v1'), 'config/invalid-field', 'apiVersion'],
  ['no name', without('name: blue'), 'config/invalid-field', /"name"[^]*missing/],
  ['no host', without('host:\n  type: s3\n  bucket: oidc-acme'), 'config/invalid-field', /"host"/],
  ['an empty name', but('name: blue', 'name:'), 'config/invalid-field', 'irsa.yaml:2:'],
  ['a name that is a number', but('blue', '7'), 'config/invalid-field', 'irsa.yaml:2:7'],
  ['another host', but('s3', 'ftp'), 'config/invalid-field', 'irsa.yaml:6:9'],
  ['no audience', but('\n  - sts.amazonaws.com', ' []'), 'config/invalid-field', 'irsa.yaml:8:12'],
  [
    'an account without quotes',
    but('"111122223333"', '111122223333'),
    'config/invalid-field',
    'quotes',
  ],
  ['a short account', but('111122223333', '1111'), 'config/invalid-field', 'twelve digits'],
  ['a thumbprint that is none', but('auto', 'soon'), 'config/invalid-field', 'irsa.yaml:14:17'],
  ['a malformed thumbprint', but('auto', '[abc]'), 'thumbprint/invalid', 'print-thumbprint'],
  ['an issuer over http', but('https:', 'http:'), 'issuer/not-https', '--issuer'],
  ['an issuer with a slash', but('.com\n', '.com/\n'), 'issuer/trailing-slash', '--issuer'],
  ['a dotted bucket', but('oidc-acme', 'oidc.acme'), 'bucket/dotted-name', '--bucket'],
  ['a name that does not fit', but('blue', 'Blue'), 'usage/name-invalid', '--name'],
  ['aliases that explode', explosion(), 'config/malformed', 'irsa.yaml'],
] as const

/** A billion laughs: a few lines that would come to gigabytes. */
function explosion(): string {
  const level = (n: number) =>
    `l${n}: &l${n} [${Array(10)
      .fill(`*l${n - 1}`)
      .join(', ')}]\n`
  return `l0: &l0 ha\n${[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level).join('')}`
}

test.each(ROWS)('an irsa.yaml with %s is refused', async (_, text, code, says) => {
  await write(text)
  await expectRefusal(place, ['plan'], { code, exit: 2, says: [says] })
})

test.each([['plan'], ['apply', '--yes'], ['destroy', '--confirm', 'blue'], ['init', '--yes']])(
  'irsa %s refuses an irsa.yaml of another account',
  async (...args) => {
    await write(but('111122223333', '999988887777'))
    const says = ['111122223333', '999988887777', '--profile']
    await expectRefusal(place, args, { code: 'config/other-account', exit: 4, says })
  },
)

test.each([
  ['apply', '--yes'],
  ['destroy', '--confirm', 'blue'],
  ['init', '--yes'],
  ['publish-jwks'],
  ['build-documents'],
  ['create-provider'],
  ['print-apiserver-flags'],
])('irsa %s reads the same file with the same care', async (...args) => {
  await write(but('name: blue', 'nmae: blue'))
  const expected = { code: 'config/unknown-field', exit: 2, says: ['irsa.yaml:2:'] } as const
  await expectRefusal(place, args, expected)
})

test.each([['plan'], ['apply', '--yes'], ['destroy', '--confirm', 'blue']])(
  'irsa %s without an irsa.yaml says how to get one',
  async (...args) => {
    const expected = { code: 'config/missing', exit: 2, says: ['irsa init', '--config'] } as const
    await expectRefusal(place, [...args, '--config', 'other.yaml'], expected)
  },
)

test('an irsa.yaml that is a folder cannot be read', async () => {
  await mkdir(join(place.cwd, 'folder.yaml'), { recursive: true })
  const args = ['plan', '--config', 'folder.yaml']
  await expectRefusal(place, args, { code: 'files/unreadable', exit: 1, says: ['folder.yaml'] })
})

test('an irsa.yaml that is binary is refused', async () => {
  await write(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]))
  const run = () => place.run(['plan', '-o', 'json'])
  const ended = await changingNothing(place, run)
  expect(ended.problem().code).toMatch(/^config\//)
  expect(ended.code).toBe(2)
})

describe('irsa init beside an irsa.yaml', () => {
  beforeEach(() => write(configText({ issuer: `${place.aws.url}/oidc-acme` })))

  test.each([
    ['another name', ['--name', 'green'], 'name'],
    ['another issuer', ['--issuer', 'https://oidc.example.org'], 'issuer'],
    ['another region', ['--region', 'eu-west-1'], 'region'],
    ['another bucket', ['--bucket', 'oidc-other'], 'host'],
    ['another prefix', ['--prefix', 'green'], 'host'],
    ['another host', ['--host', 'directory', '--directory', 'public'], 'host'],
  ])('refuses %s, for the tokens of running pods hang on it', async (_, flags, field) => {
    const args = ['init', ...flags, '--yes']
    const says = [`its ${field} is`, '--config']
    await expectRefusal(place, args, { code: 'config/other-issuer', exit: 2, says })
  })
})

describe('the command line', () => {
  test.each([
    ['an unknown flag', ['plan', '--colour'], 'usage/invalid', '--colour'],
    ['a misspelt flag', ['plan', '--dry-rum'], 'usage/invalid', '--dry-run'],
    ['an unknown command', ['aply'], 'usage/invalid', 'apply'],
    ['a flag without its value', ['plan', '--config'], 'usage/invalid', '--config'],
    ['an argument too many', ['plan', 'now'], 'usage/invalid', 'plan --help'],
    ['a host that is none', ['init', '--host', 'ftp'], 'usage/invalid', '--host'],
    ['no name', ['init', '--config', 'new.yaml', '--yes'], 'usage/answer-missing', '--name'],
    ['no yes', ['init', '--config', 'new.yaml', '--name', 'x'], 'usage/yes-required', '--yes'],
    [
      'no platform of that name',
      ['print-apiserver-flags', '--for', 'nomad'],
      'apiserver/unknown-platform',
      '--for',
    ],
  ])('with %s is a usage error', async (_, args, code, says) => {
    await write(configText())
    await expectRefusal(place, args, { code, exit: 2, says: [says] })
  })

  test('destroy wants the name, and --yes is not enough', async () => {
    await write(configText({ issuer: `${place.aws.url}/oidc-acme` }))
    expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
    const missing = { code: 'usage/confirm-required', exit: 2, says: ['--confirm blue'] } as const
    await expectRefusal(place, ['destroy'], missing)
    await expectRefusal(place, ['destroy', '--yes'], missing)
    const wrong = { code: 'usage/confirm-mismatch', exit: 2, says: ['--confirm blue'] } as const
    await expectRefusal(place, ['destroy', '--confirm', 'green'], wrong)
    await expectRefusal(place, ['destroy', '--confirm', 'green', '--yes'], wrong)
  })

  test('a plan nobody can say yes to changes nothing', async () => {
    await write(
      configText({
        issuer: `${place.aws.url}/oidc-other`,
        host: { type: 's3', bucket: 'oidc-other' },
      }),
    )
    const expected = { code: 'usage/yes-required', exit: 2, says: ['--yes', '--dry-run'] } as const
    await expectRefusal(place, ['apply'], expected)
  })
})
