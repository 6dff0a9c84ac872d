import { Chalk } from 'chalk'
import type { Screen } from './terminal.ts'

/** Roles instead of colours: eight ANSI colours, which say nothing that the words do not. */
export interface Theme {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
  readonly dim: (text: string) => string
  readonly strong: (text: string) => string
  readonly command: (text: string) => string
  readonly symbols: {
    readonly done: string
    readonly failed: string
    readonly warning: string
    readonly skipped: string
    readonly arrow: string
    readonly spinner: readonly string[]
  }
}

const UNICODE = {
  done: '✓',
  failed: '✗',
  warning: '!',
  skipped: '·',
  arrow: '→',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}
const ASCII = {
  done: 'ok',
  failed: 'x',
  warning: '!',
  skipped: '-',
  arrow: '->',
  spinner: ['|', '/', '-', '\\'],
}

/** The theme of one stream. */
export function themeOf({ color, unicode }: Screen): Theme {
  const chalk = new Chalk({ level: color ? 1 : 0 })
  return {
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    dim: chalk.dim,
    strong: chalk.bold,
    command: chalk.cyan,
    symbols: unicode ? UNICODE : ASCII,
  }
}
