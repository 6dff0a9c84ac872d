import { authorize } from '../access/authorize.ts'
import type { Principal } from '../access/caller.ts'
import type { Cloud } from '../cloud.ts'
import { AwsError, notImplemented } from '../errors.ts'
import type { Call, Reply } from '../http/call.ts'
import type { Operation, Service } from '../service.ts'
import { xmlDocument } from '../xml.ts'
import { readXml } from '../xml-reader.ts'
import { accountBlock, readBlock } from './block.ts'
import { noSuchBlock } from './errors.ts'

const PREFIX = '/v20180820/'
const NAMESPACE = 'http://awss3control.amazonaws.com/doc/2018-08-20/'

/** Whether a request signed for S3 means S3 Control; no bucket is called `v20180820`. */
export const isAccountPath = ({ path }: Call): boolean => path.startsWith(PREFIX)

interface AccountRequest {
  readonly cloud: Cloud
  readonly call: Call
  readonly caller: Principal
}

const OPERATIONS: Readonly<Record<string, readonly [string, (request: AccountRequest) => Reply]>> =
  {
    'GET configuration/publicAccessBlock': ['GetPublicAccessBlock', get],
    'PUT configuration/publicAccessBlock': ['PutPublicAccessBlock', put],
    'DELETE configuration/publicAccessBlock': ['DeletePublicAccessBlock', remove],
  }

/** S3 Control, as far as account-level public access block goes. */
export function s3ControlService(cloud: Cloud): Service {
  return { id: 's3-control', refuse, find: (call) => find(call, cloud) }
}

function find(call: Call, cloud: Cloud): Operation {
  const wanted = `${call.method} ${call.path.slice(PREFIX.length)}`
  const [name, handle] = OPERATIONS[wanted] ?? [wanted, undefined]
  const account = call.headers['x-amz-account-id'] ?? /^(\d{12})\./.exec(call.host)?.[1] ?? ''
  return {
    name,
    resource: account,
    anonymous: false,
    run(caller) {
      if (!handle) throw notImplemented(`${wanted} of S3 Control`)
      if (account !== caller.account) throw denied('Access Denied')
      return handle({ cloud, call, caller })
    },
  }
}

function get({ cloud, caller }: AccountRequest): Reply {
  authorize(caller, { action: 's3:GetAccountPublicAccessBlock', resource: '*' })
  const block = accountBlock(cloud.state)
  if (!block) throw noSuchBlock()
  const body = xmlDocument('PublicAccessBlockConfiguration', { ...block }, NAMESPACE)
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function put({ cloud, call, caller }: AccountRequest): Reply {
  permitChange(cloud, caller)
  cloud.state.accountBlock = readBlock(readXml(call.body))
  return { status: 200 }
}

function remove({ cloud, caller }: AccountRequest): Reply {
  permitChange(cloud, caller)
  cloud.state.accountBlock = undefined
  return { status: 204 }
}

/** S3 Control API, PutPublicAccessBlock: 403 while an organisation's policy is in force. */
function permitChange({ state }: Cloud, caller: Principal): void {
  authorize(caller, { action: 's3:PutAccountPublicAccessBlock', resource: '*' })
  if (!state.organizationEnforced) return
  throw denied('This account is governed by an Organizations S3 policy and cannot be changed.')
}

const denied = (text: string): AwsError => new AwsError(403, 'AccessDenied', text)

function refuse(error: AwsError, { id }: Pick<Call, 'id'>): Reply {
  const { code: Code, message: Message, status, details } = error
  const body = xmlDocument('ErrorResponse', { Error: { Code, Message }, RequestId: id }, NAMESPACE)
  return { status, headers: { 'content-type': 'application/xml', ...details.headers }, body }
}
