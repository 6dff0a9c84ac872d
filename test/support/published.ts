import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ObjectVersion } from '../../src/sandbox/model.ts'
import { workplace, type Workplace } from './cli.ts'
import { serveTls } from './loopback-servers.ts'
import { madeUpPki } from './made-up-chains.ts'

export type Json = Record<string, unknown>

/** A workplace with an issuer in a bucket, and a hand in that bucket. */
export interface Published extends Workplace {
  readonly issuer: string
  readonly bucket: string
  /** A document as it is, parsed. */
  read(document: Document): Json
  /** Puts something else in its place, as somebody with a console would. */
  put(document: Document, body: string | Buffer | Json, headers?: Headers): void
  /** Puts everything back to where it was after `init`. */
  heal(): void
}

export type Document = 'discovery' | 'keys'
type Headers = Readonly<Record<string, string | undefined>>

const PATHS = { discovery: '.well-known/openid-configuration', keys: 'keys.json' } as const

/** Whether programs are there that printed commands need. */
export const has = (program: string): boolean =>
  spawnSync(program, ['--version']).error === undefined

/** An issuer made by `irsa init`. */
export async function published(flags: readonly string[] = []): Promise<Published> {
  const place = await workplace()
  const ended = await place.run(['init', '--name', 'blue', '--yes', '-o', 'json', ...flags])
  expect(ended.code, ended.stderr).toBe(0)
  const { issuer, bucket } = ended.json<{ issuer: string; bucket: string }>()
  const { objects } = place.aws.state.buckets.get(bucket)!
  const prefix = new URL(issuer).pathname.slice(bucket.length + 2)
  const key = (document: Document): string =>
    prefix === '' ? PATHS[document] : `${prefix}/${PATHS[document]}`
  const healthy = new Map(objects)
  return {
    ...place,
    issuer,
    bucket,
    read: (document) => JSON.parse(String(objects.get(key(document))?.[0]?.body)),
    put(document, body, headers = {}) {
      const [before] = objects.get(key(document)) ?? healthy.get(key(document))!
      objects.set(key(document), [changed(before!, body, headers)])
    },
    heal() {
      objects.clear()
      for (const [name, versions] of healthy) objects.set(name, versions)
    },
  }
}

function changed(before: ObjectVersion, body: string | Buffer | Json, headers: Headers) {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const kept = { ...before.headers, ...headers }
  return {
    ...before,
    body: Buffer.from(text),
    etag: `"${createHash('md5').update(text).digest('hex')}"`,
    checksums: {},
    headers: Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  }
}

/** A workplace with an issuer in a folder, and the web server in front of it. */
export interface Served extends Workplace {
  readonly issuer: string
  /** What trusts its certificate as well as the embedded AWS. */
  readonly env: Readonly<Record<string, string>>
  /** Answers in its own way from now on; `undefined` serves the folder. */
  answer(document: Document, listener: RequestListener | undefined): void
  /** The file that is served. */
  file(document: Document): string
}

/** As web servers and CDNs send static files. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }

/** A folder made by `irsa init --host directory`, served over TLS by a chain that is made up. */
export async function served(headers: Readonly<Record<string, string>> = {}): Promise<Served> {
  const place = await workplace()
  const pki = madeUpPki()
  const others = new Map<string, RequestListener>()
  const folder: RequestListener = (request, response) => {
    void readFile(join(place.cwd, 'public', request.url ?? '')).then(
      (body) => response.writeHead(200, { ...HEADERS, ...headers }).end(body),
      () => response.writeHead(404).end(),
    )
  }
  const chain = { key: pki.leaf.key, cert: pki.leaf.cert + pki.intermediate.cert }
  const server = await serveTls(chain, (request, response) =>
    (others.get(request.url ?? '') ?? folder)(request, response),
  )
  const roots = join(place.cwd, 'roots.pem')
  await writeFile(roots, pki.root.cert + place.aws.caCertificate)
  const env = { AWS_CA_BUNDLE: roots, NODE_EXTRA_CA_CERTS: roots }
  const issuer = `https://localhost:${server.port}`
  const host = ['--host', 'directory', '--directory', 'public', '--issuer', issuer]
  const ended = await place.run(['init', '--name', 'blue', ...host, '--yes', '-o', 'json'], env)
  expect(ended.code, ended.stderr).toBe(0)
  return {
    ...place,
    issuer,
    env,
    answer(document, listener) {
      if (listener === undefined) others.delete(`/${PATHS[document]}`)
      else others.set(`/${PATHS[document]}`, listener)
    },
    file: (document) => join(place.cwd, 'public', PATHS[document]),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}
