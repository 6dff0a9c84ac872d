import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Written last: a folder without it is half made. */
const MARKER = 'complete'

/** XDG Base Directory Specification: an empty variable counts as unset. */
const cacheFolder = (): string => process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')

export interface Recipe {
  /** Begins the folder's name. */
  readonly name: string
  /** All that decides what comes out; another text gets another folder. */
  readonly inputs: string
  /** Fills the folder, which is moved to its place afterwards. */
  readonly make: (folder: string) => Promise<void>
  /** A file of it that may lead out of the folder: where it leads nowhere, all is made again. */
  readonly link?: string
}

/** A folder below the user's cache that is made once for each `inputs`. */
export async function madeOnce(recipe: Recipe): Promise<string> {
  const digest = createHash('sha256').update(recipe.inputs).digest('hex')
  const folder = join(cacheFolder(), 'irsa', `${recipe.name}-${digest.slice(0, 8)}`)
  if (!(await isComplete(folder, recipe))) await makeBeside(folder, recipe)
  return folder
}

const isComplete = (folder: string, { link = MARKER }: Recipe): Promise<boolean> =>
  Promise.all([MARKER, link].map((name) => access(join(folder, name)))).then(
    () => true,
    () => false,
  )

/** Made beside its place and moved there whole, so that two runs at once do not meet. */
async function makeBeside(folder: string, recipe: Recipe): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.`)
  try {
    await recipe.make(draft)
    await writeFile(join(draft, MARKER), '')
    await rename(draft, folder).catch(async (error: unknown) => {
      // Another run was faster; or what is there was left half made.
      if (await isComplete(folder, recipe)) return
      if (!isOccupied(error)) throw error
      await rm(folder, { recursive: true, force: true })
      await rename(draft, folder)
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** rename(2) of a folder onto one that is not empty; systems choose between two codes. */
const isOccupied = (error: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')
