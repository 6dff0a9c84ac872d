// Bundles src/ into dist/: one small entry, and a chunk for whatever a command loads on demand, so
// that nothing waits for a library it does not use. Runs by itself after `npm ci`.
import { execFile } from 'node:child_process'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/**
 * @param {string} outdir
 * @returns {Promise<import('esbuild').Metafile>} what went into the bundle, for the licence notices
 */
export async function bundle(outdir) {
  const fresh = `${resolve(outdir)}.${process.pid}`
  const { metafile } = await build({
    absWorkingDir: inRoot('.'),
    entryPoints: { main: 'src/main.ts' },
    outdir: fresh,
    bundle: true,
    splitting: true,
    minify: true,
    // Names stay readable in the stack of a bug report.
    keepNames: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    // The ES modules of packages that have both, since import() of a CommonJS one has no named exports.
    mainFields: ['module', 'main'],
    alias: {
      // yaml and rxjs give Node their CommonJS form, of which nothing can be left out. Their ES
      // modules go by the names of the browser build and of the condition "es2015".
      yaml: inRoot('node_modules/yaml/browser/index.js'),
      rxjs: inRoot('node_modules/rxjs/dist/esm/index.js'),
      // inquirer brings all its prompts. irsa opens no editor, which alone would be half a megabyte
      // of character sets.
      '@inquirer/editor': '@inquirer/input',
    },
    plugins: [leaveOut],
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages ask for Node's own modules with require(), which ES modules lack. Everything
    // else is in the bundle, so this does without node:module, which costs start-up time.
    banner: { js: 'const require=process.getBuiltinModule;' },
  })
  await answer(fresh, '--help', 'help.txt')
  await answer(fresh, '--version', 'version.txt')
  await replace(outdir, fresh)
  return metafile
}

/** What bin/irsa.js prints without loading anything: the program's own answer, eighty columns wide. */
async function answer(folder, argument, file) {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(folder, 'main.js'),
    argument,
  ])
  await writeFile(join(folder, file), stdout)
}

/** Swaps the folders, so that a program that is started meanwhile finds one of them whole. */
async function replace(folder, fresh) {
  const old = `${fresh}.old`
  await rename(folder, old).catch(() => undefined)
  await rename(fresh, folder)
  await rm(old, { recursive: true, force: true })
}

/** Leaves out of single files what irsa never reaches. */
const leaveOut = {
  name: 'leave-out',
  setup({ onLoad }) {
    // The whole of package.json would come along for its version.
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      if (path !== inRoot('package.json')) return undefined
      const { version } = JSON.parse(await readFile(path, 'utf8'))
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
    // For subcommands that are programs of their own, commander loads node:child_process, and with
    // it the network, at every start. irsa has none; where it is needed is soon enough.
    onLoad({ filter: /[\\/]commander[\\/]lib[\\/]command\.js$/ }, async ({ path }) => {
      const early = "const childProcess = require('node:child_process');\n"
      const contents = await readFile(path, 'utf8')
      if (!contents.includes(early)) throw new Error(`${path} does not start as expected.`)
      const late = contents.replace(early, '')
      return { contents: late.replaceAll('childProcess.', "require('node:child_process').") }
    })
  },
}

if (import.meta.filename === process.argv[1]) await bundle('dist')
