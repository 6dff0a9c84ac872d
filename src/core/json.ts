import { isObject } from './jwk.ts'

/** What a text says in JSON; undefined where it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The JSON object that a text is; undefined where it is anything else. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = jsonIn(text)
  return isObject(value) ? value : undefined
}
