import { setMaxListeners } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { localFiles } from './adapters/files.ts'
import { generateRsaKeyPair } from './adapters/key-pair.ts'
import { templatesIn } from './adapters/templates.ts'
import { directoryDocuments } from './adapters/directory-documents.ts'
import { interrupted } from './core/problems/usage.ts'
import { visible } from './core/visible.ts'
import type { Clock } from './ports/local.ts'
import type { Network } from './network.ts'
import type { CommonOptions, World } from './ports/world.ts'
import { nobody, person } from './ui/ask.ts'
import { makeReport, type Surface } from './ui/report.ts'
import { keptProgress, silentProgress, stepProgress } from './ui/steps.ts'
import { screenOf } from './ui/terminal.ts'
import { themeOf } from './ui/theme.ts'

/** The process, as far as a run may see it. */
export interface Edge {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Hands signals over to somebody else, until it is called with `undefined`. */
  readonly passSignalsTo: (receiver: ((signal: NodeJS.Signals) => void) | undefined) => void
  /** Has something done at the very end, however it comes; answers how to take that back. */
  readonly atExit: (act: () => void) => () => void
  /** The folder templates/. */
  readonly templates: string
}

/** Puts the world of one command together. Adapters that cost start-up time are loaded when used. */
export function makeWorld(
  options: CommonOptions,
  edge: Edge,
): { readonly world: World; close(): void } {
  const out = surfaceOf(edge.stdout, options, edge)
  const err = surfaceOf(edge.stderr, options, edge)
  const asks = edge.stdin.isTTY === true && edge.stderr.isTTY === true && options.input
  const warnings: string[] = []
  const drawn = options.quiet === true ? silentProgress : stepProgress
  const network = lazily(async () => {
    const { openNetwork } = await import('./network.ts')
    return openNetwork(edge.env)
  })
  const signal = interruptible(edge.signal)
  const trace = options.debug === true ? tracing(err) : undefined
  const world: World = {
    options,
    cwd: edge.cwd,
    env: edge.env,
    clock: clockOf(edge.signal),
    random: Math.random,
    files: localFiles,
    readInput: async (most) => (await import('./adapters/input.ts')).readInput(edge.stdin, most),
    generateKeyPair: generateRsaKeyPair,
    makeServingCertificate: async (request) =>
      (await import('./adapters/certificates.ts')).makeServingCertificate(request),
    directoryDocuments: (directory) => directoryDocuments(localFiles, directory),
    template: templatesIn(edge.templates),
    kubectl: async (args) => (await import('./adapters/kubectl.ts')).kubectl(args, signal),
    inTemporaryFolder: async (work) =>
      (await import('./adapters/temporary-folder.ts')).inTemporaryFolder(work, edge.atExit),
    runProgram: async (command, env) =>
      (await import('./adapters/program.ts')).runProgram(command, env, edge.passSignalsTo),
    untilInterrupted: () => untilAborted(edge.signal),
    ...strangerOn(network.get, signal),
    configuredRegion: async (profile) =>
      (await import('./adapters/aws/region.ts')).configuredRegion(edge.env, profile),
    aws: async ({ endpointUrl: endpoint, ...settings }) =>
      (await network.get()).aws({ ...settings, endpoint, trace }),
    onScreen: out.screen.isTerminal,
    ask: asks ? person({ input: edge.stdin, output: edge.stderr }) : nobody,
    progress: options.output === 'human' ? drawn(err.screen, err.theme) : keptProgress(warnings),
    report: makeReport(out, err, options, warnings),
  }
  return { world, close: () => void network.opened()?.then((opened) => opened.close()) }
}

/** What is asked without credentials, and given up when the run is. */
const strangerOn = (
  network: () => Promise<Network>,
  signal: AbortSignal,
): Pick<World, 'fetch' | 'peek' | 'readChain' | 'takesTls12' | 'trusting' | 'addressesOf'> => ({
  fetch: async (url) => (await network()).fetch(url, signal),
  peek: async (url) => (await network()).peek(url, signal),
  readChain: async (url) => (await network()).readChain(url, signal),
  takesTls12: async (url) => (await network()).takesTls12(url, signal),
  async trusting(ca) {
    const { fetch, readChain } = (await network()).trusting(ca)
    return { fetch: (url) => fetch(url, signal), readChain: (url) => readChain(url, signal) }
  },
  addressesOf: async (host) => (await import('./adapters/loopback-lookup.ts')).addressesOf(host),
})

function surfaceOf(stream: Writable, { color }: CommonOptions, { env }: Edge): Surface {
  const screen = screenOf(stream, { env, color })
  return { screen, theme: themeOf(screen) }
}

const tracing =
  ({ screen }: Surface) =>
  (line: string): void =>
    screen.write(`debug: ${visible(line)}\n`)

function clockOf(signal: AbortSignal): Clock {
  return {
    now: () => new Date(),
    async sleep(milliseconds) {
      if (signal.aborted) throw interrupted()
      if (milliseconds === 0) return
      const { setTimeout } = await import('node:timers/promises')
      await setTimeout(milliseconds, undefined, { signal }).catch(() => {
        throw interrupted()
      })
    },
  }
}

/** Aborted with the problem of its own, so that whatever is given up on the way is explained by it. */
function interruptible(signal: AbortSignal): AbortSignal {
  const controller = new AbortController()
  // As many as there are calls under way; each leaves when its call is over.
  setMaxListeners(0, controller.signal)
  void untilAborted(signal).then(() => controller.abort(interrupted()))
  return controller.signal
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function lazily<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined
  return { get: () => (made ??= make()), opened: () => made }
}
