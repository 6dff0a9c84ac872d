import { describe, expect, test } from 'vitest'
import { formatConfig, parseConfig, updateConfigText } from '../../src/adapters/config-file.ts'
import type { Config } from '../../src/core/config.ts'

const CONFIG: Config = {
  apiVersion: 'irsa/v1',
  name: 'blue',
  issuer: 'https://oidc.example.com',
  region: 'eu-west-3',
  host: { type: 's3', bucket: 'oidc-acme', prefix: 'blue' },
  audiences: ['sts.amazonaws.com'],
  keys: [{ public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' }],
  providers: [{ account: '111122223333', thumbprint: 'auto' }],
}

test('what is written is read back', async () => {
  const text = await formatConfig(CONFIG)
  expect(await parseConfig(text, 'irsa.yaml')).toEqual(CONFIG)
  // An account is no number: with a leading zero it would lose it.
  expect(text).toContain('account: "111122223333"')
  expect(text.endsWith('\n')).toBe(true)
})

test('a field is set in its place; comments, order and the rest stay', async () => {
  const text = (await formatConfig(CONFIG)).replace('region:', '# ours\nregion:')
  const audiences = ['sts.amazonaws.com', 'vault']
  const changed = await updateConfigText(text, { audiences })
  expect(await parseConfig(changed, 'irsa.yaml')).toEqual({ ...CONFIG, audiences })
  expect(changed).toBe(
    text.replace('  - sts.amazonaws.com\n', '  - sts.amazonaws.com\n  - vault\n'),
  )
})

const TEXT = await formatConfig(CONFIG)

describe('what does not fit is named with line and column', () => {
  test.each([
    [
      'not YAML',
      TEXT.replace('name: blue', 'name: [blue'),
      'config/malformed',
      /irsa\.yaml:\d+:\d+/,
    ],
    [
      'a field unknown',
      `${TEXT}isuer: x\n`,
      'config/unknown-field',
      /irsa\.yaml:\d+:\d+: .*"isuer"/,
    ],
    [
      'a newer version',
      TEXT.replace('irsa/v1', 'irsa/v2'),
      'config/api-version',
      /irsa\.yaml:3:13/,
    ],
    [
      'a name that is a number',
      TEXT.replace('blue\nissuer', '7\nissuer'),
      'config/invalid-field',
      /irsa\.yaml:4:7: "name"/,
    ],
    [
      'an account without quotes',
      TEXT.replaceAll('"', ''),
      'config/invalid-field',
      /"providers\.0\.account"/,
    ],
    [
      'no audience',
      TEXT.replace(/audiences:\n.*\n/, 'audiences: []\n'),
      'config/invalid-field',
      /"audiences"/,
    ],
    [
      'a host unknown',
      TEXT.replace('type: s3', 'type: ftp'),
      'config/invalid-field',
      /"host\.type"/,
    ],
    [
      'a field missing',
      TEXT.replace('region: eu-west-3\n', ''),
      'config/invalid-field',
      /"region"/,
    ],
    ['nothing', '', 'config/invalid-field', /irsa\.yaml/],
    ['a list', '- a\n', 'config/invalid-field', /irsa\.yaml/],
  ])('%s', async (_name, text, code, what) => {
    const parsing = parseConfig(text, 'irsa.yaml')
    await expect(parsing).rejects.toMatchObject({
      code,
      what: expect.stringMatching(what),
      exit: 2,
    })
  })
})
