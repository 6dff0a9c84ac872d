import { closedTo } from '../core/address-reach.ts'
import { clusterKeySetUrl, DISCOVERY_BINDING_COMMAND } from '../core/cluster-host.ts'
import { parseDiscovery } from '../core/discovery.ts'
import { DISCOVERY_PATH } from '../core/issuer.ts'
import { parseKeySet } from '../core/key-set.ts'
import {
  clusterAddressPrivate,
  clusterAnonymousRefused,
  clusterKeyMissing,
  clusterNotServedYet,
  clusterOtherIssuer,
  clusterOtherKeySet,
} from '../core/problems/cluster-host.ts'
import { documentRedirected } from '../core/problems/documents.ts'
import { Problem } from '../core/problems/problem.ts'
import type { Setup } from '../core/setup.ts'
import type { AnonymousFetch } from '../ports/documents.ts'
import type { World } from '../ports/world.ts'
import { keysInFiles } from './applied.ts'
import type { Reach } from './cluster-reach.ts'
import { usesEmulator } from './connect.ts'

type Proved = Pick<Setup, 'issuer' | 'thumbprint' | 'signers'>

/**
 * Proves that the API server serves the issuer to strangers, with every key of the wish, before IAM
 * is told to trust it.
 *
 * @throws Problem `cluster/…` or `documents/redirected`
 */
export async function proveCluster(
  world: World,
  setup: Proved,
  reach: () => Promise<Reach>,
): Promise<void> {
  await world.clock.sleep(0)
  await checkAddresses(world, setup)
  const reading = world.progress.begin('Reading issuer and keys from the API server as a stranger')
  try {
    await readDocuments(world, setup, await reach())
    reading.done()
  } catch (error) {
    reading.failed()
    if (!(error instanceof Problem) || !isNoAnswer(error)) throw error
    throw clusterNotServedYet(setup.issuer, `${error.what} ${error.why}`, error)
  }
}

/** A cluster that is not there yet, and whatever else may be at its name until then. */
const isNoAnswer = ({ code }: Problem): boolean =>
  code.startsWith('network/') || code.endsWith('-unparsable')

async function readDocuments(
  { files }: World,
  { issuer, signers }: Proved,
  { fetch }: Reach,
): Promise<void> {
  const url = `${issuer}/${DISCOVERY_PATH}`
  const keySetUrl = clusterKeySetUrl(issuer)
  const read = (address: string) => readAnonymously(address, issuer, fetch)
  const discovery = parseDiscovery(await read(url), url)
  if (discovery.issuer !== issuer) throw clusterOtherIssuer(url, discovery.issuer, issuer)
  if (discovery.keySetUrl !== keySetUrl) {
    throw clusterOtherKeySet(url, discovery.keySetUrl, keySetUrl)
  }
  const { keys } = parseKeySet(await read(keySetUrl), keySetUrl)
  const served = new Set(keys.map(({ kid }) => kid))
  const missing = (await keysInFiles(files, { signers })).filter(({ kid }) => !served.has(kid))
  if (missing.length > 0) {
    throw clusterKeyMissing(
      keySetUrl,
      missing.map(({ kid, file }) => `${kid} (${file})`),
    )
  }
}

async function readAnonymously(
  url: string,
  issuer: string,
  fetch: AnonymousFetch,
): Promise<string> {
  const { status, body, location } = await fetch(url)
  if (status === 200) return body
  if (status === 401 || status === 403) {
    throw clusterAnonymousRefused(url, status, DISCOVERY_BINDING_COMMAND)
  }
  if (status >= 300 && status < 400) throw documentRedirected(url, location)
  throw clusterNotServedYet(issuer, `${url} answered ${status}. ${NO_DISCOVERY}`)
}

/** kubernetes pkg/controlplane/apiserver/server.go: an issuer that is no URL leaves discovery out. */
const NO_DISCOVERY =
  'kube-apiserver serves discovery there only while its first --service-account-issuer is an https URL.'

/**
 * That we get an answer from here says little: STS asks from the internet. Somebody who leaves the
 * thumbprint to IAM, or knows it, may know better than our resolver what the internet sees.
 */
async function checkAddresses(world: World, { issuer, thumbprint }: Proved): Promise<void> {
  const host = new URL(issuer).hostname.replace(/^\[|\]$/g, '')
  const addresses = await world.addressesOf(host)
  const closed = addresses.flatMap((address) => {
    const what = closedTo(address)
    return what === undefined ? [] : [`${address} (${what})`]
  })
  if (closed.length === 0) return
  const none = closed.length === addresses.length
  if (none && thumbprint.kind === 'auto' && !usesEmulator(world)) {
    throw clusterAddressPrivate(issuer, closed)
  }
  world.progress.warn(
    `This machine finds the API server at ${closed.join(', ')}, where AWS itself cannot reach it.`,
  )
}
