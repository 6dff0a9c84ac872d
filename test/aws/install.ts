import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { madeOnce } from '../support/made-once.ts'

const run = promisify(execFile)

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))

/** moto 5.2 needs it. */
const OLDEST_PYTHON = [3, 10] as const

/** What has to be there for `motoPython`, for whoever is told that it is missing. */
export const NEEDED = `python3 ${OLDEST_PYTHON.join('.')} or newer, with venv and pip`

/**
 * The interpreter of an environment that holds exactly what requirements.txt names, made below the
 * user's cache folder when it is not there yet; undefined where there is no Python to make it with.
 */
export async function motoPython(): Promise<string | undefined> {
  const version = await pythonVersion()
  if (version === undefined) return undefined
  const requirements = await readFile(REQUIREMENTS, 'utf8')
  const moto = /^moto==(.+)$/m.exec(requirements)?.[1]
  const folder = await madeOnce({
    name: `moto-${moto}`,
    inputs: `${version}\n${requirements}`,
    make: makeEnvironment,
    link: PYTHON,
  })
  return pythonIn(folder)
}

/** `3.11.7`; undefined where there is no Python, or one that cannot make environments. */
async function pythonVersion(): Promise<string | undefined> {
  const ask = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])'
  const answer = await run('python3', ['-c', ask]).catch(() => undefined)
  const version = answer?.stdout.trim()
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? []
  const [oldestMajor, oldestMinor] = OLDEST_PYTHON
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? version
    : undefined
}

/** A link to the one that made it. */
const PYTHON = join('bin', 'python')

const pythonIn = (folder: string): string => join(folder, PYTHON)

/** Exactly what requirements.txt names, in an environment of its own. */
async function makeEnvironment(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder])
  const install = ['-m', 'pip', 'install', '--quiet', '--no-input', '--requirement', REQUIREMENTS]
  await run(pythonIn(folder), [...install, '--disable-pip-version-check'])
}
