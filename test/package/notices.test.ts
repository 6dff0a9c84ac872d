import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/cli.ts'

interface Notice {
  readonly name: string
  readonly version: string
  readonly licence: string
}

interface Metafile {
  readonly outputs: Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>
}

// Plain scripts, run by Node before there is any build: they carry no types.
const script = (name: string) => import(new URL(`../../.ci/${name}`, import.meta.url).href)
const { bundle }: { bundle(outdir: string): Promise<Metafile> } = await script('build.js')
const { drawNotices, noticesOf }: NoticesScript = await script('notices.js')

interface NoticesScript {
  noticesOf(metafile: Metafile): Promise<Notice[]>
  drawNotices(notices: readonly Notice[]): string
}

const MIT = 'Permission is hereby granted, free of charge'
const APACHE = 'Apache License\nVersion 2.0\nEND OF TERMS AND CONDITIONS'

/** What is bundled today, and the notices for it. */
let metafile: Metafile
let text: string

beforeAll(async () => {
  await using folder = await temporaryFolder()
  metafile = await bundle(join(folder.path, 'dist'))
  text = drawNotices(await noticesOf(metafile))
})

test('names every package of the bundle, with its version and its licence text', async () => {
  const sections = text.split('\n## ').slice(1)
  for (const name of packagesIn(metafile)) {
    const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'))
    expect(text).toContain(`| ${name} | ${version} | `)
    const own = sections.filter((section) => owners(section).includes(`${name} ${version}`))
    expect({ name, sections: own.length }).toEqual({ name, sections: 1 })
    expect(own[0]).toMatch(/permission|redistribution|license/i)
  }
})

test('takes node-forge under the BSD licence, and says nothing of the other', () => {
  expect(text).toMatch(/\| node-forge \| [\d.]+ \| BSD-3-Clause \|/)
  expect(text).toContain('Copyright (c) 2010, Digital Bazaar, Inc.')
  expect(text).not.toContain('GNU GENERAL PUBLIC')
})

test('prints a text once for all packages that have it', async () => {
  await using packages = await madeUp({
    b: { license: 'MIT', files: { LICENSE: MIT } },
    a: { license: 'MIT', files: { 'license.md': `  ${MIT.replace(',', ',\r\n')}\n` } },
  })
  const drawn = drawNotices(await noticesOf(packages.metafile))
  expect(drawn).toContain('| a | 1.0.0 | MIT |\n| b | 1.0.0 | MIT |')
  expect(drawn).toContain('For a 1.0.0, b 1.0.0.')
  expect(drawn.split('hereby granted')).toHaveLength(2)
})

test('Apache-2.0, section 4(d): passes the NOTICE file on', async () => {
  await using packages = await madeUp({
    a: { license: 'Apache-2.0', files: { LICENSE: APACHE, NOTICE: 'A includes work of B.' } },
  })
  const drawn = drawNotices(await noticesOf(packages.metafile))
  expect(drawn).toContain('END OF TERMS')
  expect(drawn).toContain('A includes work of B.')
})

test('gives an Apache package that lacks the text that of another, without its copyright line', async () => {
  await using packages = await madeUp({
    bare: { license: 'Apache-2.0', files: {} },
    full: { license: 'Apache-2.0', files: { LICENSE: `${APACHE}\nCopyright of somebody` } },
  })
  const [bare] = await noticesOf(packages.metafile)
  expect(bare).toMatchObject({ name: 'bare', texts: [APACHE] })
})

test.each([
  { what: 'a licence that is not allowed', license: 'GPL-3.0', files: { LICENSE: 'GNU' } },
  { what: 'no licence at all', license: undefined, files: { LICENSE: MIT } },
  { what: 'no licence text', license: 'MIT', files: {} },
  { what: 'no Apache text anywhere', license: 'Apache-2.0', files: { NOTICE: 'Only this.' } },
])('refuses $what', async ({ license, files }) => {
  await using packages = await madeUp({ a: { license, files } })
  await expect(noticesOf(packages.metafile)).rejects.toThrow('a 1.0.0')
})

/** Packages in a folder that goes with the test, and a bundle that has a byte of each. */
async function madeUp(packages: Record<string, { license: string | undefined; files: object }>) {
  const folder = await temporaryFolder()
  const inputs: Record<string, { bytesInOutput: number }> = {}
  for (const [name, { license, files }] of Object.entries(packages)) {
    const root = join(folder.path, 'node_modules', name)
    await mkdir(root, { recursive: true })
    await writeFile(join(root, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }))
    for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text)
    inputs[join(root, 'lib/index.js')] = { bytesInOutput: 1 }
  }
  const outputs = { 'dist/main.js': { inputs } }
  return { metafile: { outputs }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

/** Read from the paths alone, in another way than the script does. */
const packagesIn = ({ outputs }: Metafile): Set<string> =>
  new Set(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([path, { bytesInOutput }]) => path.includes('node_modules/') && bytesInOutput > 0)
      .map(([path]) => path.split('node_modules/').at(-1)?.split('/') ?? [])
      .map(([first = '', second]) => (first.startsWith('@') ? `${first}/${second}` : first)),
  )

const owners = (section: string): readonly string[] =>
  /^For (.*)\.$/m.exec(section)?.[1]?.split(', ') ?? []
