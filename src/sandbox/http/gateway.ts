import { setTimeout } from 'node:timers/promises'
import { ANONYMOUS, type Principal } from '../access/caller.ts'
import type { Cloud } from '../cloud.ts'
import { asAwsError, AwsError } from '../errors.ts'
import { isStorage, type Operation, type Service, type ServiceId } from '../service.ts'
import { authenticate } from '../sigv4/authenticate.ts'
import { authorizationOf } from '../sigv4/authorization.ts'
import { unwrapPayload } from '../sigv4/payload.ts'
import type { Call, Reply } from './call.ts'

/** What the interceptor is told about a signed API call before it is carried out. */
export interface InterceptedCall {
  readonly service: ServiceId
  /** As in the API reference. */
  readonly operation: string
  /** Counts signed API calls from 0, a client's retries included. */
  readonly index: number
  /** Bucket, `bucket/key`, role name, provider ARN or URL; empty where there is none. */
  readonly resource: string
}

/** What an interceptor may make of a call. */
export type Interception =
  /** The connection ends and nothing was done. */
  | { readonly kind: 'drop-before' }
  /** It was done, and the connection ends before the answer. */
  | { readonly kind: 'drop-after' }
  /** Nothing was done, and this is the answer, in the service's own form. */
  | {
      readonly kind: 'error'
      readonly status: number
      readonly code: string
      readonly message: string
    }
  /** Done after so many milliseconds. */
  | { readonly kind: 'delay'; readonly ms: number }

export type Interceptor = (
  call: InterceptedCall,
) => Interception | undefined | Promise<Interception | undefined>

/** How a request ended: a reply, or a connection that is to be cut. */
interface Outcome {
  readonly service: ServiceId
  readonly operation: string
  readonly resource: string
  readonly signed: boolean
  readonly reply: Reply | 'drop'
}

type Gateway = (call: Call) => Promise<Outcome>

/** Finds out what a request asks for and who asks, and has it carried out. Never throws. */
export function makeGateway(
  cloud: Cloud,
  serviceOf: (call: Call) => Service,
  interceptor: () => Interceptor | undefined,
): Gateway {
  let signedCalls = 0
  return async (call) => {
    const service = serviceOf(call)
    const signed = call.headers['authorization'] !== undefined
    let about = { service: service.id, operation: 'Unknown', resource: '', signed }
    try {
      const authorization = authorizationOf(call, service.id)
      const operation = service.find(isStorage(service.id) ? unwrapPayload(call) : call)
      about = { ...about, operation: operation.name, resource: operation.resource }
      if (!authorization) return { ...about, reply: await runUnsigned(operation, service.id) }
      const caller = authenticate(call, authorization, cloud)
      const told = { ...about, index: signedCalls++ }
      const interception = await interceptor()?.(told)
      return { ...about, reply: await carryOut({ operation, caller, interception }, cloud) }
    } catch (error) {
      return { ...about, reply: service.refuse(asAwsError(error), call) }
    }
  }
}

async function runUnsigned(operation: Operation, service: ServiceId): Promise<Reply> {
  if (operation.anonymous) return operation.run(ANONYMOUS)
  throw isStorage(service)
    ? new AwsError(403, 'AccessDenied', 'Access Denied')
    : new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
}

async function carryOut(
  {
    operation,
    caller,
    interception,
  }: { operation: Operation; caller: Principal; interception: Interception | undefined },
  { closing }: Cloud,
): Promise<Reply | 'drop'> {
  if (interception?.kind === 'drop-before') return 'drop'
  if (interception?.kind === 'error') {
    throw new AwsError(interception.status, interception.code, interception.message)
  }
  if (interception?.kind === 'delay') {
    await setTimeout(interception.ms, undefined, { signal: closing })
  }
  const reply = await operation.run(caller)
  return interception?.kind === 'drop-after' ? 'drop' : reply
}
