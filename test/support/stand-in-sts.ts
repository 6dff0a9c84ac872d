import * as http from 'node:http'
import { text } from 'node:stream/consumers'
import { listen, type Listening } from './loopback-servers.ts'

/** What a stand-in for STS answers to AssumeRoleWithWebIdentity: an error, or credentials. */
export type StsAnswer =
  { readonly status: number; readonly code: string; readonly message: string } | 'credentials'

export interface StandInSts extends Listening {
  /** Makes every SDK ask it, and no other service of AWS. */
  readonly env: Readonly<Record<string, string>>
  /** How often it was asked for credentials. */
  readonly asked: () => number
}

export const SECRET = 'stand-in-secret-access-key'

/**
 * Plays the STS of an account (API reference of STS, "Query API"): for what the embedded AWS never
 * answers. The answers come one after the other, and the last of them ever after.
 */
export async function standInSts(
  account: string,
  answers: readonly StsAnswer[],
): Promise<StandInSts> {
  let asked = 0
  const server = http.createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const action = form.get('Action')
    if (action !== 'AssumeRoleWithWebIdentity') {
      return response.end(result('GetCallerIdentity', caller(account)))
    }
    const answer = answers[Math.min(asked, answers.length - 1)] ?? 'credentials'
    asked += 1
    if (answer === 'credentials') return response.end(result(action, credentials(form)))
    return response.writeHead(answer.status).end(failure(answer))
  })
  const listening = await listen(server)
  const env = { AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${listening.port}` }
  return { ...listening, env, asked: () => asked }
}

const caller = (account: string): string =>
  `<Arn>arn:aws:iam::${account}:user/dev</Arn><UserId>AIDA</UserId><Account>${account}</Account>`

const credentials = (form: URLSearchParams): string => {
  const arn = form.get('RoleArn')?.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
  const until = new Date(Date.now() + 3_600_000).toISOString()
  return `<AssumedRoleUser><Arn>${arn}/${form.get('RoleSessionName')}</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>${SECRET}</SecretAccessKey><SessionToken>${SECRET}</SessionToken><Expiration>${until}</Expiration></Credentials>`
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

const result = (action: string, inner: string): string =>
  `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${inner}</${action}Result></${action}Response>`

const failure = ({ code, message }: Exclude<StsAnswer, 'credentials'>): string =>
  `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`
