import { isForSts } from '../apiserver/audiences.ts'
import { flagsOf } from '../apiserver/running-facts.ts'
import type { ApiServerCase } from './api-server-case.ts'
import type { Finding } from './finding.ts'

/**
 * Whether tokens for the Kubernetes API open AWS as well. Without an audience in the request a token
 * gets all of --api-audiences (kubernetes pkg/registry/core/serviceaccount/storage/token.go).
 */
export function audienceFindings(it: ApiServerCase): readonly Finding[] {
  const { running, audiences, commands } = it
  const carried = running.audiences ?? flagsOf(running).audiences ?? []
  const harmful = carried.filter(
    (audience) => isForSts(audience) || audiences?.includes(audience) === true,
  )
  if (harmful.length === 0) return []
  const opens = running.audiences !== undefined && (audiences === undefined || overlap(it, harmful))
  const others = carried.filter((audience) => !harmful.includes(audience))
  const kept = others.flatMap((audience) => ['--api-audience', audience])
  return [
    {
      id: 'apiserver/sts-audience',
      severity: opens ? 'high' : 'medium',
      summary: `${harmful.join(', ')} is among the audiences of the API server (--api-audiences)`,
      why: `${
        opens
          ? 'The default token of every pod carries it: whoever runs as a service account that a role trusts gets that role without asking for a token of its own, with a token that is good for up to a year. '
          : ''
      }Tokens made for STS open the Kubernetes API, too, for whoever gets hold of one. STS never needs it there.`,
      ...(others.length > 0
        ? {
            fix: 'Give the API server what this prints, on every control-plane node',
            command: commands.flags('sign', kept),
          }
        : {
            fix: 'It is the only one, so every token in use would be refused without it: add another first, and drop it with --stage finish a day later',
            command: commands.flags('sign'),
          }),
    },
  ]
}

const overlap = ({ audiences = [] }: ApiServerCase, harmful: readonly string[]): boolean =>
  harmful.some((audience) => audiences.includes(audience))
