import { capital } from '../words.ts'
import type { Finding } from './finding.ts'
import { atTheServer, type CertificateSeen, type ServerSeen, shown } from './tls-server.ts'
import { duration } from '../times.ts'

const DAY_MS = 86_400_000

/** An alarm that is early enough to renew by hand. */
const SOON_MS = 14 * DAY_MS

interface Dated {
  readonly server: ServerSeen
  readonly issuer: string
  readonly now: Date
}

/** What is wrong with the dates of a chain: expired, not valid yet, or about to expire. */
export const dateFindings = (dated: Dated): readonly Finding[] =>
  dated.server.chain.flatMap((_, position) => {
    const finding = dateFinding(dated, position)
    return finding === undefined ? [] : [finding]
  })

function dateFinding(dated: Dated, position: number): Finding | undefined {
  const { server, now } = dated
  const certificate = server.chain[position]!
  if (Date.parse(certificate.notAfter) < now.getTime()) return expired(dated, position)
  if (Date.parse(certificate.notBefore) > now.getTime()) return notYetValid(dated, position)
  return expiresSoon(certificate, now) ? expiringSoon(dated, position) : undefined
}

/**
 * Automatic renewal comes with a third of the lifetime left at the latest, so certificates that live
 * for a week are no cause for alarm (letsencrypt.org/docs/integration-guide, "When to Renew").
 */
export function expiresSoon(
  { notBefore, notAfter }: Pick<CertificateSeen, 'notBefore' | 'notAfter'>,
  now: Date,
): boolean {
  const left = Date.parse(notAfter) - now.getTime()
  return left < SOON_MS && left < (Date.parse(notAfter) - Date.parse(notBefore)) / 3
}

function expired({ server, issuer, now }: Dated, position: number): Finding {
  const { notAfter } = server.chain[position]!
  // A chain that verifies all the same leads to a root past the expired one, for whoever looks for it.
  const bypassed = position > 0 && server.trust.kind !== 'untrusted'
  return {
    id: 'tls/expired',
    severity: bypassed ? 'low' : 'high',
    summary: `${capital(shown(server, position))} expired on ${notAfter}, ${span(notAfter, now)} ago`,
    why: bypassed
      ? 'The chain verifies here without it; older TLS libraries do not find that way.'
      : 'AWS reads the documents over verified TLS only, so it accepts no token of this issuer until the chain is valid again.',
    fix: atTheServer(
      position === 0
        ? 'Renew the certificate, and have the server load it.'
        : 'Replace it by the current certificate of that CA in what the server presents.',
      issuer,
    ),
  }
}

function notYetValid({ server, issuer, now }: Dated, position: number): Finding {
  const { notBefore } = server.chain[position]!
  return {
    id: 'tls/not-yet-valid',
    severity: 'high',
    summary: `${capital(shown(server, position))} is not valid before ${notBefore}, ${span(notBefore, now)} from now`,
    why: `Until then nobody accepts it, AWS included. The clock of this machine says ${now.toISOString()}; if that is wrong, so may this be.`,
    fix: atTheServer(
      'Set the clock of whatever issued it, issue it again, and have the server load it.',
      issuer,
    ),
  }
}

function expiringSoon({ server, issuer, now }: Dated, position: number): Finding {
  const { notAfter } = server.chain[position]!
  return {
    id: 'tls/expiring-soon',
    severity: 'medium',
    summary: `${capital(shown(server, position))} expires on ${notAfter}, in ${span(notAfter, now)}`,
    why: 'Automatic renewal would have come by now. From that moment on AWS refuses every token of this issuer.',
    fix: atTheServer('Renew it, and see why that has not happened by itself.', issuer),
  }
}

const span = (date: string, now: Date): string =>
  duration(Math.abs(Date.parse(date) - now.getTime()) / 1000)
