import type { WebhookSettings } from '../../core/webhook/settings.ts'
import { fillTemplate, type Setting, type TemplateContent } from '../yaml-template.ts'

/** One object, as text and as a file of a folder: applied in the order of their names. */
export interface ManifestFile {
  readonly file: string
  /** One YAML document with a final line break. */
  readonly text: string
  /** Whether a private key is in it. */
  readonly secret: boolean
}

/** Fills the templates for one installation. */
export interface Filler {
  readonly settings: WebhookSettings
  readonly template: (path: string) => string
}

/** The labels by which the webhook's pods are found. */
export const selectors = (
  { name }: WebhookSettings,
  at: readonly (string | number)[],
): Setting[] => [{ at: [...at, 'app.kubernetes.io/instance'], value: name }]

export const namespaced = (
  filler: Filler,
  file: string,
  content: TemplateContent = {},
): ManifestFile =>
  clusterWide(filler, file, {
    ...content,
    set: [
      { at: ['metadata', 'namespace'], value: filler.settings.namespace },
      ...(content.set ?? []),
    ],
  })

export const clusterWide = (
  { settings, template }: Filler,
  file: string,
  content: TemplateContent = {},
): ManifestFile =>
  filled(template, file, {
    ...content,
    set: [
      { at: ['metadata', 'name'], value: settings.name },
      ...selectors(settings, ['metadata', 'labels']),
      ...(content.set ?? []),
    ],
  })

/** The file's number is not part of the template's name. */
export const filled = (
  template: Filler['template'],
  file: string,
  content: TemplateContent,
): ManifestFile => ({
  file: `${file}.yaml`,
  text: fillTemplate(template(`webhook/${file.replace(/^\d+-/, '')}.yaml`), content),
  secret: false,
})
