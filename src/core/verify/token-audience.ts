import type { TokenAnatomy } from '../token-anatomy.ts'
import { capital } from '../words.ts'
import type { Finding } from './finding.ts'
import type { Rule, TokenExpectations } from './token-rules.ts'
import { textClaim } from './token-subject.ts'
import { quoted } from './escaped.ts'

/** Whom the token is for, with what is usual and what STS makes of `azp`. */
export const audienceRules: readonly Rule[] = [audience]

/** RFC 7519 section 4.1.3: one text or a list of them. */
export const audiencesOf = ({ claims: { aud } }: Pick<TokenAnatomy, 'claims'>): readonly string[] =>
  [aud].flat().filter((one) => typeof one === 'string' && one !== '') as string[]

/**
 * What an API server takes for itself unless it is told otherwise: its issuers (kubernetes
 * pkg/kubeapiserver/options/authentication.go), in kubeadm, kops and most others this service, and
 * in k3s the word besides.
 */
const API_SERVER = /^(https:\/\/)?kubernetes\.default(\.svc(\.[\w.-]+)?)?$|^k3s$/

/** Whether an audience is what an API server takes for itself. */
export const isApiServer = (token: Pick<TokenAnatomy, 'claims'>, audience: string): boolean =>
  API_SERVER.test(audience) || audience === textClaim(token, 'iss')

function audience(token: TokenAnatomy, expected: TokenExpectations): Finding[] {
  const found = audiencesOf(token)
  if (found.length === 0) return [missing(expected)]
  const azp = textClaim(token, 'azp')
  // IAM user guide, reference_policies_iam-condition-keys.html: where azp is set, it is `:aud`.
  const counted = azp === undefined ? found : [azp]
  const accepted = expected.audiences?.accepted ?? []
  const fits = counted.some((one) => accepted.includes(one))
  if (!fits && counted.every((one) => isApiServer(token, one)))
    return [forApiServer(found, expected)]
  const wrong = accepted.length > 0 && !fits ? [differing(counted, azp, expected)] : []
  return [...wrong, ...remarks(token, found, azp, expected)]
}

const missing = ({ fresh }: TokenExpectations): Finding => ({
  id: 'token/audience-missing',
  severity: 'high',
  summary: 'It has no aud claim',
  why: 'STS refuses it as "Missing a required claim: aud".',
  ...fresh,
})

const forApiServer = (found: readonly string[], { fresh }: TokenExpectations): Finding => ({
  id: 'token/api-server-audience',
  severity: 'high',
  summary: `It is for the API server alone: ${listed(found)}`,
  why: 'It is the default token of a pod, or was asked for without an audience. STS answers "Incorrect token audience".',
  ...fresh,
})

function differing(
  counted: readonly string[],
  azp: string | undefined,
  { audiences, accepting, fresh }: TokenExpectations,
): Finding {
  const { accepted = [], from = '' } = audiences ?? {}
  const claim = azp === undefined ? 'aud' : 'azp, which takes the place of aud,'
  return {
    id: 'token/audience-differs',
    severity: 'high',
    summary: `Its ${claim} is ${listed(counted)}, and not ${listed(accepted)}`,
    why: `${capital(from)} has ${accepted.length === 1 ? 'that one' : 'those'} alone, byte for byte. STS answers "Incorrect token audience".`,
    ...(accepting ?? fresh),
  }
}

function remarks(
  token: TokenAnatomy,
  found: readonly string[],
  azp: string | undefined,
  { fresh }: TokenExpectations,
): Finding[] {
  if (azp !== undefined && !found.includes(azp)) {
    return [
      remark(
        'authorized-party',
        'info',
        `Its azp ${quoted(azp)} takes the place of aud`,
        AZP,
        fresh,
      ),
    ]
  }
  if (found.length < 2) return []
  const both = found.some((one) => isApiServer(token, one))
  const text = `It is for several: ${listed(found)}`
  return both
    ? [remark('api-server-too', 'medium', text, API_TOO, fresh)]
    : [remark('several-audiences', 'low', text, SEVERAL, fresh)]
}

const AZP =
  'STS compares azp with the provider and with trust policies; Kubernetes never writes one.'
const API_TOO =
  'One of them is the API server: whoever is sent the token can speak to the cluster with it, and default tokens of pods are good for STS.'
const SEVERAL = 'What STS does with more than one is not documented.'

const remark = (
  what: string,
  severity: Finding['severity'],
  summary: string,
  why: string,
  fresh: TokenExpectations['fresh'],
): Finding => ({ id: `token/${what}`, severity, summary, why, ...fresh })

const listed = (texts: readonly string[]): string => texts.map((text) => quoted(text)).join(', ')
