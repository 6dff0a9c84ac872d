import { resolve } from 'node:path'
import { parseDiscovery } from '../core/discovery.ts'
import { DISCOVERY_PATH, type Issuer } from '../core/issuer.ts'
import { fileMissing } from '../core/problems/files.ts'
import { assertExpected } from '../core/problems/problem.ts'
import { readPublicKeys } from '../core/public-key.ts'
import { shellWord } from '../core/shell.ts'
import type { TokenAnatomy } from '../core/token-anatomy.ts'
import type { Finding, Remedy } from '../core/verify/finding.ts'
import { judgeSignature } from '../core/verify/token-signed.ts'
import {
  checkSignature,
  keysOf,
  keysOfSet,
  type VerifyingKey,
} from '../core/verify/token-signature.ts'
import type { World } from '../ports/world.ts'
import { during } from './during.ts'
import type { ConfigFile } from './load-config.ts'

/** Where keys may be had, the first that is given counts, and what to do where none fits. */
export interface KeysAsked {
  /** `--public-key` */
  readonly files: readonly string[] | undefined
  /** `--issuer`, which is asked for its keys. */
  readonly issuer: Issuer | undefined
  /** irsa.yaml, which names public keys. */
  readonly config: ConfigFile | undefined
  readonly publish: Remedy
  readonly fresh: Remedy
}

/** What the keys say. */
export interface Judged {
  readonly signature: 'valid' | 'invalid' | 'unknown'
  /** What it was checked with, or why it was not. */
  readonly checkedWith: string
  readonly findings: readonly Finding[]
}

interface Found {
  readonly keys: readonly VerifyingKey[]
  readonly from: string
  readonly published: boolean
}

/** Why there are no keys; a finding where they should be there. */
interface Without {
  readonly why: string
  readonly finding?: Finding
}

type KeyWorld = Pick<World, 'files' | 'cwd' | 'fetch' | 'progress'>

/** Checks a signature. @throws Problem `files/missing`, `key/…` of a `--public-key` */
export async function judgedByKeys(
  world: KeyWorld,
  token: TokenAnatomy,
  asked: KeysAsked,
): Promise<Judged> {
  const found = await findKeys(world, asked)
  if ('why' in found) {
    const { why, finding } = found
    // What nobody has signed needs no key to be told.
    const signature = token.header['alg'] === 'none' ? 'invalid' : 'unknown'
    return { signature, checkedWith: why, findings: finding === undefined ? [] : [finding] }
  }
  const { keys, from, published } = found
  const seen = checkSignature(token, keys)
  const { publish, fresh } = asked
  return {
    // By whichever name: that it stands under another one is a finding.
    signature: seen.kind === 'valid' || seen.kind === 'other-kid' ? 'valid' : 'invalid',
    checkedWith: from,
    findings: judgeSignature(token, seen, { from, published, publish, fresh }),
  }
}

async function findKeys(world: KeyWorld, asked: KeysAsked): Promise<Found | Without> {
  const { files, issuer, config } = asked
  if (files !== undefined) {
    return { keys: await keysOfFiles(world, files), from: files.join(', '), published: false }
  }
  if (issuer !== undefined) return keysOfIssuer(world, issuer)
  if (config !== undefined) return keysOfConfig(world, config)
  return {
    why: 'no key is at hand; name one with --public-key, or the --issuer to ask for its keys',
  }
}

async function keysOfFiles(
  { files, cwd }: Pick<World, 'files' | 'cwd'>,
  names: readonly string[],
): Promise<readonly VerifyingKey[]> {
  const keys = await Promise.all(
    names.map(async (name) => {
      const content = await files.read(resolve(cwd, name))
      if (content === undefined) throw fileMissing(name, 'A public key')
      return readPublicKeys(content.toString('utf8'), name)
    }),
  )
  return keysOf(keys.flat())
}

/** Nobody asked for these, so that it is no error where they cannot be read. */
async function keysOfConfig(
  { files }: Pick<World, 'files'>,
  { config, folder }: ConfigFile,
): Promise<Found | Without> {
  const names = config.keys.map((entry) => entry.public)
  try {
    const keys = await keysOfFiles({ files, cwd: folder }, names)
    if (keys.length > 0) return { keys, from: names.join(', '), published: false }
    return { why: 'irsa.yaml names no key; name one with --public-key' }
  } catch (error) {
    assertExpected(error)
    return { why: error.what }
  }
}

/** As STS does it: discovery document, then what it names as key set. */
async function keysOfIssuer(
  { fetch, progress }: Pick<World, 'fetch' | 'progress'>,
  issuer: Issuer,
): Promise<Found | Without> {
  try {
    return await during(progress, `Asking ${issuer} for its keys`, () =>
      publishedKeys(fetch, issuer),
    )
  } catch (error) {
    const said = reasonOf(error)
    return { why: said, finding: unreachable(issuer, said) }
  }
}

async function publishedKeys(fetch: World['fetch'], issuer: Issuer): Promise<Found> {
  const discovery = `${issuer}/${DISCOVERY_PATH}`
  const { keySetUrl } = parseDiscovery(await bodyOf(fetch, discovery), discovery)
  const keySet = keySetUrl ?? lacking(`${discovery} names no jwks_uri`)
  const keys = keysOfSet(await bodyOf(fetch, keySet)) ?? lacking(`${keySet} is no key set`)
  return { keys, from: keySet, published: true }
}

/** An answer that holds no keys. */
class Lacking extends Error {}

function lacking(message: string): never {
  throw new Lacking(message)
}

async function bodyOf(fetch: World['fetch'], url: string): Promise<string> {
  const { status, body } = await fetch(url)
  return status === 200 ? body : lacking(`${url} answered ${status}`)
}

function reasonOf(error: unknown): string {
  if (error instanceof Lacking) return error.message
  assertExpected(error)
  return error.what.replace(/\.$/, '')
}

const unreachable = (issuer: Issuer, said: string): Finding => ({
  id: 'token/keys-unreachable',
  severity: 'high',
  summary: `The keys of the issuer could not be had: ${said}`,
  why: 'STS asks for them the same way, and without them answers "Couldn\'t retrieve verification key".',
  fix: 'See what is wrong with the documents',
  command: `irsa verify --issuer ${shellWord(issuer)} --no-cluster`,
})
