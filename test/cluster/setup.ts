import type { TestProject } from 'vitest/node'
import { NEEDED } from './go-build.ts'
import { installParts, type Parts } from './install.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** null where there is no Go to build them with. */
    parts: Parts | null
  }
}

/** The programs are built here and started by the tests that need them. */
export async function setup({ provide }: TestProject): Promise<void> {
  const parts = await installParts()
  if (parts === undefined) {
    if (process.env['CI'] === 'true') throw new Error(`test:cluster needs ${NEEDED}.`)
    process.stderr.write(`SKIPPED: test:cluster needs ${NEEDED}; nothing is tested without it.\n`)
  }
  provide('parts', parts ?? null)
}
