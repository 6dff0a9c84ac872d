import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { templatesIn } from '../../src/adapters/templates.ts'

/** The templates that come with irsa. */
export const templates = templatesIn(fileURLToPath(new URL('../../templates', import.meta.url)))

/** Every document of a stream, as YAML 1.1 and 1.2 both read it; a warning fails the test. */
export function parseManifests<T>(text: string): T[] {
  const [older, newer] = (['1.1', '1.2'] as const).map((version) =>
    parseAllDocuments(text, { version, uniqueKeys: true, strict: true }).map((document) => {
      expect([...document.errors, ...document.warnings]).toEqual([])
      return document.toJS() as T
    }),
  )
  expect(older).toEqual(newer)
  return older ?? []
}
