import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { madeOnce, type Recipe } from '../support/made-once.ts'
import { type ChangedMain, overlay } from './go-overlay.ts'

const run = promisify(execFile)

/** A folder for each module; its go.mod and go.sum pin all that is built there. */
export const MODULES = fileURLToPath(new URL('go', import.meta.url))

/** go.mod of Talos 1.14.1 asks for it, and all others for hardly less. */
const OLDEST_GO = [1, 26, 5] as const

/** What has to be there to build anything, for whoever is told that it is missing. */
export const NEEDED = `go ${OLDEST_GO.join('.')} or newer`

/** Exactly the pinned modules with exactly this Go, whatever the machine is configured to do. */
const ENVIRONMENT = {
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
}

/** `go1.26.8 linux/amd64`; undefined where there is no Go, or one that is too old. */
export async function goToolchain(): Promise<string | undefined> {
  const ask = ['env', 'GOVERSION', 'GOOS', 'GOARCH']
  const answer = await go(tmpdir(), ask).catch(() => undefined)
  const [version = '', system, machine] = answer?.trim().split('\n') ?? []
  const [, ...found] = /go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  const isNewEnough = rank(found.map((part) => Number(part ?? 0))) >= rank(OLDEST_GO)
  return isNewEnough ? `${version} ${system}/${machine}` : undefined
}

const rank = ([major = 0, minor = 0, patch = 0]: readonly number[]): number =>
  (major * 1000 + minor) * 1000 + patch

/** Main packages, from one of the modules. */
export interface Programs<Name extends string> {
  readonly module: string
  /** Instead of go.mod, for the same program with other versions of what it is made of. */
  readonly modfile?: string
  readonly packages: Readonly<Record<Name, string>>
  /** Values of variables, as the linker's -X takes them. */
  readonly variables?: readonly string[]
  /** Becomes the package "." of the module. */
  readonly changed?: ChangedMain
}

/** Where each program is; built below the user's cache when it is not there yet. */
export async function built<Name extends string>(
  programs: Programs<Name>,
  toolchain: string,
): Promise<Record<Name, string>> {
  const folder = await madeOnce(await recipe(programs, toolchain))
  const places = Object.keys(programs.packages).map((name) => [name, join(folder, name)])
  return Object.fromEntries(places) as Record<Name, string>
}

async function recipe(
  { module, modfile = 'go.mod', packages, variables = [], changed }: Programs<string>,
  toolchain: string,
): Promise<Recipe> {
  const source = join(MODULES, module)
  const programs = Object.entries(packages)
  const link = ['-s', '-w', ...variables.map((variable) => `-X ${variable}`)].join(' ')
  const options = [`-modfile=${modfile}`, '-trimpath', '-ldflags', link]
  const changes = changed === undefined ? [] : [JSON.stringify(changed)]
  const inputs = [
    toolchain,
    ...options,
    ...programs.flat(),
    ...(await contents(source)),
    ...changes,
  ]
  const name = modfile === 'go.mod' ? module : modfile.replace('.mod', '')
  const make = async (draft: string): Promise<void> => {
    process.stderr.write(`Building ${Object.keys(packages).join(', ')} (${name}), once …\n`)
    const more = changed === undefined ? [] : [await overlaid(source, changed, draft)]
    for (const [program, mainPackage] of programs) {
      await go(source, ['build', ...options, ...more, '-o', join(draft, program), mainPackage])
    }
  }
  return { name, inputs: JSON.stringify(inputs), make }
}

/** The overlay stays beside the program, where it says what was built. */
async function overlaid(module: string, changed: ChangedMain, draft: string): Promise<string> {
  const folder = await go(module, ['list', '-f', '{{.Dir}}', changed.from])
  const source = await readFile(join(folder.trim(), 'main.go'), 'utf8')
  return overlay(module, source, changed, draft)
}

/** The source of one of the modules that a module requires. */
export async function sourceOf(module: string, required: string): Promise<string> {
  const answer = await go(join(MODULES, module), ['mod', 'download', '-json', required])
  return (JSON.parse(answer) as { Dir: string }).Dir
}

/** The names and texts of the files of a module, which has no folders. */
async function contents(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).toSorted()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])
  return (await Promise.all(texts)).flat()
}

/** The standard output of a call of `go` in the folder. */
async function go(cwd: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...ENVIRONMENT }
  const { stdout } = await run('go', [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}
