import { isObject } from '../core/jwk.ts'
import { type Fields, objectsIn } from '../core/kube-json.ts'
import { kubectlUnexpected, kubectlUnreadable } from '../core/problems/kubectl.ts'
import { Problem } from '../core/problems/problem.ts'
import type { World } from '../ports/world.ts'

/** What reads an answer of kubectl as JSON. @throws Problem `kubectl/…` */
export type JsonReader = (args: readonly string[]) => Promise<Fields>

/** A text that is no JSON is a problem, and so is JSON that is no object. */
export const jsonReader =
  (kubectl: World['kubectl']): JsonReader =>
  async (args) =>
    parsed(await kubectl(args), args)

/** The objects of a list. @throws Problem `kubectl/unexpected` where there is none */
export async function readList(
  kubectl: World['kubectl'],
  args: readonly string[],
): Promise<readonly Fields[]> {
  const { items } = await jsonReader(kubectl)(args)
  if (!Array.isArray(items)) throw unexpected(args)
  return objectsIn(items)
}

/** The same for `--ignore-not-found`, with which kubectl prints nothing where there is nothing. */
export async function foundJson(
  kubectl: World['kubectl'],
  args: readonly string[],
): Promise<Fields | undefined> {
  const text = await kubectl(args)
  return text.trim() === '' ? undefined : parsed(text, args)
}

function parsed(text: string, args: readonly string[]): Fields {
  const value = json(text, args)
  if (!isObject(value)) throw unexpected(args)
  return value
}

function json(text: string, args: readonly string[]): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw kubectlUnreadable(['kubectl', ...args].join(' '), error)
  }
}

/** For an answer that lacks what every such object has. */
export const unexpected = (args: readonly string[]): Problem =>
  kubectlUnexpected(['kubectl', ...args].join(' '))

/** How the API server refuses, as kubectl prints it (apimachinery pkg/apis/meta/v1 StatusReason). */
const REFUSED = /\((NotFound|Forbidden)\)/

/** What is not there or may not be read tells nothing; anything else is a problem. */
export function absentIfRefused(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'kubectl/failed' && REFUSED.test(error.why)) {
    return undefined
  }
  throw error
}

/** For what tells something where it works, and nothing where it does not. */
export function absentIfFailed(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'kubectl/failed') return undefined
  throw error
}
