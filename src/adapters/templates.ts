import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Gives the text of a template by its path below the `templates` folder, such as `webhook/x.yaml`. */
export type Templates = (name: string) => string

/**
 * The templates that come with irsa. A missing one is a broken installation, so its error is left
 * as it is. Read when asked for, at once: they are a few kilobytes beside the program itself.
 */
export const templatesIn =
  (folder: string): Templates =>
  (name) =>
    readFileSync(join(folder, name), 'utf8')
