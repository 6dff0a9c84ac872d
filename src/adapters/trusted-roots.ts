import { capital } from '../core/words.ts'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'
import { once } from '../core/once.ts'
import { caBundleUnreadable } from '../core/problems/network.ts'
import type { Problem } from '../core/problems/problem.ts'

export type Env = Readonly<Record<string, string | undefined>>

/**
 * What this process trusts. Contexts are made on first use and then shared: parsing Node's own
 * roots takes tens of milliseconds. An undefined context stands for Node's own default.
 *
 * Each function throws Problem `network/ca-bundle-unreadable` (exit 2).
 */
export interface TrustedRoots {
  /** For AWS calls: AWS_CA_BUNDLE alone where it is set, as in aws-cli; else everything. */
  readonly forAws: () => tls.SecureContext | undefined
  /** For anonymous requests and for judging chains: Node's own, NODE_EXTRA_CA_CERTS, AWS_CA_BUNDLE. */
  readonly forAnybody: () => tls.SecureContext | undefined
  /** Of the roots that come with Node, Mozilla's, those that may have issued one of these. */
  readonly nodes: (issued: readonly X509Certificate[]) => readonly X509Certificate[]
  /** The roots that the two variables add. */
  readonly added: () => readonly X509Certificate[]
}

/** Reads no file before one of the functions is called. */
export function trustedRoots(
  env: Env,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): TrustedRoots {
  const bundle = once(() => readBundle('AWS_CA_BUNDLE', env, readFile))
  const extra = once(() => readBundle('NODE_EXTRA_CA_CERTS', env, readFile))
  const added = once(() => [...extra(), ...bundle()])
  // Node reads NODE_EXTRA_CA_CERTS itself, but leaves it out as soon as a `ca` is given.
  const forAnybody = once(() =>
    added().length === 0 ? undefined : contextOf([...nodesDefault(), ...added().map(String)]),
  )
  return {
    forAws: once(() => (bundle().length === 0 ? forAnybody() : contextOf(bundle().map(String)))),
    forAnybody,
    nodes: issuersAmong,
    added,
  }
}

/**
 * The same with more of them, for one host whose CA is known. They need not be self-signed: a
 * Kubernetes CA may be an intermediate of somebody's, and kubectl and pods take it for a root.
 */
export function withRoots(
  roots: TrustedRoots,
  certificates: readonly X509Certificate[],
): TrustedRoots {
  const added = once(() => [...certificates, ...roots.added()])
  const forAnybody = once(() =>
    tls.createSecureContext({
      ca: [...nodesDefault(), ...added().map(String)],
      allowPartialTrustChain: true,
    }),
  )
  return { ...roots, forAnybody, added }
}

/**
 * Parsing all of Node's roots takes longer than a request, so only those are parsed that hold the
 * common name of an issuer somewhere. A name that is not plain ASCII, or is escaped, does
 * not stand there as it is written; then all of them are.
 */
function issuersAmong(issued: readonly X509Certificate[]): readonly X509Certificate[] {
  const names = issued.map(({ issuer }) => /^CN=([^\n\\+\x7f-\uffff]+)$/m.exec(issuer)?.[1])
  return tls.rootCertificates
    .filter((pem) => {
      const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
      return names.some((name) => name === undefined || der.includes(name))
    })
    .map((pem) => new X509Certificate(pem))
}

const contextOf = (ca: string[]): tls.SecureContext => tls.createSecureContext({ ca })

/**
 * What Node trusts when no `ca` is given. From Node 22.15 on it can be asked, and then tells of
 * --use-system-ca and --use-openssl-ca as well.
 */
function nodesDefault(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }
  return getCACertificates?.('default') ?? tls.rootCertificates
}

function readBundle(
  variable: string,
  env: Env,
  readFile: (path: string) => string,
): readonly X509Certificate[] {
  const path = env[variable]
  if (path === undefined || path === '') return []
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw caBundleUnreadable(variable, path, `The file cannot be read: ${reason}`, error)
  }
  return parseCertificates(text, (reason, cause) =>
    caBundleUnreadable(variable, path, capital(reason), cause),
  )
}

/** Reads one or more PEM certificates. @throws what `fault` makes of the reason, half a sentence */
export function parseCertificates(
  text: string,
  fault: (reason: string, cause?: unknown) => Problem,
): readonly X509Certificate[] {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  if (pems === null) throw fault('it holds no PEM certificate')
  return pems.map((pem, index) => {
    try {
      return new X509Certificate(pem)
    } catch (error) {
      throw fault(`certificate ${index + 1} of ${pems.length} in it is damaged`, error)
    }
  })
}
