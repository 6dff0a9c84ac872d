import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cleanEnv, inFreshFolder, IRSA } from './programs.js'

/**
 * @typedef {object} Sandbox the embedded AWS, in a process of its own
 * @property {string} url
 * @property {string} plainUrl
 * @property {Record<string, string>} env
 */

/**
 * Gives the work a folder and an AWS that nobody has used before, and takes both away afterwards.
 * @template T
 * @param {(sandbox: Sandbox, folder: string) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export const onFreshAws = (work) =>
  inFreshFolder(async (folder) => {
    const args = [IRSA, 'sandbox', '--plain-http', '--output', 'json']
    const child = spawn(process.execPath, args, { cwd: folder, env: cleanEnv(folder) })
    const ended = once(child, 'exit')
    try {
      return await work(await announcementOf(child), folder)
    } finally {
      child.kill('SIGINT')
      await ended
    }
  })

/** The one document that the sandbox prints; it stays open after that. */
async function announcementOf({ stdout, stderr }) {
  let [said, complaint] = ['', '']
  stderr.on('data', (piece) => (complaint += piece))
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    said += piece
    if (said.endsWith('}\n')) return JSON.parse(said)
  }
  throw new Error(`The sandbox ended early: ${complaint}`)
}

/**
 * What a program needs to use it.
 * @param {Sandbox} sandbox
 * @param {'http' | 'https'} scheme of the API; documents are served over https only
 * @param {string} home
 */
export const envOf = ({ env, url, plainUrl }, scheme, home) => ({
  ...cleanEnv(home),
  ...env,
  AWS_ENDPOINT_URL: scheme === 'http' ? plainUrl : url,
})
