import { isObject } from './jwk.ts'

/** An object of an answer of Kubernetes; nothing is known of what is in it. */
export type Fields = Readonly<Record<string, unknown>>

/** The object, or an empty one for whatever else stands there. */
export const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {})

/** The objects of a list; none where there is no list, as Go writes an empty one as null. */
export const objectsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isObject) : []

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The texts of a list, such as the arguments of a container. */
export const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** Labels, annotations, or the data of a ConfigMap: whatever is a text. */
export const textsByName = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  )
