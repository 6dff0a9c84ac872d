import { visible, visibleJson } from '../core/visible.ts'

/** What a command prints for programs. */
export type Document = Readonly<Record<string, unknown>>

/** A line of newline-delimited JSON, or a document of a YAML stream. */
export const formatEntry = async (document: Document, format: 'json' | 'yaml'): Promise<string> =>
  format === 'json'
    ? `${visibleJson(JSON.stringify(document))}\n`
    : `---\n${await formatDocument(document, format)}`

/** One document with a final newline. A terminal obeys nothing in it, whoever is quoted. */
export async function formatDocument(document: Document, format: 'json' | 'yaml'): Promise<string> {
  const json = JSON.stringify(document, undefined, 2)
  return format === 'json' ? `${visibleJson(json)}\n` : yamlOf(json)
}

async function yamlOf(json: string): Promise<string> {
  const { Document: Yaml, visit } = await import('yaml')
  const document = new Yaml(JSON.parse(json))
  visit(document, {
    Scalar(_key, node) {
      const { value } = node
      // Nowhere else does YAML have escapes (YAML 1.2 section 7.3.1).
      if (typeof value === 'string' && visible(value) !== value) node.type = 'QUOTE_DOUBLE'
    },
  })
  return visibleJson(document.toString({ lineWidth: 0 }))
}
