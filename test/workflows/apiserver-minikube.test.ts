import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { cleanEnv, startProgram, temporaryFolder } from '../support/cli.ts'
import { MOVE, OLD, of, render } from './apiserver.ts'

/** Writes down what it is started with, and what it would copy to the node. */
const MINIKUBE = `#!/bin/sh
if [ "$1" = ssh ]; then
  echo "$*" >> "$MINIKUBE_HOME/asked"
  printf 'OLD\\r\\n'
  exit "\${SSH_FAILS:-0}"
fi
printf '%s\\n' "$@" > "$MINIKUBE_HOME/arguments"
cp -pR "$MINIKUBE_HOME/.minikube/files/var/lib/minikube/certs" "$MINIKUBE_HOME/certs"
exit "\${START_FAILS:-0}"
`

/** Runs the script where the keys are, with that minikube. */
async function run(text: string, env: Record<string, string> = {}, profile?: string) {
  await using folder = await temporaryFolder()
  const at = (...names: string[]) => join(folder.path, ...names)
  await Promise.all([mkdir(at('keys')), mkdir(at('bin'))])
  if (profile !== undefined) await mkdir(at('.minikube/profiles', profile), { recursive: true })
  await writeFile(at('keys/sa-signer.key'), 'PRIVATE\n')
  await writeFile(at('keys/sa-signer.pub'), 'PUBLIC\n')
  await writeFile(at('bin/minikube'), MINIKUBE, { mode: 0o755 })
  await writeFile(at('script'), text)
  const PATH = `${at('bin')}:${cleanEnv()['PATH']}`
  const { code, stderr } = await startProgram(['sh', at('script')], {
    cwd: folder.path,
    env: { ...env, PATH, MINIKUBE_HOME: folder.path },
  }).ended
  return { code, stderr, ...(await whatIsIn(at)) }
}

async function whatIsIn(at: (...names: string[]) => string) {
  const listed = async (name: string) => {
    const entries = await readdir(at(name), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  }
  const read = async (name: string) => (await readFile(at(name), 'utf8').catch(() => '')).trimEnd()
  return {
    arguments: (await read('arguments')).split('\n'),
    copied: (await listed('certs')).toSorted(),
    left: await listed('.minikube/files'),
    joined: await read('certs/irsa/all-keys.pub'),
    asked: await read('asked'),
  }
}

const CERTS = '/var/lib/minikube/certs'

describe('the script for minikube', () => {
  test('gives a new cluster the pair as its own, and leaves nothing for the next cluster', async () => {
    const printed = render('minikube')
    expect(await run(printed.text)).toMatchObject({
      code: 0,
      stderr: '',
      copied: ['sa.key', 'sa.pub'],
      left: [],
      arguments: [
        'start',
        ...printed.flags.map(({ name, value }) => `--extra-config=apiserver.${name}=${value}`),
      ],
    })
  })

  test('stops before it touches a cluster that is there', async () => {
    const ran = await run(render('minikube').text, {}, 'minikube')
    expect(ran).toMatchObject({ code: 1, copied: [], left: [] })
    expect(ran.stderr).toContain('minikube delete')
  })

  test('puts all keys into the one file that there is a flag for', async () => {
    const { text } = render('minikube', { ...of('minikube', MOVE), stage: 'sign' })
    const ran = await run(text)
    expect(ran).toMatchObject({ code: 0, left: [], joined: 'PUBLIC\nOLD' })
    expect(ran.asked).toBe(`ssh -- sudo cat ${CERTS}/sa.pub`)
    expect(ran.copied).toEqual(['all-keys.pub', 'sa-signer.key', 'sa-signer.pub'])
    expect(ran.arguments.at(-1)).toBe(
      `--extra-config=controller-manager.service-account-private-key-file=${CERTS}/irsa/sa-signer.key`,
    )
  })

  test('does not start minikube without the key from before', async () => {
    const { text } = render('minikube', { ...of('minikube', MOVE), stage: 'accept' })
    expect(await run(text, { SSH_FAILS: '1' })).toMatchObject({ code: 1, copied: [], left: [] })
  })

  test('takes the private key away also when minikube fails', async () => {
    expect(await run(render('minikube').text, { START_FAILS: '3' })).toMatchObject({
      code: 3,
      left: [],
    })
  })

  test('names one issuer, and says what that costs', () => {
    const input = { ...of('minikube', MOVE), stage: 'sign' as const }
    const { text, flags, warnings } = render('minikube', input)
    expect(flags.filter(({ name }) => name.endsWith('issuer'))).toHaveLength(1)
    expect(warnings.join()).toContain(`tokens of ${OLD} are refused`)
    expect(text.replaceAll('\n# ', ' ')).toContain('make another cluster beside it')
  })
})
