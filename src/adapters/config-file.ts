import type { Document, LineCounter } from 'yaml'
import type { z } from 'zod'
import { API_VERSION, type Config } from '../core/config.ts'
import {
  configInvalidField,
  configMalformed,
  configNewer,
  configUnknownField,
} from '../core/problems/config.ts'
import type { Problem } from '../core/problems/problem.ts'

/**
 * Reads the text of irsa.yaml. `file` is only its name for messages, which point at line and column.
 * @throws Problem `config/…`
 */
export async function parseConfig(text: string, file: string): Promise<Config> {
  const [{ parseDocument, LineCounter }, { configSchema, fieldsAt }] = await Promise.all([
    import('yaml'),
    import('./config-schema.ts'),
  ])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [syntax] = document.errors
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0])
    throw configMalformed(`${file}:${line}:${col}`, syntax.message)
  }
  const place = placer(document, lines, file)
  const value = plainValue(document, file)
  const version = (value as { apiVersion?: unknown } | null)?.apiVersion
  if (version !== undefined && version !== API_VERSION) {
    throw configNewer(place(['apiVersion']), String(version))
  }
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data as Config
  const { issues } = parsed.error
  // A misspelt field is missing as well, and its name says more.
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknown === undefined) throw fieldProblem(issues[0] as z.core.$ZodIssue, place)
  const [field = ''] = unknown.keys
  throw configUnknownField(place(unknown.path, field), field, fieldsAt(unknown.path))
}

/** Aliases are followed only here, so one that leads nowhere, or to gigabytes, is found out here. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw configMalformed(file, `${error instanceof Error ? error.message : String(error)}.`)
  }
}

type Path = readonly PropertyKey[]

type Place = (path: Path, key?: string) => string

/** A node of the document, as far as places need it. */
interface PlacedNode {
  readonly range?: readonly [number, ...number[]]
  readonly items?: readonly { readonly key?: PlacedNode & { readonly value?: unknown } }[]
}

/** Says where in the file a value stands, or the key of one below it: `irsa.yaml:12:5`. */
function placer(document: Document.Parsed, lines: LineCounter, file: string): Place {
  return (path, key) => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const found = document.getIn(path.slice(0, depth), true) as PlacedNode | undefined
      const node = found?.items?.find((pair) => key !== undefined && pair.key?.value === key)?.key
      const range = (node ?? (depth > 0 ? found : undefined))?.range
      if (range === undefined) continue
      const { line, col } = lines.linePos(range[0])
      return `${file}:${line}:${col}`
    }
    return file
  }
}

function fieldProblem(issue: z.core.$ZodIssue, place: Place): Problem {
  return configInvalidField(place(issue.path), issue.path.join('.') || 'the file', detailOf(issue))
}

function detailOf({ message }: z.core.$ZodIssue): string {
  const [, expected, received] =
    /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? []
  if (expected === undefined) return message
  if (received === 'undefined') return 'It is missing.'
  return `A value of type ${expected} is expected, and it is of type ${received}.`
}

/** The text of a new irsa.yaml: fixed order, final newline, comments for whoever finds it in git. */
export async function formatConfig(config: Config): Promise<string> {
  const { Document } = await import('yaml')
  const document = new Document({ ...config })
  document.commentBefore =
    ' What irsa looks after: one issuer and its IAM OIDC provider. No secrets in here; commit it.'
  return document.toString({ lineWidth: 0 })
}

/**
 * Sets top-level fields in the text of an irsa.yaml and leaves everything else, comments included.
 */
export async function updateConfigText(text: string, changes: Partial<Config>): Promise<string> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text)
  for (const [field, value] of Object.entries(changes)) document.set(field, value)
  return document.toString({ lineWidth: 0 })
}
