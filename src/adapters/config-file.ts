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
  const [{ parseDocument, LineCounter }, { configSchema }] = await Promise.all([
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
  const value: unknown = document.toJS()
  const version = (value as { apiVersion?: unknown } | null)?.apiVersion
  if (version !== undefined && version !== API_VERSION) {
    throw configNewer(place(['apiVersion']), String(version))
  }
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data as Config
  throw issueProblem(parsed.error.issues[0] as z.core.$ZodIssue, place)
}

type Path = readonly PropertyKey[]

/** Says where in the file a field stands: `irsa.yaml:12:5`. */
function placer(document: Document.Parsed, lines: LineCounter, file: string) {
  return (path: Path): string => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number] } | undefined
      if (node?.range === undefined) continue
      const { line, col } = lines.linePos(node.range[0])
      return `${file}:${line}:${col}`
    }
    return file
  }
}

function issueProblem(issue: z.core.$ZodIssue, place: (path: Path) => string): Problem {
  if (issue.code === 'unrecognized_keys') {
    const [field = ''] = issue.keys
    const known = (issue as { known?: string[] }).known ?? []
    return configUnknownField(place([...issue.path, field]), field, known)
  }
  return configInvalidField(place(issue.path), issue.path.join('.') || 'the file', issue.message)
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
