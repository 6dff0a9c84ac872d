import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../../src/commands/program.ts'
import { readVariables } from '../../src/commands/variables.ts'
import { irsa, temporaryFolder, workplace } from '../support/cli.ts'
import { changingNothing } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

/** The options that a command line and an environment come to. */
async function optionsOf(args: readonly string[], env: Readonly<Record<string, string>>) {
  const session = { open: () => Promise.reject(STOPPED), end: () => undefined }
  const program = buildProgram('0', session)
  let options: Record<string, unknown> = {}
  program.exitOverride().hook('preAction', (_program, command) => {
    readVariables(command, env)
    options = command.optsWithGlobals()
  })
  await program.parseAsync([...args], { from: 'user' }).catch((error: unknown) => {
    if (error !== STOPPED) throw error
  })
  return options
}

const STOPPED = new Error('not opened')

describe('a switch', () => {
  test.each(['1', 'true', 'yes', 'TRUE', 'Yes', ' 1 '])('is on with %j', async (text) => {
    const env = { IRSA_YES: text, IRSA_NO_INPUT: text, IRSA_NO_COLOR: text, IRSA_PRUNE: text }
    expect(await optionsOf(['publish-jwks'], env)).toMatchObject({
      yes: true,
      input: false,
      color: false,
      prune: true,
    })
  })

  test.each(['', ' ', '0', 'false', 'no', 'False', 'NO'])('is off with %j', async (text) => {
    const env = { IRSA_YES: text, IRSA_DRY_RUN: text, IRSA_NO_INPUT: text, IRSA_NO_COLOR: text }
    const options = await optionsOf(['apply'], env)
    expect(options).toMatchObject({ input: true, color: true })
    expect(options).not.toHaveProperty('yes')
    expect(options).not.toHaveProperty('dryRun')
  })

  test.each(['maybe', '2', 'on', 'y'])('is refused with %j', async (text) => {
    await expect(optionsOf(['apply'], { IRSA_DRY_RUN: text })).rejects.toMatchObject({
      code: 'usage/variable-invalid',
      exit: 2,
      what: expect.stringContaining('IRSA_DRY_RUN'),
    })
  })

  test('that is given as a flag is on whatever its variable says', async () => {
    expect(await optionsOf(['apply', '--yes'], { IRSA_YES: '0' })).toMatchObject({ yes: true })
  })
})

describe('a value', () => {
  test('comes before a default and after a flag', async () => {
    const env = { IRSA_CONFIG: 'a.yaml', IRSA_OUTPUT: 'yaml', IRSA_BITS: '4096' }
    expect(await optionsOf(['generate-keypair'], env)).toMatchObject({
      config: 'a.yaml',
      output: 'yaml',
      bits: 4096,
      outDir: 'keys',
    })
    const flags = ['--config', 'b.yaml', 'generate-keypair', '-o', 'json', '--bits', '2048']
    expect(await optionsOf(flags, env)).toMatchObject({
      config: 'b.yaml',
      output: 'json',
      bits: 2048,
    })
  })

  test('that is empty leaves the default', async () => {
    const env = { IRSA_CONFIG: '', IRSA_OUTPUT: ' ', IRSA_REGION: '' }
    const options = await optionsOf(['plan'], env)
    expect(options).toMatchObject({ config: 'irsa.yaml', output: 'human' })
    expect(options).not.toHaveProperty('region')
  })

  test.each([
    ['init', 'IRSA_KEY_BITS', '7', '2048'],
    ['init', 'IRSA_HOST', 'ftp', 's3, directory'],
    ['plan', 'IRSA_OUTPUT', 'xml', 'human, json, yaml'],
  ])('%s is refused with %s=%s', async (command, variable, text, why) => {
    await expect(optionsOf([command], { [variable]: text })).rejects.toMatchObject({
      code: 'usage/variable-invalid',
      what: expect.stringContaining(variable),
      why: expect.stringContaining(why),
    })
  })

  test('is not taken from a variable that only sounds like an option', async () => {
    const options = await optionsOf(['plan'], { IRSA_VERSION: '2', IRSA_HELP: '1', IRSA_NAME: 'x' })
    expect(options).not.toHaveProperty('version')
    expect(options).not.toHaveProperty('name')
  })
})

describe('an option that may be repeated', () => {
  test('takes a variable apart, at blanks, or for files at colons and line ends', async () => {
    const env = {
      IRSA_AUDIENCE: ' sts.amazonaws.com  vault ',
      IRSA_PUBLIC_KEY: 'a b.pub:c.pub\nd.pub\n',
    }
    expect(await optionsOf(['init'], env)).toMatchObject({
      audience: ['sts.amazonaws.com', 'vault'],
      publicKey: ['a b.pub', 'c.pub', 'd.pub'],
    })
  })

  test('never takes a flag apart, and does not add the variable to it', async () => {
    const flags = ['--audience', 'a b', '--audience', 'c', '--public-key', 'a:b.pub']
    const env = { IRSA_AUDIENCE: 'd', IRSA_PUBLIC_KEY: 'e.pub' }
    expect(await optionsOf(['init', ...flags], env)).toMatchObject({
      audience: ['a b', 'c'],
      publicKey: ['a:b.pub'],
    })
  })
})

test('IRSA_YES=false and IRSA_PRUNE=false remove no key', async () => {
  await using place = await workplace()
  await writeFile(join(place.cwd, 'a.pub'), publicPem(rsa()))
  await writeFile(join(place.cwd, 'b.pub'), publicPem(rsa()))
  const publish = ['publish-jwks', '--bucket', 'oidc-acme', '--public-key']
  await place.run([...publish, 'a.pub', '--public-key', 'b.pub'])
  const off = { IRSA_YES: 'false', IRSA_PRUNE: 'false' }
  const ended = await changingNothing(place, () => place.run([...publish, 'a.pub'], off))
  expect(ended.code).toBe(0)
  const half = { IRSA_YES: '0', IRSA_PRUNE: '1' }
  const refused = await changingNothing(place, () => place.run([...publish, 'a.pub'], half))
  expect(refused.stderr).toContain('usage/yes-required')
})

test('a variable that does not fit ends the run, without colours where IRSA_NO_COLOR says so', async () => {
  await using folder = await temporaryFolder()
  const env = { IRSA_DELETE_BUCKET: 'perhaps', FORCE_COLOR: '1' }
  const painted = await irsa(['destroy'], { cwd: folder.path, env })
  expect(painted).toMatchObject({ code: 2, stdout: '' })
  expect(painted.stderr).toContain('IRSA_DELETE_BUCKET')
  const plain = await irsa(['destroy'], { cwd: folder.path, env: { ...env, IRSA_NO_COLOR: 'yes' } })
  expect(painted.stderr).toContain('\u001b[')
  expect(plain.stderr).not.toContain('\u001b[')
})
