import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LinkId } from '../../src/core/verify/link.ts'
import { cleanEnv, ENTRY, startProgram, type Ended, type Workplace } from './cli.ts'

/** A link as `irsa verify -o json` prints it. */
export interface PrintedLink {
  readonly id: LinkId
  readonly status: 'pass' | 'warn' | 'fail' | 'skip'
  readonly summary: string
  readonly why: string
  readonly fix: string
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly summary: string
    readonly why: string
    readonly fix: string
    readonly command?: string
  }[]
}

/** A verification as it was printed. */
export interface Printed {
  readonly ended: Ended
  readonly ok: boolean
  readonly brokenLink: LinkId | null
  readonly links: readonly PrintedLink[]
  link(id: LinkId): PrintedLink
  /** Of all links. */
  readonly findings: readonly string[]
}

type Env = Readonly<Record<string, string>>
type Place = Pick<Workplace, 'run' | 'cwd'> & { readonly aws?: Workplace['aws'] }

/** Runs `irsa verify` through the entry point. */
export async function verify(
  place: Place,
  args: readonly string[] = [],
  env: Env = {},
): Promise<Printed> {
  const ended = await place.run(['verify', '-o', 'json', ...args], env)
  expect(ended.stdout, ended.stderr).not.toBe('')
  const document = ended.json<Pick<Printed, 'ok' | 'brokenLink' | 'links'>>()
  expect(ended.code).toBe(document.ok ? 0 : 1)
  return {
    ...document,
    ended,
    link: (id) => document.links.find((link) => link.id === id)!,
    findings: document.links.flatMap(({ findings }) => findings.map(({ id }) => id)),
  }
}

/** Runs a command as it was printed, in a shell; questions are answered with yes. */
export async function runPrinted(place: Place, command: string, env: Env = {}): Promise<Ended> {
  const bin = join(place.cwd, '.bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'irsa'), `#!/bin/sh\nexec '${process.execPath}' '${ENTRY}' "$@"\n`)
  await chmod(join(bin, 'irsa'), 0o755)
  const PATH = `${bin}:${env['PATH'] ?? cleanEnv()['PATH']}`
  return startProgram(['sh', '-c', command], {
    cwd: place.cwd,
    env: { IRSA_YES: 'true', ...place.aws?.env, ...env, PATH },
  }).ended
}

/** What was broken for real, and what came of it: a row of the table of faults. */
export interface FaultRow {
  readonly fault: string
  readonly link: LinkId
  readonly finding: string
  /** The printed command was run as printed and mended it; or why none can be run in a test. */
  readonly mended: true | string
}

/** Adds a row to the file that IRSA_FAULTS names, where somebody wants the table. */
export async function recordFault(row: FaultRow): Promise<void> {
  const file = process.env['IRSA_FAULTS']
  if (file !== undefined) await appendFile(file, `${JSON.stringify(row)}\n`)
}

export interface Fault {
  readonly fault: string
  readonly link: LinkId
  /** The finding that has to be the one of the broken link. */
  readonly finding: string
  readonly args?: readonly string[]
  readonly env?: Env
  /** Breaks it. */
  readonly inject: () => Promise<unknown> | unknown
  /** Why the printed fix cannot be run by a test, such as a server of somebody else's. */
  readonly byHand?: string
}

/** Breaks something of a healthy place, has it found, and mends it with the command that is printed. */
export async function expectFault(place: Place, fault: Fault): Promise<Printed> {
  const { link, finding, args = [], env = {} } = fault
  await fault.inject()
  const broken = await verify(place, args, env)
  expect({ brokenLink: broken.brokenLink, finding: broken.link(link).findings[0]?.id }).toEqual({
    brokenLink: link,
    finding,
  })
  const command = broken.link(link).findings[0]?.command
  if (fault.byHand === undefined) {
    expect(command, broken.link(link).fix).toBeDefined()
    const mending = await runPrinted(place, command ?? 'false', env)
    expect(mending.code, `${command}\n${mending.stderr}`).toBe(0)
    const after = await verify(place, args, env)
    expect(after.link(link).status, JSON.stringify(after.link(link))).toMatch(/pass|warn/)
  }
  await recordFault({ fault: fault.fault, link, finding, mended: fault.byHand ?? true })
  return broken
}
