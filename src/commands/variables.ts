import { type Command, InvalidArgumentError, type Option } from 'commander'
import { variableInvalid } from '../core/problems/usage.ts'
import type { VariableOption } from './options.ts'

type Env = Readonly<Record<string, string | undefined>>

const ON = ['1', 'true', 'yes']
const OFF = ['0', 'false', 'no']

/**
 * Gives every option that no flag was given for the value of its IRSA_ variable, which goes through
 * the same choices and parsers as a flag's. A variable that is empty counts as unset.
 *
 * @throws Problem `usage/variable-invalid`
 */
export function readVariables(command: Command, env: Env): void {
  for (const owner of [command, ...(command.parent ? [command.parent] : [])]) {
    for (const option of owner.options.filter(hasVariable)) {
      const name = option.attributeName()
      if (owner.getOptionValueSource(name) === 'cli') continue
      const value = valueOf(option, env[option.variable]?.trim() ?? '')
      if (value !== undefined) owner.setOptionValueWithSource(name, value, 'env')
    }
  }
}

const hasVariable = (option: Option): option is VariableOption => 'variable' in option

/** Undefined where the variable says nothing, as a switch that is off does. */
function valueOf(option: VariableOption, text: string): unknown {
  if (text === '') return undefined
  const isSwitch = !option.required && !option.optional
  // `--no-input` sets `input` to false.
  if (isSwitch) return switched(option.variable, text) ? !option.negate : undefined
  const parts = option.parts(text).filter((part) => part !== '')
  return parts.reduce<unknown>((before, part) => parsed(option, part, before), undefined)
}

/** Whether a switch that is an IRSA_ variable is on. @throws Problem `usage/variable-invalid` */
function switched(variable: string, text: string): boolean {
  const word = text.toLowerCase()
  if (ON.includes(word)) return true
  if (OFF.includes(word)) return false
  throw variableInvalid(
    variable,
    text,
    `A switch is on with ${listed(ON)}, and off with ${listed(OFF)}.`,
  )
}

const listed = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

function parsed(option: VariableOption, text: string, before: unknown): unknown {
  try {
    return option.parseArg ? option.parseArg(text, before) : text
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw variableInvalid(option.variable, text, error.message)
  }
}

/** Whether colours were switched off, for a run that ended before its options were read. */
export function colourOff(env: Env): boolean {
  return ON.includes(env['IRSA_NO_COLOR']?.trim().toLowerCase() ?? '')
}
