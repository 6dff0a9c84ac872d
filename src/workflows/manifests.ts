import { parseAllDocuments } from 'yaml'

/** One Kubernetes object of a stream, as scripts know it. */
export interface ManifestName {
  readonly kind: string
  /** null for what belongs to no namespace. */
  readonly namespace: string | null
  readonly name: string
}

/** What every command that prints manifests answers: `text` is one YAML stream. */
export interface Manifests {
  readonly text: string
  readonly resources: readonly ManifestName[]
}

interface Named {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** Joins YAML documents, each with a final line break, to the stream that `kubectl apply -f -` reads. */
export function manifestStream(documents: readonly string[]): Manifests {
  const text = documents.join('---\n')
  const resources = parseAllDocuments(text, { version: '1.1' }).map((document) => {
    const { kind, metadata } = document.toJS() as Named
    return { kind, namespace: metadata.namespace ?? null, name: metadata.name }
  })
  return { text, resources }
}
