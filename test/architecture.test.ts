import { join } from 'node:path'
import { expect, test } from 'vitest'
import { violations } from './support/architecture-rules.ts'
import { temporaryFolder } from './support/cli.ts'
import { parseSource, readSources } from './support/source-tree.ts'

test('every file of src/ is where it belongs, imports downwards, and is small', async () => {
  expect(violations(await readSources())).toEqual([])
})

test('half of the files have at most 70 lines', async () => {
  const lines = (await readSources()).map((file) => file.lines).toSorted((a, b) => a - b)
  expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(70)
})

/** What a file may not do, and what is said about it. */
const MADE_UP: readonly (readonly [path: string, text: string, said: RegExp])[] = [
  ['core/a.ts', "import { b } from '../ports/b.ts'", /core\/a.ts imports ports\/b.ts.*above/],
  ['core/a.ts', "import type { B } from '../ports/b.ts'", /above/],
  ['core/a.ts', "export { b } from '../ports/b.ts'", /above/],
  ['core/a.ts', "export * from '../adapters/b.ts'", /above/],
  ['core/a.ts', "type B = import('../ports/b.ts').B", /above/],
  ['core/a.ts', "const b = () => import('../ports/b.ts')", /above/],
  ['workflows/a.ts', "import {\n  b,\n} from '../ui/b.ts'", /above/],
  ['commands/a.ts', "import { makeWorld } from '../world.ts'", /above/],
  ['ui/a.ts', "import type { B } from '../adapters/b.ts'", /never meet/],
  ['core/a.ts', "import { readFile } from 'node:fs/promises'", /core has jose/],
  ['core/a.ts', "import { join } from 'node:path'", /core has jose/],
  ['core/a.ts', "import { z } from 'zod'", /core has jose/],
  ['ui/a.ts', "import { Chalk } from 'chalk'", /ui\\\/theme/],
  ['ui/a.ts', "const a = await import('inquirer')", /ui\\\/ask/],
  ['adapters/a.ts', "import forge from 'node-forge'", /certificates/],
  ['adapters/a.ts', "import type { S3Client } from '@aws-sdk/client-s3'", /adapters\\\/aws/],
  ['sandbox/a.ts', "import { b } from '../core/b.ts'", /island/],
  ['workflows/a.ts', "import type { Sandbox } from '../sandbox/sandbox.ts'", /island/],
  ['run.ts', "const a = import('./sandbox/sandbox.ts')", /island/],
  ['adapters/a.ts', 'export const a = process.env', /uses process/],
  ['adapters/a.ts', "import { env } from 'node:process'", /uses node:process/],
  ['adapters/a.ts', 'export const a = globalThis.process', /uses globalThis/],
  ['commands/a.ts', "console.log('a')", /uses console/],
  ['sandbox/a.ts', "console.log('a')", /uses console/],
  ['core/a.ts', 'export default 1', /default export/],
  ['core/a.ts', 'const a = 1\nexport { a as default }', /default export/],
  ['core/a.ts', 'const a = (name: string) => import(name)', /computed/],
  ['core/a.ts', "import { a } from './a.ts'", /a cycle/],
  ['core/a.ts', '\n'.repeat(201), /has 201 lines/],
  ['core/a.ts', `function long() {${'\n'.repeat(40)}}`, /function long has 41 lines/],
  ['other/a.ts', '', /on no floor/],
]

test.each(MADE_UP)('a made-up %s is caught: %s', (path, text, said) => {
  const found = violations([parseSource(path, text)])
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(said)
})

test.each([
  ['core/a.ts', "import { createHash } from 'node:crypto'\nimport { b } from './b.ts'"],
  ['sandbox/a.ts', "import { issue } from '../adapters/certificates.ts'"],
  ['commands/demo.ts', "import { startSandbox } from '../sandbox/sandbox.ts'"],
  ['adapters/a.ts', 'export const text = (a: { console: string }) => a.console'],
  ['main.ts', "process.exitCode = 1\nconsole.log('a')"],
])('a made-up %s is fine: %s', (path, text) => {
  expect(violations([parseSource(path, text)])).toEqual([])
})

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
        readonly imports: readonly { readonly path: string; readonly kind: string }[]
      }
    >
  >
}

/** `--help` and `--version` are answered before anything else is loaded. */
const AT_ONCE =
  /^((.*\/)?node_modules\/commander\/|package\.json$|src\/(main|run|version|output-choice|commands\/(program|common|options|topics))\.ts$)/

test('--help and --version load the argument parser and nothing else', async () => {
  await using folder = await temporaryFolder()
  const build = new URL('../.ci/build.js', import.meta.url).href
  const { bundle } = (await import(build)) as { bundle(outdir: string): Promise<Metafile> }
  const { outputs } = await bundle(join(folder.path, 'dist'))
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[next] !== undefined) load(next)
    }
  }
  load(Object.keys(outputs).find((path) => outputs[path]?.entryPoint === 'src/main.ts') ?? '')
  const inputs = [...loaded].flatMap((path) =>
    Object.entries(outputs[path]?.inputs ?? {})
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  )
  expect(inputs).toContain('src/main.ts')
  expect(inputs.filter((input) => !AT_ONCE.test(input))).toEqual([])
})
