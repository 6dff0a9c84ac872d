import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { median, shown } from './figures.js'
import { throughLatency } from './latency.js'
import { IRSA, run } from './programs.js'
import { envOf, onFreshAws } from './sandbox.js'
import { atMost } from './table.js'

const ROUNDS = 5

/** As far as a region of another continent. */
const LATENCY_MS = 300

/**
 * A whole healthy chain, from the key to credentials, against the slowest single request in it: the
 * exchange of the token, for which STS itself visits the issuer twice. Everything is 300 ms away.
 * @type {import('./run.js').Part}
 */
export const healthyChain = {
  needs: ['openssl'],
  measure: () =>
    onFreshAws((sandbox, cwd) =>
      withDocuments(cwd, (issuer, caFile) =>
        throughLatency(sandbox.plainUrl, LATENCY_MS, async (plainUrl) => {
          const aws = envOf({ ...sandbox, plainUrl }, 'http', cwd)
          const bundle = join(cwd, 'bundle.pem')
          writeFileSync(bundle, readFileSync(aws.AWS_CA_BUNDLE, 'utf8') + readFileSync(caFile))
          const surroundings = { cwd, env: { ...aws, AWS_CA_BUNDLE: bundle } }
          await prepare(issuer, surroundings)
          const rounds = []
          for (let at = 0; at < ROUNDS; at += 1) rounds.push(await walked(surroundings))
          return [row(rounds)]
        }),
      ),
    ),
}

/** Serves a folder over TLS, each answer as late as AWS. */
async function withDocuments(cwd, work) {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(cwd, name))
  const wish = ['-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2']
  const names = ['-addext', 'subjectAltName=DNS:localhost']
  run('openssl', ['req', '-x509', ...wish, ...names, '-keyout', key, '-out', cert], { cwd })
  const tls = { key: readFileSync(key), cert: readFileSync(cert) }
  const server = createServer(tls, async ({ url }, response) => {
    await setTimeout(LATENCY_MS)
    response.writeHead(200, { 'cache-control': 'public, max-age=300' })
    response.end(readFileSync(join(cwd, 'public', url)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await work(`https://localhost:${server.address().port}`, cert)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function prepare(issuer, surroundings) {
  const host = ['--host', 'directory', '--directory', 'public', '--issuer', issuer]
  await irsa(['generate-keypair'], surroundings)
  const built = ['--issuer', issuer, '--public-key', 'keys/sa-signer.pub', '--out-dir', 'public']
  await irsa(['build-documents', ...built], surroundings)
  await irsa(['init', '--name', 'bench', ...host, '--yes'], surroundings)
  await irsa(['create-role', 'shop/checkout'], surroundings)
}

/** @returns {Promise<{ wall: number, slowest: number }>} milliseconds */
async function walked(surroundings) {
  const role = 'arn:aws:iam::111122223333:role/irsa/bench-shop-checkout'
  const who = ['--service-account', 'shop/checkout', '--role-arn', role]
  const started = performance.now()
  const { stdout, stderr } = await irsa(
    ['verify', '--sign', ...who, '--debug', '--output', 'json'],
    surroundings,
  )
  const wall = performance.now() - started
  const skipped = JSON.parse(stdout).links.filter(({ status }) => status === 'skip')
  if (skipped.length > 2) throw new Error(`Too little was walked:\n${stdout}`)
  const requests = [...stderr.matchAll(/^debug: \S+ \w+ \S+ (\d+) ms$/gm)]
  return { wall, slowest: Math.max(...requests.map(([, took]) => Number(took))) }
}

/** Not `runIrsa`, since this process has to serve documents meanwhile. */
const irsa = (args, surroundings) =>
  promisify(execFile)(process.execPath, [IRSA, ...args], surroundings)

function row(rounds) {
  const [wall, slowest] = ['wall', 'slowest'].map((name) =>
    median(rounds.map((round) => round[name])),
  )
  const ratio = wall / slowest
  const baseline = `${shown(slowest)}  its slowest request`
  return { what: 'verify, all holds', figure: shown(wall), baseline, ratio, ...atMost(ratio, 2.5) }
}
