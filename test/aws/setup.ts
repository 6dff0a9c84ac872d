import type { TestProject } from 'vitest/node'
import { motoPython, NEEDED } from './install.ts'
import { startMoto, type MotoAddress } from './server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** null where there is no Python to run moto with. */
    moto: MotoAddress | null
  }
}

/** One moto for all files, which keep out of each other's way by the names they choose. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const python = await motoPython()
  if (python === undefined) {
    if (process.env['CI'] === 'true') throw new Error(`test:aws needs ${NEEDED}.`)
    process.stderr.write(`SKIPPED: test:aws needs ${NEEDED}; nothing is tested without it.\n`)
    provide('moto', null)
    return undefined
  }
  const { address, stop } = await startMoto(python)
  provide('moto', address)
  return stop
}
