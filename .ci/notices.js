// Makes THIRD-PARTY-NOTICES.md: whose code is in the bundle, and under which licence.
import { readdir, readFile } from 'node:fs/promises'

/** Licences that ask for no more than their text and the copyright line: all that is bundled. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
])

/** Where a package offers a choice, what irsa takes, and the part of its file that says so. */
const CHOICES = {
  '(BSD-3-Clause OR GPL-2.0)': {
    licence: 'BSD-3-Clause',
    part: /New BSD License[^]*?(?=\n-{20,}\n)/,
  },
}

/** The end of the licence proper; what follows in a file is how to apply it, and to whose work. */
const APACHE_TERMS = /^[^]*?END OF TERMS AND CONDITIONS/

/**
 * @typedef {{ name: string, version: string, licence: string, texts: string[],
 *   notices: string[] }} Notice
 */

/**
 * The packages of which at least one byte is in the bundle, by name.
 * @param {import('esbuild').Metafile} metafile with paths relative to the working directory
 * @returns {Promise<Notice[]>}
 * @throws where a licence is none of those above, or has no text
 */
export async function noticesOf(metafile) {
  const folders = [...new Set(bundledFiles(metafile).flatMap(packageFolder))]
  const read = await Promise.all(folders.map(readNotice))
  const notices = read.toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
  const apache = notices.flatMap(({ texts }) => texts).find((text) => APACHE_TERMS.test(text))
  for (const notice of notices) {
    if (notice.texts.length > 0) continue
    // Apache-2.0 is the same text for everybody, so a package may do without a copy of it.
    if (notice.licence !== 'Apache-2.0' || apache === undefined) {
      throw new Error(`${notice.name} ${notice.version} (${notice.licence}) has no licence text.`)
    }
    notice.texts = [APACHE_TERMS.exec(apache)[0]]
  }
  return notices
}

/**
 * One row for each package, then every text once, with the packages it belongs to.
 * @param {Notice[]} notices
 */
export function drawNotices(notices) {
  const texts = new Map()
  for (const { name, version, licence, texts: own, notices: added } of notices) {
    for (const text of [...own, ...added]) {
      const words = text.trim().replaceAll(/\s+/g, ' ')
      if (!texts.has(words)) texts.set(words, { licence, text, owners: [] })
      texts.get(words).owners.push(`${name} ${version}`)
    }
  }
  const rows = notices.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
  const sections = [...texts.values()].map(
    ({ licence, text, owners }) =>
      `## ${licence}\n\nFor ${owners.join(', ')}.\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  )
  return `# Third-party notices

irsa contains code of the packages below, bundled and minified. Their licences follow.

| package | version | licence |
| --- | --- | --- |
${rows.join('\n')}

${sections.join('\n')}`
}

/** Files that were read, but left nothing in the bundle, are not passed on. */
const bundledFiles = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  )

const packageFolder = (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.slice(0, 1) ?? []

/** @returns {Promise<Notice>} */
async function readNotice(folder) {
  const manifest = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
  const { name, version, license } = manifest
  const choice = CHOICES[license]
  const licence = choice?.licence ?? license
  if (!ALLOWED.has(licence)) {
    throw new Error(`${name} ${version} has the licence ${JSON.stringify(license)}: not allowed.`)
  }
  const files = (await readdir(folder)).toSorted(compare)
  const texts = async (pattern) =>
    Promise.all(files.filter((file) => pattern.test(file)).map((file) => readText(folder, file)))
  const own = await texts(/^(licen[cs]e|copying)\b/i)
  const chosen = choice === undefined ? own : own.flatMap((text) => choice.part.exec(text) ?? [])
  // Apache-2.0, section 4(d): whoever passes the work on passes its NOTICE file on.
  return { name, version, licence, texts: chosen, notices: await texts(/^notice\b/i) }
}

const readText = async (folder, file) =>
  (await readFile(`${folder}/${file}`, 'utf8')).replaceAll('\r\n', '\n').trimEnd()

/** The same order wherever it runs, unlike localeCompare. */
const compare = (a, b) => Number(a > b) - Number(a < b)
