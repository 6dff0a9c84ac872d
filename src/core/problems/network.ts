import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

/** Whom irsa was talking to when it went wrong. */
export interface Peer {
  /** As a person names it: the host, with its port where that is not the usual one. */
  readonly host: string
  /** The proxy in between, without its password. */
  readonly via?: string | undefined
}

const failed = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `network/${code}`, what, why, fix, exit: 1, cause })

const through = ({ via }: Peer): string => (via === undefined ? '' : ` through the proxy ${via}`)

/** The proxy is often what stands in the way; the rest of the sentence says what else it may be. */
const checkProxy = ({ via }: Peer): string =>
  via === undefined ? '' : ', that the proxy lets you through to it'

export const hostUnknown = (peer: Peer, temporary: boolean, cause: unknown): Problem =>
  failed(
    'dns',
    `The name ${peer.host} could not be resolved.`,
    temporary
      ? 'The name server did not answer. This machine may be offline, or its resolver out of reach.'
      : 'The name server knows no such host. The name may be misspelt, or its DNS record may not exist yet.',
    'Check the spelling and the DNS record (`getent hosts` shows what this machine sees), then run the same command again. Where only a proxy reaches the internet, set HTTPS_PROXY.',
    cause,
  )

export const connectionRefused = (peer: Peer, cause: unknown): Problem =>
  failed(
    'refused',
    `${peer.host} refused the connection.`,
    'The host was reached, but nothing listens on that port, or a firewall turns callers away.',
    'Check that the server is running and that host and port are right, then run the same command again.',
    cause,
  )

export const connectionReset = (peer: Peer, cause: unknown): Problem =>
  failed(
    'reset',
    `${peer.host} closed the connection${through(peer)} before it had answered.`,
    'The server, or a firewall or load balancer on the way, hung up in the middle.',
    `Run the same command again. If it stays, check that the server speaks TLS on that port${checkProxy(peer)}, and that no firewall cuts the connection.`,
    cause,
  )

export const timedOut = (peer: Peer, milliseconds: number | undefined, cause?: unknown): Problem =>
  failed(
    'timeout',
    milliseconds === undefined
      ? `${peer.host} did not answer in time${through(peer)}.`
      : `${peer.host} did not answer within ${milliseconds / 1000} s${through(peer)}.`,
    'A firewall may drop the packets silently, or the server is up but too slow. STS waits no longer than 5 s for an issuer.',
    `Check that the host is reachable from here${checkProxy(peer)}, then run the same command again. Where only a proxy reaches the internet, set HTTPS_PROXY.`,
    cause,
  )

export const unreachable = (peer: Peer, cause: unknown): Problem =>
  failed(
    'unreachable',
    `There is no route from here to ${peer.host}.`,
    'This machine may be offline, a VPN may be down, or the name may resolve to an address of a network that is not reachable from here.',
    'Check the network connection, then run the same command again. Where only a proxy reaches the internet, set HTTPS_PROXY.',
    cause,
  )

export const tlsFailed = (peer: Peer, reason: string, cause: unknown): Problem =>
  failed(
    'tls',
    `No trusted TLS connection to ${peer.host} came about${through(peer)}.`,
    `${reason}.`,
    'Put the certificate or the server right. If a private CA or an intercepting proxy signs for this host, name the file with its root in NODE_EXTRA_CA_CERTS (AWS_CA_BUNDLE for AWS endpoints), then run the same command again.',
    cause,
  )

export const notTls = (peer: Peer, cause: unknown): Problem =>
  failed(
    'tls',
    `${peer.host} does not answer in TLS that this program understands${through(peer)}.`,
    'The port may speak plain http, or the server may offer only versions older than TLS 1.2 or ciphers that are not in use any more.',
    'Check host, port and TLS settings of the server, then run the same command again.',
    cause,
  )

/** Issuers are known to be https long before; what is left is an argument. */
export const notHttps = (url: string): Problem =>
  new Problem({
    code: 'network/not-https',
    what: `"${url}" is not an https URL.`,
    why: 'STS fetches an issuer over TLS only, so anything else would prove nothing.',
    fix: `Name it by its whole URL: irsa print-thumbprint ${shellWord(overHttps(url))}`,
    exit: 2,
  })

function overHttps(url: string): string {
  const guess = `https://${url.replace(/^[a-z][a-z\d+.-]*:\/*(?=\D)/i, '')}`
  return URL.canParse(guess) ? guess : 'https://oidc.example.com'
}

export const answerTooLarge = (url: string, bytes: number): Problem =>
  failed(
    'too-large',
    `The answer of ${url} is longer than ${bytes} bytes.`,
    'A discovery document or key set is a few thousand bytes long, so something else must be served there.',
    `Look at what is served: curl -s ${shellWord(url)} | head -c 1000`,
  )

export const proxyRefused = (proxy: string, target: string, status: number): Problem =>
  failed(
    'proxy',
    `The proxy ${proxy} refused to connect to ${target}: it answered ${status}.`,
    status === 407
      ? 'The proxy wants a user name and password, and got none or the wrong ones.'
      : 'The proxy does not allow this host or port, or cannot reach it itself.',
    status === 407
      ? `Put them into the proxy variable, percent-encoded, as in HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT. ${noProxy(target)}`
      : `Ask whoever runs the proxy to allow it. ${noProxy(target)}`,
  )

export const proxyUnreachable = (
  proxy: string,
  target: string,
  why: string,
  cause: unknown,
): Problem =>
  failed(
    'proxy',
    `The proxy ${proxy} could not be used to reach ${target}.`,
    why,
    `Check the address in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY. ${noProxy(target)}`,
    cause,
  )

const noProxy = (target: string): string =>
  `If ${target} can be reached directly, leave the proxy out: NO_PROXY=${target.replace(/:\d+$/, '')}`

export const proxyInvalid = (variable: string, reason: string): Problem =>
  new Problem({
    code: 'network/proxy-invalid',
    what: `The proxy in ${variable} cannot be used: ${reason}.`,
    why: 'irsa reaches AWS and the issuer through http and https proxies with CONNECT.',
    fix: `Write it as ${variable}=http://HOST:PORT, or unset it. Characters such as @, : and / in user name and password must be percent-encoded.`,
    exit: 2,
  })

export const caBundleUnreadable = (
  variable: string,
  path: string,
  reason: string,
  cause: unknown,
): Problem =>
  new Problem({
    code: 'network/ca-bundle-unreadable',
    what: `The certificates of ${variable} could not be read from "${path}".`,
    why: `${reason}.`,
    fix: `Let ${variable} name a file of PEM certificates (-----BEGIN CERTIFICATE-----), or unset it.`,
    exit: 2,
    cause,
  })
