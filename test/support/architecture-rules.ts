import type { SourceFile } from './source-tree.ts'

/** The floors of src/, highest first. What is not in a folder is the edge. */
const FLOORS = ['edge', 'commands', 'ui', 'workflows', 'resources', 'adapters', 'ports', 'core']

/** These packages are worth a border of their own. */
const ONLY_IMPORTERS: readonly (readonly [name: RegExp, importer: RegExp])[] = [
  [/^chalk$/, /^ui\/theme\.ts$/],
  [/^(inquirer|@inquirer\/.*)$/, /^ui\/ask\.ts$/],
  [/^node-forge$/, /^adapters\/certificates\.ts$/],
  [/^(@aws-sdk|@smithy)\//, /^adapters\/aws\//],
  [/^commander$/, /^(run\.ts$|commands\/)/],
]

const OPENS_SANDBOX = /^commands\/(demo|sandbox|sandbox-surroundings)\.ts$/
const MAX_FILE_LINES = 200
const MAX_FUNCTION_LINES = 40

type Rule = (file: SourceFile) => string[]

/** Everything about these files that the shape of the project forbids, a sentence each. */
export function violations(files: readonly SourceFile[]): string[] {
  const found = files.flatMap((file) => RULES.flatMap((rule) => rule(file)))
  return [...found, ...cycles(files)]
}

const isOurs = (name: string): boolean => /\.(ts|json)$/.test(name)
const folderOf = (path: string): string => /^([^/.]+)\//.exec(path)?.[1] ?? 'edge'
const isSandbox = (path: string): boolean => folderOf(path) === 'sandbox'

const RULES: readonly Rule[] = [
  pointsDown,
  uiAndAdaptersApart,
  pureCore,
  oneImporter,
  islandOfSandbox,
  processInMain,
  plainModules,
  size,
]

function pointsDown({ path, imports }: SourceFile): string[] {
  if (isSandbox(path)) return []
  const from = FLOORS.indexOf(folderOf(path))
  if (from === -1) return [`${path} is on no floor`]
  return imports
    .filter((name) => isOurs(name) && !isSandbox(name) && FLOORS.indexOf(folderOf(name)) < from)
    .map((name) => `${path} imports ${name}, which is above it`)
}

function uiAndAdaptersApart({ path, imports }: SourceFile): string[] {
  const other = { ui: 'adapters', adapters: 'ui' }[folderOf(path)]
  return imports
    .filter((name) => isOurs(name) && folderOf(name) === other)
    .map((name) => `${path} imports ${name}: ui and adapters never meet`)
}

function pureCore({ path, imports }: SourceFile): string[] {
  if (folderOf(path) !== 'core') return []
  return imports
    .filter((name) => !isOurs(name) && !['jose', 'node:crypto'].includes(name))
    .map((name) => `${path} imports ${name}, and core has jose and node:crypto only`)
}

function oneImporter({ path, imports }: SourceFile): string[] {
  return ONLY_IMPORTERS.flatMap(([packages, importer]) =>
    imports
      .filter((name) => packages.test(name) && !importer.test(path))
      .map((name) => `${path} imports ${name}, which is for ${importer.source} only`),
  )
}

function islandOfSandbox({ path, imports }: SourceFile): string[] {
  const inside = isSandbox(path)
  if (!inside && OPENS_SANDBOX.test(path)) return []
  return imports
    .filter((name) => isOurs(name) && isSandbox(name) !== inside)
    .filter((name) => name !== 'adapters/certificates.ts' || !inside)
    .filter((name) => inside || isSandbox(name))
    .map((name) => `${path} imports ${name}: src/sandbox is an island`)
}

function processInMain({ path, globals, imports }: SourceFile): string[] {
  if (path === 'main.ts') return []
  const modules = imports.filter((name) => /^(node:)?(process|console)$/.test(name))
  return [...globals, ...modules].map((name) => `${path} uses ${name}, which is for main.ts only`)
}

function plainModules({ path, imports, hasDefaultExport, hasOpenImport }: SourceFile): string[] {
  const extensionless = imports.filter((name) => /^[^@a-z]|\/\.\//.test(name) && !isOurs(name))
  return [
    ...(hasDefaultExport ? [`${path} has a default export`] : []),
    ...(hasOpenImport ? [`${path} imports a module by a name that is computed`] : []),
    ...extensionless.map((name) => `${path} imports ${name} without its .ts`),
  ]
}

function size({ path, lines, functions }: SourceFile): string[] {
  return [
    ...(lines > MAX_FILE_LINES ? [`${path} has ${lines} lines`] : []),
    ...functions
      .filter((one) => one.lines > MAX_FUNCTION_LINES)
      .map((one) => `${path}: the function ${one.name} has ${one.lines} lines`),
  ]
}

/** Types may refer to each other; whatever is loaded may not. */
function cycles(files: readonly SourceFile[]): string[] {
  const importsOf = new Map(files.map(({ path, loads }) => [path, loads]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push(`a cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' > ')}`)
    } else if (!done.has(path)) {
      for (const next of importsOf.get(path) ?? []) visit(next, [...trail, path])
      done.add(path)
    }
  }
  for (const { path } of files) visit(path, [])
  return found
}
