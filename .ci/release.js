// Makes the package that is published: everything bundled, so that a cold `npx irsa` fetches one
// tarball. The package.json in the root keeps naming the real dependencies.
//
//   node .ci/release.js [folder]     writes release/, or the folder; then `npm pack ./release`
import { access, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { bundle } from './build.js'
import { drawNotices, noticesOf } from './notices.js'

const COPIED = ['bin', 'templates', 'README.md', 'CHANGELOG.md']
const NOTICES = 'THIRD-PARTY-NOTICES.md'

/** npm packs package.json, README.md and LICENSE unasked. */
const FILES = ['bin', 'dist', 'templates', 'CHANGELOG.md', NOTICES]
const WRITTEN = new Set([...FILES, 'package.json', 'README.md', 'LICENSE'])

/** What is published of package.json: no dependencies and no scripts. */
const FIELDS =
  'name version description keywords license author homepage repository bugs type engines bin'

const LICENCE = `MIT License

Copyright (c) the irsa authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

/**
 * Writes the folder to publish. The same sources and packages give the same bytes.
 * @param {string} folder absolute; emptied first of what an earlier run left
 */
async function release(folder) {
  await Promise.all(COPIED.map(mustExist))
  await empty(folder)
  const metafile = await bundle(join(folder, 'dist'))
  checkSelfContained(metafile)
  await Promise.all([
    ...COPIED.map((path) => cp(path, join(folder, path), { recursive: true })),
    writeFile(join(folder, 'package.json'), await publishedManifest()),
    writeFile(join(folder, 'LICENSE'), LICENCE),
    writeFile(join(folder, NOTICES), drawNotices(await noticesOf(metafile))),
  ])
}

const mustExist = (path) =>
  access(path).catch(() => {
    throw new Error(`${path} is missing, and a release is not one without it.`)
  })

/** Never takes away what it has not made: the folder comes from the command line. */
async function empty(folder) {
  await mkdir(folder, { recursive: true })
  const there = await readdir(folder)
  const foreign = there.find((name) => !WRITTEN.has(name))
  if (foreign !== undefined) {
    throw new Error(`${folder} has ${foreign} in it, which is no part of a release.`)
  }
  await Promise.all(there.map((name) => rm(join(folder, name), { recursive: true })))
}

function checkSelfContained({ outputs }) {
  for (const { path, external } of Object.values(outputs).flatMap(({ imports }) => imports)) {
    if (external && !isBuiltin(path)) throw new Error(`The bundle still asks for ${path}.`)
  }
}

async function publishedManifest() {
  const ours = JSON.parse(await readFile('package.json', 'utf8'))
  // A field that we do not have is undefined, which JSON leaves out.
  const taken = Object.fromEntries(FIELDS.split(' ').map((field) => [field, ours[field]]))
  return `${JSON.stringify({ ...taken, files: FILES }, undefined, 2)}\n`
}

const root = dirname(import.meta.dirname)
const folder = resolve(process.argv[2] ?? join(root, 'release'))
process.chdir(root)
try {
  await release(folder)
} catch (error) {
  console.error(`No release: ${error.message}`)
  process.exitCode = 1
}
