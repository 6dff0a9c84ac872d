import type { InterceptedCall, Interception, Interceptor } from '../../src/sandbox/http/gateway.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Ended, Workplace } from './cli.ts'

/**
 * What a signed call is known by from run to run, since calls made side by side arrive in any order:
 * `PutObject keys.json`, or `ListObjectVersions (2)` for the second of its name.
 */
export type CallName = string

type Told = Pick<InterceptedCall, 'service' | 'operation' | 'resource'>

/** Names calls in the order in which they come. */
function callNamer(): (call: Told) => CallName {
  const seen = new Map<string, number>()
  return ({ service, operation, resource }) => {
    // An object is named by its key; buckets and providers have other names in every sandbox.
    const key = operation.endsWith('Object') ? resource.replace(/^[^/]*\//, ' ') : ''
    const name = `${service === 's3-control' ? 'account ' : ''}${operation}${key}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
}

/** The signed calls of a run, from what the sandbox wrote down. */
export function signedCalls(requests: Sandbox['requests']): CallName[] {
  return requests.filter(({ signed }) => signed).map(callNamer())
}

/** Whether a call changes anything in AWS. */
export const isWrite = (name: CallName): boolean => !/^(account )?(Get|Head|List)/.test(name)

/** Lets something happen at one call, and then at the next ones of the same name, `times` in all. */
export function at(
  call: CallName,
  happens: () => Interception | Promise<Interception>,
  times = 1,
): Interceptor & { readonly happened: () => number } {
  const nameOf = callNamer()
  const again = `${call.replace(/ \(\d+\)$/, '')} (`
  let count = 0
  const hook = (told: InterceptedCall): Interception | Promise<Interception> | undefined => {
    const name = nameOf(told)
    const isNext = name === call || (count > 0 && name.startsWith(again))
    if (count === times || !isNext) return undefined
    count += 1
    return happens()
  }
  return Object.assign(hook, { happened: () => count })
}

/** Runs a command that is killed at a call: before it is carried out, or before its answer arrives. */
export async function runKilledAt(
  { aws, start }: Workplace,
  args: readonly string[],
  { call, moment }: { readonly call: CallName; readonly moment: 'before' | 'after' },
): Promise<Ended> {
  const running = start(args)
  const killed = at(call, async () => {
    running.child.kill('SIGKILL')
    await running.ended
    return { kind: moment === 'before' ? 'drop-before' : 'drop-after' }
  })
  aws.intercept(killed)
  const ended = await running.ended
  aws.intercept(undefined)
  return ended
}
