import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurn, median, shown, timed } from './figures.js'
import { inFreshFolder, IRSA, ROOT, run } from './programs.js'
import { atMost } from './table.js'

const ROUNDS = 3
const LIMIT_MB = 3

/** @type {import('./run.js').Part} */
export const packageSize = {
  needs: ['npm', 'npx'],
  measure: () =>
    inFreshFolder(async (folder) => {
      const tarball = pack(folder)
      const ours = await coldInstall({ irsa: `file:${tarball}` })
      const [cold, unbundled] = await inTurn(ROUNDS, [
        () => coldNpx(tarball),
        () => coldInstall(dependencies()),
      ])
      return [
        countRow(ours.packages, unbundled[0].packages),
        sizeRow(ours.bytes / 1e6, unbundled[0].bytes / 1e6),
        timeRow(medianTime(cold), medianTime(unbundled)),
      ]
    }),
}

/** @param {Installed[]} runs */
const medianTime = (runs) => median(runs.map(({ time }) => time))

/** The tarball that would be published. */
function pack(folder) {
  const release = join(folder, 'release')
  run(process.execPath, ['.ci/release.js', release], { cwd: ROOT })
  const packed = run('npm', ['pack', '--json', release], { cwd: folder, env: npmEnv(folder) })
  const [{ filename }] = JSON.parse(packed.stdout.toString())
  return join(folder, filename)
}

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const dependencies = () => readManifest(ROOT).dependencies

/** With an empty cache; without what `npm run` adds, but with the user's registry and proxy. */
const npmEnv = (folder) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  npm_config_cache: join(folder, 'cache'),
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
})

/**
 * @typedef {object} Installed
 * @property {number} time milliseconds until the version is printed
 * @property {number} [packages]
 * @property {number} [bytes]
 */

/** @returns {Promise<Installed>} */
const coldNpx = (tarball) =>
  inFreshFolder((cwd) => {
    const args = ['--yes', '--package', tarball, 'irsa', '--version']
    return { time: timed(() => mustPrintVersion(run('npx', args, { cwd, env: npmEnv(cwd) }))) }
  })

/**
 * Installs packages into an empty folder, and runs what needs them.
 * @returns {Promise<Installed>}
 */
const coldInstall = (dependencies) =>
  inFreshFolder((cwd) => {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies }))
    const time = timed(() => {
      run('npm', ['install'], { cwd, env: npmEnv(cwd) })
      mustPrintVersion(run(process.execPath, [IRSA, '--version'], { cwd }))
    })
    const lock = readFileSync(join(cwd, 'node_modules/.package-lock.json'), 'utf8')
    const packages = Object.keys(JSON.parse(lock).packages).length
    return { time, packages, bytes: bytesIn(join(cwd, 'node_modules')) }
  })

function mustPrintVersion({ stdout }) {
  const { version } = readManifest(ROOT)
  if (stdout.toString().trim() !== version) throw new Error(`${stdout} is not ${version}.`)
}

const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

const countRow = (ours, theirs) => ({
  what: 'packages that are installed',
  figure: String(ours),
  baseline: `${theirs}  unbundled`,
  ratio: ours / theirs,
  ...atMost(ours, 1),
})

const sizeRow = (ours, theirs) => ({
  what: 'size unpacked',
  figure: `${ours.toFixed(2)} MB`,
  baseline: `${theirs.toFixed(2)} MB  unbundled`,
  ratio: ours / theirs,
  ...atMost(ours, LIMIT_MB, ' MB'),
})

const timeRow = (ours, theirs) => ({
  what: `cold npx irsa --version, median of ${ROUNDS}`,
  figure: shown(ours),
  baseline: `${shown(theirs)}  unbundled npm install`,
  ratio: ours / theirs,
  verdict: 'no target',
})
