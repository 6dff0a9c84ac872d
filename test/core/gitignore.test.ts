import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { gitignoreFor, ignores } from '../../src/core/gitignore.ts'

const folder = mkdtempSync(join(tmpdir(), 'irsa-test-'))
execFileSync('git', ['init', '--quiet'], { cwd: folder })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What git itself says. */
function gitIgnores(gitignore: string, file: string): boolean {
  writeFileSync(join(folder, '.gitignore'), gitignore)
  const args = ['check-ignore', '--quiet', '--no-index', '--', file]
  return spawnSync('git', args, { cwd: folder }).status === 0
}

describe('the rules for a key', () => {
  test.each(['sa-signer.key', 'my key.pem', 'a[1]*.key', '#1.key', '!important', 'end '])(
    'keep %j and its temporary file out of git, and nothing else',
    (file) => {
      const rules = gitignoreFor(file)
      for (const secret of [file, `.${file}.0a1b2c.tmp`]) {
        expect(gitIgnores(rules, secret)).toBe(true)
      }
      for (const open of ['README.md', 'sa-signer.pub', '.gitignore', `x${file}`]) {
        expect(gitIgnores(rules, open)).toBe(false)
      }
    },
  )
})

test.each([
  ['', false],
  ['*\n', true],
  ['*.key', true],
  ['# sa-signer.key\n', false],
  ['/sa-signer.key   \n', true],
  ['**/sa-signer.???\n', true],
  ['sa-signer.key/\n', false],
  ['below/sa-signer.key\n', false],
  ['*\n!*.pub\n!.gitignore\n', true],
  ['*\n!*.key\n', false],
  ['sa-signerxkey\n', false],
  ['sa\\-signer.key\n', true],
])('%j: %s', (gitignore, ignored) => {
  expect(ignores(gitignore, 'sa-signer.key')).toBe(ignored)
  expect(gitIgnores(gitignore, 'sa-signer.key')).toBe(ignored)
})

test('a rule in a file with CRLF counts, as whoever wrote it means', () => {
  expect(ignores('sa-signer.key\r\n', 'sa-signer.key')).toBe(true)
})
