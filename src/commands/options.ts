import { InvalidArgumentError, Option } from 'commander'

/** An option that may also come from the environment: `--key-bits` from IRSA_KEY_BITS. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description)
  return made.env(`IRSA_${made.name().replaceAll('-', '_').toUpperCase()}`)
}

/** The same for one that may be repeated, or hold several values separated by spaces. */
export const repeatable = (flags: string, description: string): Option =>
  option(flags, description).argParser((value: string, before?: readonly string[]) => [
    ...(before ?? []),
    ...value.split(/\s+/).filter((part) => part !== ''),
  ])

/** Like `repeatable`, for paths, which may have spaces in them. */
export const repeatablePath = (flags: string, description: string): Option =>
  option(flags, description).argParser((value: string, before?: readonly string[]) => [
    ...(before ?? []),
    value,
  ])

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
