import { Problem } from './problem.ts'

const file = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `files/${code}`, what, why, fix, exit: 1, cause })

export const fileMissing = (path: string, what: string): Problem =>
  new Problem({
    code: 'files/missing',
    what: `There is no file ${path}.`,
    why: `${what} was to be read from it.`,
    fix: 'Check the path; relative ones start at the current folder, those in irsa.yaml at its folder.',
    exit: 2,
  })

export const fileUnreadable = (path: string, cause: unknown): Problem =>
  file(
    'unreadable',
    `${path} cannot be read.`,
    `The system says: ${textOf(cause)}`,
    `Check it with: ls -ld ${path}`,
    cause,
  )

export const folderReadOnly = (path: string, cause: unknown): Problem =>
  file(
    'not-writable',
    `${path} cannot be written.`,
    `The system says: ${textOf(cause)}`,
    'Choose a folder that you may write to, with --out-dir, --directory or --config. Nothing was left half written.',
    cause,
  )

export const placeUnfit = (path: string, cause: unknown): Problem =>
  new Problem({
    code: 'files/no-place',
    what: `${path} cannot be written.`,
    why: `The system says: ${textOf(cause)}`,
    fix: 'Make its folder first, or choose another file with --report.',
    exit: 2,
    cause,
  })

export const fileForeign = (path: string): Problem =>
  new Problem({
    code: 'files/not-a-report',
    what: `${path} is not a report that irsa wrote.`,
    why: 'A report takes the place of an older one only, so that nothing of yours is lost.',
    fix: 'Choose another file with --report, or move this one out of the way.',
    exit: 2,
  })

export const diskFull = (path: string, cause: unknown): Problem =>
  file(
    'disk-full',
    `There is no room to write ${path}.`,
    `The system says: ${textOf(cause)}`,
    'Make room, then run the same command again. Nothing was left half written.',
    cause,
  )

export const outputLost = (cause: unknown): Problem =>
  file(
    'output',
    'The result could not be written to standard output.',
    `The system says: ${textOf(cause)}. The work itself is done.`,
    'Run the same command again, with its output somewhere else, to see the result.',
    cause,
  )

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

export const programMissing = (program: string, cause: unknown): Problem =>
  new Problem({
    code: 'files/program',
    what: `${program} could not be started.`,
    why: `The system says: ${textOf(cause)}`,
    fix: 'Check the name, and that it is in the PATH.',
    exit: 2,
    cause,
  })
