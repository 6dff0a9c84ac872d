import { describe, expect, test } from 'vitest'
import { buildProgram } from '../../src/commands/program.ts'
import { irsa } from '../support/cli.ts'

const run = (...args: string[]) => irsa(args, { cwd: '/' })

const NAMES = buildProgram('0', {
  open: () => Promise.reject(new Error('not opened')),
  end: () => undefined,
}).commands.map((command) => command.name())

describe('help', () => {
  test.each([[], ['--help'], ['-h'], ['help']])('irsa %s lists every command', async (...args) => {
    const ended = await run(...(args as string[]))
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    for (const name of NAMES) expect(ended.stdout).toContain(`\n  ${name} `)
    expect(ended.stdout).toContain('irsa demo')
  })

  test.each(NAMES)('irsa help %s is irsa … --help, with examples', async (name) => {
    const [one, other] = await Promise.all([run('help', name), run(name, '--help')])
    expect(one).toMatchObject({ code: 0, stderr: '' })
    expect(other.stdout).toBe(one.stdout)
    expect(one.stdout).toMatch(new RegExp(`^Usage: irsa ${name}`))
    expect(one.stdout).toContain(`Examples:\n  `)
    expect(one.stdout).toMatch(/\n {2}--config <file>/)
    expect(one.stdout).not.toMatch(/IRSA_|undefined|\[object/)
    expect(Math.max(...one.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  test.each([
    ['exit-codes', '130  interrupted'],
    ['environment', 'IRSA_KEY_BITS'],
    ['config', 'apiVersion: irsa/v1'],
    ['trust-chain', 'IAM OIDC provider'],
  ])('irsa help %s', async (topic, text) => {
    const ended = await run('help', topic)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain(text)
  })

  test('the example of irsa help config is a file that irsa reads', async () => {
    const { stdout } = await run('help', 'config')
    const text = stdout.slice(stdout.indexOf('apiVersion'), stdout.indexOf('To drop'))
    const { parseConfig } = await import('../../src/adapters/config-file.ts')
    const config = await parseConfig(text.replaceAll(/^ {2}/gm, ''), 'irsa.yaml')
    expect(config.name).toBe('production')
  })

  test('irsa --version', async () => {
    const ended = await run('--version')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(await run('-V')).toMatchObject({ stdout: ended.stdout })
  })
})

describe('a command line that cannot be read', () => {
  test.each([
    [['inti'], /inti.*init/s],
    [['help', 'inti'], /inti.*init/s],
    [['init', '--nmae', 'x'], /--nmae.*--name/s],
    [['init', '--name'], /--name.*argument missing/],
    [['init', '--host', 'ftp'], /--host.*s3, directory/],
    [['init', '--key-bits', '1024'], /2048, 3072, 4096/],
    [['plan', 'now'], /too many arguments/],
    [['print-thumbprint'], /missing required argument 'url'/],
    [['--output', 'xml', 'plan'], /--output.*human, json, yaml/],
    [['sandbox', '--port', '0'], /1 to 65535/],
  ])('irsa %j', async (args, said) => {
    const ended = await run(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(said)
    expect(ended.stderr).toContain('usage/invalid, exit 2')
  })

  test('with --output json it is one JSON object on stderr', async () => {
    const ended = await run('init', '--nmae', 'x', '--output', 'json')
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.problem()).toMatchObject({ kind: 'Problem', code: 'usage/invalid', exit: 2 })
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
  })

  test('a variable that does not fit is named', async () => {
    const ended = await irsa(['init'], { cwd: '/', env: { IRSA_KEY_BITS: '7' } })
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('IRSA_KEY_BITS')
  })
})
