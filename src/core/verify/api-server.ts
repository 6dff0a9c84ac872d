import { flagsOf } from '../apiserver/running-facts.ts'
import { audienceFindings } from './api-server-audiences.ts'
import type { ApiServerCase } from './api-server-case.ts'
import { issuerFindings } from './api-server-issuer.ts'
import { signerFindings } from './api-server-signer.ts'
import type { Finding } from './finding.ts'
import type { ClusterSeen } from './sights.ts'
import { tokenLifetime } from './token-lifetime.ts'

/** What is wrong with what the API server signs, for whom and with what. */
export function judgeApiServer(it: ApiServerCase): readonly Finding[] {
  const signs = issuersSigned(it.running)
  return [
    ...issuerFindings(it, signs),
    ...signerFindings(it, signs.includes(it.issuer)),
    ...audienceFindings(it),
    ...tokenLifetime(it.running.commands),
  ]
}

/** The issuers that API servers write into tokens, each once: by their flags, and as one was seen to. */
export const issuersSigned = (running: ClusterSeen): readonly string[] => [
  ...new Set([...flagsOf(running).firstIssuers, ...running.issuers]),
]
