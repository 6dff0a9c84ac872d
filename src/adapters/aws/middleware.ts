import { networkProblem } from '../network-errors.ts'
import { proxyFor, shownProxy } from '../proxy-choice.ts'
import type { Env } from '../trusted-roots.ts'

/** One for every call; all the steps of the call see the same. */
interface CallContext {
  readonly commandName?: string
  /** Where the request went, once it did. */
  irsaUrl?: string
}

interface CallArgs {
  /** From the step `build` on. */
  readonly request: { readonly protocol: string; readonly hostname: string; readonly port?: number }
}

type Middleware = (
  next: (args: CallArgs) => Promise<{ response: unknown }>,
  context: CallContext,
) => (args: CallArgs) => Promise<{ response: unknown }>

interface Client {
  readonly middlewareStack: {
    add(
      middleware: Middleware,
      options: {
        step: 'initialize' | 'deserialize'
        priority: 'high' | 'low'
        name: string
      },
    ): void
  }
}

/**
 * Lets network failures of a client name the host, and the proxy in between. They become Problems
 * outside of the SDK's retries, which have to see the error as it came.
 */
export function namingHosts<C>(client: C, env: Env): C {
  const { middlewareStack } = client as Client
  const remember: Middleware = (next, context) => (args) => {
    const { protocol, hostname, port } = args.request
    context.irsaUrl = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
    return next(args)
  }
  const explain: Middleware = (next, context) => async (args) => {
    try {
      return await next(args)
    } catch (error) {
      const url = context.irsaUrl
      throw (url && networkProblem(error, { url, proxy: proxyOf(url, env) })) || error
    }
  }
  middlewareStack.add(remember, { step: 'deserialize', priority: 'low', name: 'irsaRemember' })
  middlewareStack.add(explain, { step: 'initialize', priority: 'high', name: 'irsaExplain' })
  return client
}

function proxyOf(url: string, env: Env): string | undefined {
  const proxy = proxyFor(new URL(url), env)
  return proxy === undefined ? undefined : shownProxy(proxy)
}

/** Tells about every request, in one line without a header or a body. */
export function traced<C>(client: C, service: string, trace: (line: string) => void): C {
  const { middlewareStack } = client as Client
  const tell: Middleware = (next, context) => async (args) => {
    const started = performance.now()
    const note = (outcome: string): void =>
      trace(
        `${service} ${context.commandName?.replace(/Command$/, '')} ${outcome} ${Math.round(performance.now() - started)} ms`,
      )
    try {
      const result = await next(args)
      note(String((result.response as { statusCode?: number }).statusCode))
      return result
    } catch (error) {
      note(error instanceof Error ? error.name : 'failed')
      throw error
    }
  }
  middlewareStack.add(tell, { step: 'deserialize', priority: 'low', name: 'irsaTrace' })
  return client
}
