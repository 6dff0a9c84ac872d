/** One entry of a YAML list, or of a map when it has a key, with the comment that stands above. */
export interface Entry {
  readonly key?: string
  readonly value: unknown
  readonly why?: string | undefined
}

/** What goes where in a template. A place that gets no entries is taken out of the document. */
export interface Fill {
  readonly at: readonly (string | number)[]
  readonly entries: readonly Entry[]
}

/** A text that is YAML itself, such as a patch in a configuration: its comments stand inside of it. */
export interface EmbeddedYaml {
  /** What `fills` are put into. */
  readonly template: string
  readonly fills: readonly Fill[]
}

export const isEmbeddedYaml = (value: unknown): value is EmbeddedYaml =>
  typeof value === 'object' && value !== null && 'template' in value && 'fills' in value
