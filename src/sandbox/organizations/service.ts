import { authorize } from '../access/authorize.ts'
import type { Principal } from '../access/caller.ts'
import type { Cloud } from '../cloud.ts'
import { AwsError, notImplemented } from '../errors.ts'
import type { Call, Reply } from '../http/call.ts'
import type { State } from '../model.ts'
import type { Operation, Service } from '../service.ts'

const TARGET = 'AWSOrganizationsV20161128.'

/** Organizations, as far as an account asks what is imposed on it: JSON in, JSON out. */
export function organizationsService(cloud: Cloud): Service {
  return { id: 'organizations', refuse, find: (call) => find(call, cloud) }
}

function find(call: Call, { state }: Cloud): Operation {
  const target = call.headers['x-amz-target'] ?? ''
  const name = target.startsWith(TARGET) ? target.slice(TARGET.length) : target
  return {
    name,
    resource: '',
    anonymous: false,
    run(caller) {
      if (name !== 'DescribeEffectivePolicy') throw notImplemented(`${name} of Organizations`)
      return describeEffectivePolicy(state, caller, call.body.toString('utf8'))
    },
  }
}

function describeEffectivePolicy(state: State, caller: Principal, body: string): Reply {
  authorize(caller, { action: 'organizations:DescribeEffectivePolicy', resource: '*' })
  const { PolicyType } = JSON.parse(body) as { PolicyType?: string }
  if (PolicyType !== 'S3_POLICY') throw notImplemented(`policies of type ${PolicyType}`)
  // Who is in an organization without such a policy is told EffectivePolicyNotFoundException.
  if (!state.organizationEnforced) {
    const text = 'Your account is not a member of an organization.'
    throw new AwsError(400, 'AWSOrganizationsNotInUseException', text)
  }
  // Organizations user guide, orgs_manage_policies_s3_syntax.html.
  const policy = { s3_attributes: { public_access_block_configuration: 'all' } }
  const PolicyContent = JSON.stringify(policy)
  return json(200, { EffectivePolicy: { PolicyContent, PolicyType, TargetId: state.account } })
}

/** The JSON protocol names errors with `Exception`, also the common one. */
function refuse({ status, code, message }: AwsError): Reply {
  const type = code === 'AccessDenied' ? 'AccessDeniedException' : code
  return json(type === code ? status : 400, { __type: type, Message: message })
}

const json = (status: number, value: object): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(value),
})
