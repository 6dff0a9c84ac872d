import type { Cloud } from './cloud.ts'
import type { Call } from './http/call.ts'
import { iamService } from './iam/service.ts'
import { organizationsService } from './organizations/service.ts'
import { isAccountPath, s3ControlService } from './s3/control.ts'
import { s3Service } from './s3/service.ts'
import type { Service } from './service.ts'
import { formOf } from './query/form.ts'
import { scopeOf } from './sigv4/authorization.ts'
import { stsService, UNSIGNED } from './sts/service.ts'

/**
 * Tells the services behind one port apart: by the signature's scope, and where that names none of
 * them by what the request looks like. A signature is read here before it is checked, as any front
 * door must.
 */
export function serviceFinder(cloud: Cloud): (call: Call) => Service {
  const s3 = s3Service(cloud)
  const control = s3ControlService(cloud)
  const iam = iamService(cloud)
  const sts = stsService(cloud)
  const organizations = organizationsService(cloud)
  return (call) => {
    const scope = scopeOf(call)?.service
    if (scope === 'iam') return iam
    if (scope === 'sts') return sts
    if (scope === 'organizations') return organizations
    if (scope !== 's3' && isQuery(call)) {
      return UNSIGNED.has(formOf(call).get('Action') ?? '') ? sts : iam
    }
    return isAccountPath(call) ? control : s3
  }
}

/** A request of the query protocol: IAM and STS only know `/`, and S3 has no such parameter. */
function isQuery(call: Call): boolean {
  return call.path === '/' && formOf(call).has('Action')
}
