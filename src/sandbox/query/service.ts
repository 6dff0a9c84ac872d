import type { Principal } from '../access/caller.ts'
import { AwsError, notImplemented } from '../errors.ts'
import type { Call, Reply } from '../http/call.ts'
import type { Operation, Service, ServiceId } from '../service.ts'
import { xmlDocument, type XmlValue } from '../xml.ts'
import { formOf } from './form.ts'

/** A request of the query protocol, with its caller. */
export interface Query {
  readonly form: URLSearchParams
  readonly caller: Principal
  readonly call: Call
}

/** One action: its answer becomes `<ActionResult>`; nothing to say becomes no such element. */
export interface Action {
  readonly resource?: (form: URLSearchParams) => string | null
  readonly run: (query: Query) => XmlValue | void | Promise<XmlValue | void>
}

/** An action that takes no signature. */
interface OpenAction {
  readonly run: (form: URLSearchParams, call: Call) => Promise<XmlValue>
}

interface QueryServiceOptions {
  readonly id: ServiceId
  readonly namespace: string
  readonly version: string
  readonly actions: Readonly<Record<string, Action>>
  readonly openActions?: Readonly<Record<string, OpenAction>>
}

/** A service of the AWS query protocol: forms in, XML out. */
export function queryService(options: QueryServiceOptions): Service {
  return {
    id: options.id,
    find: (call) => findAction(options, call),
    refuse: (error, call) => failure(options.namespace, error, call.id),
  }
}

function findAction(
  { actions, openActions, ...service }: QueryServiceOptions,
  call: Call,
): Operation {
  const form = formOf(call)
  const name = form.get('Action') ?? ''
  const about = { name, resource: '' }
  const answer = (result: XmlValue | void): Reply => success(service.namespace, name, result, call)
  const [open, action] = [own(openActions, name), own(actions, name)]
  const version = form.get('Version') ?? 'NO_VERSION_SPECIFIED'
  if ((open || action) && version !== service.version) throw wrongVersion(name, version)
  if (open) {
    return { ...about, anonymous: true, run: async () => answer(await open.run(form, call)) }
  }
  if (!action) return unknownAction(service.id, form)
  return {
    ...about,
    resource: action.resource?.(form) ?? '',
    anonymous: false,
    run: async (caller) => answer(await action.run({ form, caller, call })),
  }
}

/** Plain member access would find `constructor`. */
const own = <T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined

/** IAM API reference, CommonErrors.html, InvalidAction. */
const wrongVersion = (name: string, version: string): AwsError =>
  new AwsError(400, 'InvalidAction', `Could not find operation ${name} for version ${version}`)

function unknownAction(id: ServiceId, form: URLSearchParams): Operation {
  const name = form.get('Action') ?? 'Unknown'
  return {
    name,
    resource: '',
    anonymous: false,
    run: () => {
      throw notImplemented(`${name} of ${id}, version ${form.get('Version') ?? 'unknown'}`)
    },
  }
}

function success(namespace: string, name: string, result: XmlValue | void, call: Call): Reply {
  return reply(200, `${name}Response`, namespace, {
    ...(result === undefined ? {} : { [`${name}Result`]: result as XmlValue }),
    ResponseMetadata: { RequestId: call.id },
  })
}

function failure(namespace: string, error: AwsError, id: string): Reply {
  const Type = error.status < 500 ? 'Sender' : 'Receiver'
  return reply(error.status, 'ErrorResponse', namespace, {
    Error: { Type, Code: error.code, Message: error.message },
    RequestId: id,
  })
}

function reply(status: number, root: string, namespace: string, value: XmlValue): Reply {
  const headers = { 'content-type': 'text/xml' }
  return { status, headers, body: xmlDocument(root, value, namespace) }
}
