import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The entry point, as it is shipped. */
export const IRSA = join(ROOT, 'bin/irsa.js')

/** No run is given longer, so that one that hangs ends the benchmark. */
const TIMEOUT_MS = 180_000

const { PATH = '', LANG = 'C.UTF-8', TMPDIR = tmpdir() } = process.env

/**
 * No AWS, proxy or IRSA variable of whoever measures, and no configuration in their home.
 * @param {string} home
 */
export const cleanEnv = (home) => ({ PATH, LANG, TMPDIR, HOME: home })

/**
 * @typedef {object} Surroundings
 * @property {string} cwd
 * @property {Record<string, string>} [env] all of it; only what a program needs at all, unless given
 * @property {string | Buffer} [input] standard input; empty unless given
 */

/**
 * Runs a program without a shell.
 * @param {string} program
 * @param {string[]} args
 * @param {Surroundings} surroundings
 * @returns {{ stdout: Buffer, stderr: Buffer }}
 * @throws where it does not end with 0, with what it said
 */
export function run(program, args, { cwd, env = cleanEnv(cwd), input = '' }) {
  const options = { cwd, env, input, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 }
  const { error, status, stdout, stderr } = spawnSync(program, args, options)
  if (error) throw error
  if (status === 0) return { stdout, stderr }
  throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
}

/**
 * @param {string[]} args
 * @param {Surroundings} surroundings
 */
export const runIrsa = (args, surroundings) => run(process.execPath, [IRSA, ...args], surroundings)

/**
 * @param {string[]} programs
 * @returns {string[]} those that are not installed
 */
export const missingAmong = (programs) =>
  programs.filter((program) => spawnSync(program, ['-V'], { stdio: 'ignore' }).error !== undefined)

/**
 * The program itself where the command is a shim of pyenv, which takes longer to find aws-cli than
 * aws-cli takes to start: by hand should not be measured with that.
 * @param {string} program
 */
export function withoutShim(program) {
  const { error, status, stdout } = spawnSync('pyenv', ['which', program], { encoding: 'utf8' })
  return error === undefined && status === 0 ? stdout.trim() : program
}

/**
 * @template T
 * @param {(folder: string) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inFreshFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'irsa-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
