import type { Cloud } from '../cloud.ts'
import { notImplemented, type AwsError } from '../errors.ts'
import type { Call, Reply } from '../http/call.ts'
import type { Service } from '../service.ts'
import { xmlDocument } from '../xml.ts'
import { addressOf } from './address.ts'
import { routeOf } from './routes.ts'

/** S3: REST, told apart by method, path and query. */
export function s3Service(cloud: Cloud): Service {
  return {
    id: 's3',
    refuse,
    find(call) {
      const address = addressOf(call)
      const route = routeOf(call, address)
      const resource = [address.bucket, address.key].filter(Boolean).join('/')
      if (typeof route === 'string') {
        const run = (): never => {
          throw notImplemented(route)
        }
        return { name: route, resource, anonymous: false, run }
      }
      const about = { name: route.name, resource }
      const request = { ...address, cloud, call }
      // The plain port is for the API: an issuer's documents are public over https only.
      return route.anonymous && call.secure
        ? { ...about, anonymous: true, run: (caller) => route.handle({ ...request, caller }) }
        : { ...about, anonymous: false, run: (caller) => route.handle({ ...request, caller }) }
    },
  }
}

/** S3 API reference, ErrorResponses.html, "REST error responses". */
function refuse(error: AwsError, { id, path }: Pick<Call, 'id' | 'path'>): Reply {
  const { headers, elements } = error.details
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: xmlDocument('Error', {
      Code: error.code,
      Message: error.message,
      Resource: path,
      ...elements,
      RequestId: id,
      HostId: id,
    }),
  }
}
