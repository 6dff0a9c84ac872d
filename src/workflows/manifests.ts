import { parseAllDocuments } from 'yaml'
import type { World } from '../ports/world.ts'
import { fillTemplate } from './yaml-template.ts'

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

/** Annotated service accounts as one stream. */
export function serviceAccountStream(
  { template }: Pick<World, 'template'>,
  manifests: readonly Readonly<Record<string, unknown>>[],
): Manifests {
  const page = template('workload/service-account.yaml')
  const documents = manifests.map(({ metadata }) =>
    fillTemplate(page, { set: [{ at: ['metadata'], value: metadata }] }),
  )
  return manifestStream(documents)
}
