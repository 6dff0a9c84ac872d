import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

/** One source file, as far as the shape of the tree is concerned. */
export interface SourceFile {
  /** Below src/, with slashes. */
  readonly path: string
  readonly lines: number
  /** Every module it names, in `import`, `export … from`, `import()` and types, statically or not. */
  readonly imports: readonly string[]
  /** Those of them that are there when the program runs. */
  readonly loads: readonly string[]
  /** An `import()` whose module is only known when it runs. */
  readonly hasOpenImport: boolean
  readonly hasDefaultExport: boolean
  /** Names of the two globals that belong to main.ts. */
  readonly globals: readonly string[]
  /** Lines of each function, without those of the functions inside of it. */
  readonly functions: readonly { readonly name: string; readonly lines: number }[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

/** Reads all of src/. */
export async function readSources(): Promise<readonly SourceFile[]> {
  const files = await readTexts()
  return files.map(({ path, text }) => parseSource(path, text))
}

/** Every file of src/ as it stands, by its path below it. */
export async function readTexts(): Promise<readonly { path: string; text: string }[]> {
  const names = await readdir(SRC, { recursive: true })
  const paths = names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
  return Promise.all(
    paths.toSorted().map(async (path) => ({ path, text: await readFile(join(SRC, path), 'utf8') })),
  )
}

/** Parses one file; relative imports come out as paths below src/, others as they stand. */
export function parseSource(path: string, text: string): SourceFile {
  const program = parseAst(text, { lang: 'ts' }) as unknown as Node
  const nodes = [...walk(program)]
  const imports = nodes.flatMap(({ node }) => importsOf(node, text))
  const known = (names: readonly (string | undefined)[]): string[] =>
    names.flatMap((name) => (name === undefined ? [] : [resolved(path, name)]))
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: known(imports),
    loads: known(nodes.flatMap(({ node }) => (isOfTypes(node) ? [] : importsOf(node, text)))),
    hasOpenImport: imports.includes(undefined),
    hasDefaultExport: nodes.some(({ node }) => isDefaultExport(node)),
    globals: nodes.flatMap(({ node, role }) => globalOf(node, role)),
    functions: nodes
      .filter(({ node }) => isFunction(node))
      .map(({ node }) => ({ name: nameOf(node, text), lines: ownLines(node, text) })),
  }
}

interface Visit {
  readonly node: Node
  /** What it is to its parent, as in `MemberExpression.property`. */
  readonly role: string
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

function* walk(node: Node, role = ''): Generator<Visit> {
  yield { node, role }
  for (const [member, value] of Object.entries(node)) {
    const computed = node['computed'] === true ? ' computed' : ''
    for (const child of [value].flat()) {
      if (isNode(child)) yield* walk(child, `${node.type}.${member}${computed}`)
    }
  }
}

const NAMES_A_MODULE = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function importsOf({ type, source }: Node, text: string): (string | undefined)[] {
  if (!NAMES_A_MODULE.has(type) || !isNode(source)) return []
  if (source.type !== 'Literal') return [undefined]
  return [text.slice(source.start + 1, source.end - 1)]
}

const isOfTypes = ({ type, importKind, exportKind }: Node): boolean =>
  type === 'TSImportType' || importKind === 'type' || exportKind === 'type'

const resolved = (path: string, name: string): string =>
  name.startsWith('.') ? posix.normalize(posix.join(dirname(path), name)) : name

const isDefaultExport = ({ type, exported }: Node): boolean =>
  type === 'ExportDefaultDeclaration' ||
  (type === 'ExportSpecifier' && nameIn(exported) === 'default')

const nameIn = (value: unknown): string | undefined =>
  isNode(value) && typeof value['name'] === 'string' ? value['name'] : undefined

/** Roles in which a name is a label and not a variable. */
const LABELS =
  /^(MemberExpression\.property|Property\.key|MethodDefinition\.key|TSPropertySignature\.key|TSMethodSignature\.key|PropertyDefinition\.key)$/

function globalOf(node: Node, role: string): string[] {
  const name = node.type === 'Identifier' ? nameIn(node) : undefined
  const isGlobal = name === 'process' || name === 'console' || name === 'globalThis'
  return isGlobal && !LABELS.test(role) ? [name] : []
}

const isFunction = ({ type }: Node): boolean =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type)

const nameOf = ({ id, start }: Node, text: string): string =>
  nameIn(id) ?? `the one in line ${text.slice(0, start).split('\n').length}`

const linesOf = ({ start, end }: Node, text: string): number =>
  text.slice(start, end).split('\n').length

/**
 * An object made of closures is what a class is elsewhere: each of its functions counts for itself,
 * and the one around them for what is left.
 */
function ownLines(node: Node, text: string): number {
  const inner = outermostFunctions(node)
  return linesOf(node, text) - inner.reduce((sum, one) => sum + linesOf(one, text) - 1, 0)
}

function outermostFunctions(node: Node): Node[] {
  const children = Object.values(node).flat().filter(isNode)
  return children.flatMap((child) => (isFunction(child) ? [child] : outermostFunctions(child)))
}
