import { kubectlUnreadable } from '../core/problems/kubectl.ts'
import { Problem } from '../core/problems/problem.ts'
import type { World } from '../ports/world.ts'

/** What reads an answer of kubectl as JSON. @throws Problem `kubectl/…` */
export type JsonReader = <T>(args: readonly string[]) => Promise<T>

/** Every answer is taken for what it was asked for; a text that is no JSON is a problem. */
export const jsonReader =
  (kubectl: World['kubectl']): JsonReader =>
  async <T>(args: readonly string[]): Promise<T> => {
    const text = await kubectl(args)
    try {
      return JSON.parse(text) as T
    } catch (error) {
      throw kubectlUnreadable(['kubectl', ...args].join(' '), error)
    }
  }

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
