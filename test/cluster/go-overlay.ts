import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A main.go that is not built as it is. */
export interface ChangedMain {
  /** The package that has it, and nothing beside it. */
  readonly from: string
  /** Texts that it holds exactly once, and what takes their places. */
  readonly exchange: Readonly<Record<string, string>>
}

/**
 * An option of `go build` that gives the module a main package it does not have: the changed one.
 * Go lets no overlay change the package where it is, in the module cache.
 *
 * @param module folder of the module
 * @param source text of the main.go
 * @param draft folder for the files that the option names
 * @throws Error when a text is not there, or is there twice
 */
export async function overlay(
  module: string,
  source: string,
  { from, exchange }: ChangedMain,
  draft: string,
): Promise<string> {
  const [changed, settings] = [join(draft, 'main.go'), join(draft, 'overlay.json')]
  await mkdir(draft, { recursive: true })
  await writeFile(changed, exchanged(source, from, exchange))
  await writeFile(settings, JSON.stringify({ Replace: { [join(module, 'main.go')]: changed } }))
  return `-overlay=${settings}`
}

function exchanged(source: string, from: string, exchange: ChangedMain['exchange']): string {
  return Object.entries(exchange).reduce((text, [old, better]) => {
    const [before = '', after, ...more] = text.split(old)
    if (after === undefined || more.length > 0)
      throw new Error(`The main.go of ${from} does not have "${old}" exactly once.`)
    return before + better + after
  }, source)
}
