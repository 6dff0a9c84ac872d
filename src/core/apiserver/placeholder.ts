const MARK = 'REPLACE-THIS-LINE'

/** Stands where a file's content belongs that is a secret, or is not here. Ends with a line break. */
export const contentOf = (file: string): string => `${MARK} with the content of ${file}\n`

/** The same where the content goes in as base64, on one line; the command is the one of coreutils. */
export const base64Of = (file: string): string =>
  `${MARK} with what this prints: base64 -w0 ${file}`

/** The same for something that no local file holds; `what` goes on from "with". Ends with a line break. */
export const inPlaceOf = (what: string): string => `${MARK} with ${what}\n`
