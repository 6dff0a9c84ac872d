import { withoutSecrets } from '../core/secrets.ts'
import { visible, visibleLine } from '../core/visible.ts'
import type { Ongoing, Progress } from '../ports/progress.ts'
import { quietProgress } from './quiet.ts'
import type { Screen } from './terminal.ts'
import type { Theme } from './theme.ts'

const FRAME_MS = 80
/** Elsewhere than on a terminal, a step that takes longer than this says that it has begun. */
const LONG_MS = 2_000

/** Nothing at all, and warnings kept for the document: for `-o json`, whose reader is a program. */
export const keptProgress = (warnings: string[]): Progress => ({
  ...quietProgress,
  warn: (message) => void warnings.push(withoutSecrets(message)),
})

/** Nothing but warnings: for `--quiet`. */
export const silentProgress = (screen: Screen, theme: Theme): Progress =>
  visibly({ ...quietProgress, warn: (message) => writeWarning(screen, theme, message) })

/** Finished steps stay on the screen; on a terminal the ones under way turn below them. */
export function stepProgress(screen: Screen, theme: Theme): Progress {
  return visibly(screen.isTerminal ? spinningProgress(screen, theme) : plainProgress(screen, theme))
}

/** With nothing in what is said that a terminal would obey: others are quoted in it. */
const visibly = ({ begin, idle, warn }: Progress): Progress => ({
  begin(title) {
    const { reached, done, failed } = begin(visibleLine(title))
    return {
      reached: (detail) => reached(visibleLine(detail)),
      done: (detail) => done(detail && visibleLine(detail)),
      failed,
    }
  },
  idle: (text) => idle(visibleLine(text)),
  warn: (message) => warn(visible(withoutSecrets(message))),
})

function writeWarning(screen: Screen, theme: Theme, message: string): void {
  screen.write(`${theme.warn(theme.symbols.warning)} ${message}\n`)
}

function plainProgress(screen: Screen, theme: Theme): Progress {
  return {
    begin(title): Ongoing {
      const late = setTimeout(() => screen.write(`begun   ${title}\n`), LONG_MS)
      late.unref()
      const end = (state: string, detail?: string): void => {
        clearTimeout(late)
        screen.write(`${state}  ${title}${detail ? `: ${detail}` : ''}\n`)
      }
      return {
        // A log is not to be filled with it.
        reached: () => undefined,
        done: (detail) => end('done  ', detail),
        failed: () => end('failed'),
      }
    },
    idle: quietProgress.idle,
    warn: (message) => writeWarning(screen, theme, message),
  }
}

function spinningProgress(screen: Screen, theme: Theme): Progress {
  const { symbols } = theme
  const underWay: { readonly title: string; reached: string }[] = []
  let frame = 0
  let timer: NodeJS.Timeout | undefined

  const clear = (): void => screen.write('\r\u001b[2K')
  const cut = (line: string): string =>
    line.length > screen.width - 1 ? `${line.slice(0, screen.width - 2)}…` : line
  const draw = (): void => {
    const spinner = symbols.spinner[(frame += 1) % symbols.spinner.length]
    const line = ` ${spinner} ${underWay.map(({ title, reached }) => title + reached).join(', ')}`
    clear()
    screen.write(cut(line))
  }
  const above = (line: string): void => {
    if (timer !== undefined) clear()
    screen.write(`${line}\n`)
    if (timer !== undefined) draw()
  }
  const aside = (title: string, detail: string): string => {
    if (detail === '') return ''
    const fits = title.length + detail.length + 5 <= screen.width
    return `${fits ? '  ' : '\n   '}${theme.dim(detail)}`
  }
  const end = (step: (typeof underWay)[number], line: string): void => {
    underWay.splice(underWay.indexOf(step), 1)
    if (underWay.length === 0) {
      clearInterval(timer)
      clear()
      timer = undefined
    }
    above(line)
  }
  return {
    begin(title): Ongoing {
      const step = { title, reached: '' }
      underWay.push(step)
      timer ??= setInterval(draw, FRAME_MS).unref()
      draw()
      return {
        reached: (detail) => void (step.reached = ` ${detail}`),
        done: (detail = '') =>
          end(step, ` ${theme.good(symbols.done)} ${title}${aside(title, detail)}`),
        failed: () => end(step, ` ${theme.bad(symbols.failed)} ${title}`),
      }
    },
    idle(text) {
      clear()
      screen.write(theme.dim(cut(` ${text}`)))
      return { over: clear }
    },
    warn: (message) => above(`${theme.warn(symbols.warning)} ${message}`),
  }
}
