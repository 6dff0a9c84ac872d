import type { Problem } from '../problems/problem.ts'
import { shellWord } from '../shell.ts'
import { capital } from '../words.ts'
import { DOCUMENT_NAMES, type DocumentLink } from './document.ts'
import type { Finding } from './finding.ts'

/** Whether no answer came at all, and none began to. */
export const isUnreached = ({ code }: Problem): boolean => !UNFINISHED.has(code)

const UNFINISHED = new Set(['network/timeout', 'network/too-large'])

/** Why there was no answer to the GET of a document. */
export function silence(link: DocumentLink, url: string, problem: Problem): Finding {
  const { what, why, fix } = problem
  if (problem.code === 'network/timeout') {
    return {
      id: `${link}/timeout`,
      severity: 'high',
      summary: `${url} did not answer in full within 5 s`,
      why: 'STS waits no longer either, and answers "Couldn\'t retrieve verification key from your identity provider".',
      fix: `Find out what makes it slow, or never end; two static files should take milliseconds: curl -sio /dev/null -w '%{http_code} %{time_total}\\n' ${shellWord(url)}`,
    }
  }
  if (problem.code === 'network/too-large') {
    return {
      id: `${link}/too-large`,
      severity: 'high',
      summary: what.replace(/\.$/, ''),
      why: `${capital(DOCUMENT_NAMES[link])} is a few thousand bytes long, so something else must be served there, or far too many keys.`,
      fix,
    }
  }
  return { id: `${link}/unreachable`, severity: 'high', summary: what.replace(/\.$/, ''), why, fix }
}

/** A key set on another host than the issuer, behind a certificate that fails. */
export function otherHostUntrusted(link: DocumentLink, url: string): Finding {
  const { host } = new URL(url)
  return {
    id: `${link}/untrusted`,
    severity: 'medium',
    summary: `The certificate of ${host} does not verify here`,
    why: 'AWS takes the keys from there only if its own roots trust the certificate, or if the provider has its thumbprint besides that of the issuer.',
    fix: `See what it presents: irsa print-thumbprint ${shellWord(new URL(url).origin)} --chain`,
  }
}
