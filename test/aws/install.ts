import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))

/** Written last: an environment without it is half made. */
const MARKER = 'complete'

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
  const digest = createHash('sha256').update(`${version}\n${requirements}`).digest('hex')
  const folder = join(cacheFolder(), 'irsa', `moto-${moto}-${digest.slice(0, 8)}`)
  if (!(await isComplete(folder))) await make(folder)
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

/** XDG Base Directory Specification: an empty variable counts as unset. */
const cacheFolder = (): string => process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')

const pythonIn = (folder: string): string => join(folder, 'bin', 'python')

const isComplete = (folder: string): Promise<boolean> =>
  Promise.all([access(join(folder, MARKER)), access(pythonIn(folder))]).then(
    () => true,
    () => false,
  )

/** Made beside its place and moved there whole, so that two runs at once do not meet. */
async function make(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.`)
  try {
    await run('python3', ['-m', 'venv', draft])
    const install = ['-m', 'pip', 'install', '--quiet', '--no-input', '--requirement', REQUIREMENTS]
    await run(pythonIn(draft), [...install, '--disable-pip-version-check'])
    await writeFile(join(draft, MARKER), '')
    await rename(draft, folder).catch(async (error: unknown) => {
      // Another run was faster; or what is there was left half made.
      if (await isComplete(folder)) return
      if (!isOccupied(error)) throw error
      await rm(folder, { recursive: true, force: true })
      await rename(draft, folder)
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** rename(2) of a folder onto one that is not empty; systems choose between two codes. */
const isOccupied = (error: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')
