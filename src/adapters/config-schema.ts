import * as z from 'zod'
import { API_VERSION } from '../core/config.ts'
import { checkRoles, rolesSchema } from './config-roles.ts'

const text = z.string().min(1, 'It is empty.')

const host = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('s3'), bucket: text, prefix: text.optional() }),
    z.strictObject({ type: z.literal('directory'), directory: text }),
    z.strictObject({ type: z.literal('cluster') }),
  ],
  { error: 'It is one of s3, directory and cluster.' },
)

const ACCOUNT = 'An account is twelve digits, in quotes.'

const provider = z.strictObject({
  account: z.string(ACCOUNT).regex(/^\d{12}$/, ACCOUNT),
  thumbprint: z
    .union([z.enum(['auto', 'none']), z.array(text).min(1).max(5)], {
      error: 'It is auto, none, or a list of up to five thumbprints.',
    })
    .default('auto'),
})

/** The shape of irsa.yaml; what a field means is checked where it is used. */
export const configSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION),
    name: text,
    issuer: text,
    region: text,
    host,
    audiences: z.array(text).min(1, 'At least one audience is needed.').max(100),
    keys: z.array(z.strictObject({ public: text, private: text.optional() })).min(1),
    providers: z.array(provider).length(1, 'One provider is needed.'),
    roles: rolesSchema,
  })
  .superRefine((config, context) => {
    checkRoles(config, (path, message) => {
      context.addIssue({ code: 'custom', path: [...path], message })
    })
  })

/** The names of the fields that may stand at a place of irsa.yaml, `[]` being its top. */
export function fieldsAt(path: readonly PropertyKey[], schema: unknown = configSchema): string[] {
  const [first, ...rest] = path
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return [...new Set(schema.options.flatMap((option) => fieldsAt(path, option)))]
  }
  if (schema instanceof z.ZodOptional) return fieldsAt(path, schema.unwrap())
  if (schema instanceof z.ZodArray) return fieldsAt(rest, schema.element)
  if (!(schema instanceof z.ZodObject)) return []
  return first === undefined
    ? Object.keys(schema.shape)
    : fieldsAt(rest, schema.shape[String(first)])
}
