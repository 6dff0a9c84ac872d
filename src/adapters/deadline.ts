import type { Problem } from '../core/problems/problem.ts'

export interface Limits {
  readonly timeoutMs: number
  /** The caller's own wish to stop; its reason is what is thrown then. */
  readonly signal: AbortSignal | undefined
  readonly late: () => Problem
}

/**
 * Gives the work so long from beginning to end, however busy it is meanwhile. The promise is
 * settled at once when time is up, even where a proxy keeps the work from noticing its signal.
 */
export async function withDeadline<T>(
  work: (stop: AbortSignal) => Promise<T>,
  { timeoutMs, signal, late }: Limits,
): Promise<T> {
  signal?.throwIfAborted()
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(signal?.reason)
  const timer = setTimeout(() => stop.abort(late()), timeoutMs)
  signal?.addEventListener('abort', interrupt)
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error))
  })
  try {
    return await Promise.race([work(stop.signal), stopped])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', interrupt)
  }
}
