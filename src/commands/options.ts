import { delimiter } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'

/** How a variable that stands for a repeatable option is taken apart; a flag never is. */
type Parts = (text: string) => readonly string[]

/** An option that may also come from the environment: `--key-bits` from IRSA_KEY_BITS. */
export type VariableOption = Option & { readonly variable: string; readonly parts: Parts }

/**
 * Not commander's own `env()`: for that, a switch is on whatever its variable says, and an empty
 * variable is a value.
 */
export function option(flags: string, description: string, parts: Parts = whole): VariableOption {
  const made = new Option(flags, description)
  const variable = `IRSA_${made.name().replaceAll('-', '_').toUpperCase()}`
  return Object.assign(made, { variable, parts })
}

/** The same for one that may be repeated; its variable holds values separated by blanks. */
export const repeatable = (flags: string, description: string): Option =>
  collecting(option(flags, description, (text) => text.split(/\s+/)))

/** Like `repeatable`, for paths, which may have blanks in them: separated as in PATH, or by lines. */
export const repeatablePath = (flags: string, description: string): Option =>
  collecting(
    option(flags, description, (text) =>
      text.split('\n').flatMap((line) => line.trim().split(delimiter)),
    ),
  )

const whole: Parts = (text) => [text]

const collecting = (made: Option): Option =>
  made.argParser((value: string, before?: readonly string[]) => [...(before ?? []), value])

/** kube-apiserver signs with RSA of any size; these are the ones in use. */
const KEY_BITS = [2048, 3072, 4096]

/** Reads the size of an RSA key. */
export function parseKeyBits(text: string): number {
  const bits = Number(text)
  if (!KEY_BITS.includes(bits)) {
    throw new InvalidArgumentError(`It is one of ${KEY_BITS.join(', ')}.`)
  }
  return bits
}

export const AUDIENCE_FLAGS = '--audience <audience>'
export const THUMBPRINT_FLAGS = '--thumbprint <auto|none|hex>'
