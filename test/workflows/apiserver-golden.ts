import { expect } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { MOVE as ANYWHERE, parse, render } from './apiserver.ts'

/** A change on a platform that knows where its keys are. */
export const MOVE: ApiServerInput = { ...ANYWHERE, previousKeyFiles: [] }

/** All comments in one line, for looking a sentence up. */
export const comments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim().startsWith('#'))
    .map((line) => line.trim().slice(1).trim())
    .join(' ')

/** Compares with a file of test/golden/apiserver, and with what is true of every output. */
export async function expectGolden(
  platform: string,
  label: string,
  input: Partial<ApiServerInput>,
): Promise<void> {
  const { text, flags } = render(platform, input)
  parse(text)
  for (const { value } of flags) expect(text).toContain(value)
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  expect(text).not.toMatch(/[ \t]$/m)
  await expect(text).toMatchFileSnapshot(`../golden/apiserver/${platform}-${label}.yaml`)
}

/** The first document of an output. */
export function first<T>(text: string): T {
  const [document] = parse<T>(text)
  if (document === undefined) throw new Error('there is no document')
  return document
}
