import type { Entry } from '../../yaml-page.ts'
import type { Flag } from '../flags.ts'
import { base64Of } from '../placeholder.ts'
import { type Situation, unique } from '../situation.ts'

/** A map of flags, whose values may be lists from 1.13 on (pkg/machinery/config/types/meta/args.go). */
export function extraArgs(flags: readonly Flag[], listsAllowed: boolean): Entry[] {
  return unique(flags.map(({ name }) => name)).map((name) => {
    const same = flags.filter((flag) => flag.name === name)
    const values = same.map(({ value }) => value)
    return {
      key: name,
      value: listsAllowed && values.length > 1 ? values : values[0],
      why: unique(same.map(({ why }) => why)).join(' '),
    }
  })
}

/** The one key of Talos before 1.14, which comes in only when it is to sign. */
export function serviceAccountKey({ signer, waits, input }: Situation): Entry[] {
  if (signer === undefined || waits) return []
  const { privatePem } = input
  return [
    {
      key: 'key',
      value:
        privatePem === undefined
          ? base64Of(signer.privateFrom)
          : Buffer.from(privatePem).toString('base64'),
      why:
        privatePem === undefined
          ? 'Signs and verifies: the private key in PEM, as base64 on one line. It is only printed with --include-private-key. Never put it into git.'
          : 'Signs and verifies: the private key in PEM, as base64. Keep this file away from git.',
    },
  ]
}
