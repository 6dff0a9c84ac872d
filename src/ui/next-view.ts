import { isTypeable, visibleLine } from '../core/visible.ts'
import type { NextCommand } from '../ports/world.ts'
import type { Theme } from './theme.ts'

/**
 * What to type next, each command with what it is for: beside it, or, where one would not fit into
 * `columns`, below. Nothing is said of a command that nobody could type.
 */
export function nextView(all: readonly NextCommand[], theme: Theme, columns: number): string {
  const commands = all.filter(({ command }) => isTypeable(command))
  if (commands.length === 0) return ''
  const width = Math.max(...commands.map(({ command }) => command.length))
  const fits = commands.every(({ why }) => width + why.length + '    # '.length <= columns)
  const lines = commands.map(({ command, why }) => {
    const [shown, words] = [theme.command(command), theme.dim(`# ${visibleLine(why)}`)]
    return fits
      ? `  ${shown}${' '.repeat(width - command.length)}  ${words}`
      : `  ${shown}\n    ${words}`
  })
  return [theme.strong('Next'), ...lines].join('\n')
}
