import type { Command, Option } from 'commander'
import { shellWord } from '../core/shell.ts'

/**
 * The options that a command was given, to be typed again, each with a blank in front; common ones
 * come first.
 *
 * @param names long flags; without them all that were given
 */
export function givenFlags(command: Command, names?: readonly string[]): string {
  const owners = [...(command.parent ? [command.parent] : []), command]
  return owners
    .flatMap((owner) =>
      owner.options
        .filter((option) => names === undefined || names.includes(option.long ?? ''))
        .map((option) => typed(owner, option)),
    )
    .join('')
}

function typed(owner: Command, option: Option): string {
  const source = owner.getOptionValueSource(option.attributeName())
  if (source !== 'cli' && source !== 'env') return ''
  const value: unknown = owner.getOptionValue(option.attributeName())
  // A switch that a variable sets, such as IRSA_YES, is set for the next command as well.
  if (typeof value === 'boolean') return source === 'env' ? '' : ` ${option.long}`
  return [value]
    .flat()
    .map((each) => ` ${option.long} ${shellWord(String(each))}`)
    .join('')
}
