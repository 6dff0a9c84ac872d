import { flagValues } from '../apiserver/running-facts.ts'
import { DEFAULT_TOKEN_EXPIRATION } from '../web-identity.ts'
import type { Finding } from './finding.ts'

const FLAG = 'service-account-max-token-expiration'

/** That tokens are shorter than pods ask for (kubernetes pkg/registry/core/serviceaccount/storage/token.go). */
export function tokenLifetime(commands: readonly (readonly string[])[]): readonly Finding[] {
  const values = commands.flatMap((command) => flagValues(command, FLAG).slice(-1))
  const short = values.find((value) => secondsOf(value) < DEFAULT_TOKEN_EXPIRATION)
  if (short === undefined) return []
  return [
    {
      id: 'apiserver/short-tokens',
      severity: 'info',
      summary: `No token is valid for longer than ${short}, by --${FLAG}`,
      why: 'Pods ask for a day, and get less. The kubelet renews their tokens in time either way.',
      fix: 'Nothing has to be done.',
    },
  ]
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** Go's time.ParseDuration, without fractions of a second; anything else is taken for long. */
function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)]
  if (parts.map(([whole]) => whole).join('') !== duration) return Number.POSITIVE_INFINITY
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * UNIT_SECONDS[unit]!, 0)
}
