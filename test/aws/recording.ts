/** A request as moto's recorder wrote it down. */
export interface AwsRequest {
  /** `iam CreateOpenIDConnectProvider`, or `PUT /bucket?policy`. */
  readonly what: string
  readonly writes: boolean
  readonly signed: boolean
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Entry {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly body_encoded: boolean
}

/** One JSON object a line. */
export const parseRecording = (text: string): readonly AwsRequest[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => requestOf(JSON.parse(line) as Entry))

function requestOf(entry: Entry): AwsRequest {
  const headers = Object.fromEntries(
    Object.entries(entry.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const { authorization } = headers
  const body = entry.body_encoded ? Buffer.from(entry.body, 'base64').toString() : entry.body
  const url = new URL(entry.url)
  // IAM and STS speak AWS Query: everything is a POST of a form.
  const action = url.pathname === '/' ? new URLSearchParams(body).get('Action') : null
  // `x-id` is the SDK's own name for the operation.
  const query = [...url.searchParams.keys()].filter((name) => name !== 'x-id').join('&')
  return {
    what:
      action === null
        ? `${entry.method} ${url.pathname.replace(/\/$/, '')}${query && `?${query}`}`
        : `${serviceOf(authorization)} ${action}`,
    writes: action === null ? !/^(?:GET|HEAD)$/.test(entry.method) : !/^(?:Get|List)/.test(action),
    signed: authorization !== undefined,
    headers,
    body,
  }
}

/** The credential scope of Signature Version 4: key/date/region/service/aws4_request. */
const serviceOf = (authorization = ''): string =>
  /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization)?.[1] ?? 'unsigned'
