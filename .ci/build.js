// Bundles src/ into dist/: one small entry, and a chunk for whatever a command loads on demand, so
// that nothing waits for a library it does not use. Runs by itself after `npm ci`.
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * @param {string} outdir
 * @returns {Promise<import('esbuild').Metafile>} what went into the bundle, for the licence notices
 */
export async function bundle(outdir) {
  await rm(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: { main: 'src/main.ts' },
    outdir,
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
    // yaml hides its ES modules from Node behind the name of the browser build.
    alias: { yaml: fileURLToPath(new URL('../node_modules/yaml/browser/index.js', import.meta.url)) },
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages ask for Node's own modules with require(), which ES modules lack.
    banner: {
      js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);",
    },
  })
  return metafile
}

if (import.meta.filename === process.argv[1]) await bundle('dist')
