import type { ServiceAccount } from '../service-account.ts'
import { shownServiceAccount } from '../service-account.ts'
import { STS_ALGS } from '../signing-algs.ts'
import type { TokenAnatomy } from '../token-anatomy.ts'
import type { Finding, Remedy } from './finding.ts'
import { audienceRules } from './token-audience.ts'
import { issuerRules } from './token-issuer.ts'
import { accountOf, isLegacy, subjectIn } from './token-subject.ts'
import { timeRules } from './token-times.ts'
import { quoted } from './escaped.ts'

/** What a token should be, as far as it is known; what is not known is not judged. */
export interface TokenExpectations {
  readonly now: Date
  /** Who says so, such as `irsa.yaml`. */
  readonly issuer?: { readonly url: string; readonly from: string } | undefined
  /** Any of them will do; `from` is what lists them, such as `the provider`. */
  readonly audiences?: { readonly accepted: readonly string[]; readonly from: string } | undefined
  readonly serviceAccount?: ServiceAccount | undefined
  /** The cluster has made it just now, so that its clock can be told. */
  readonly justMade?: boolean
  /** What gets a token that is right. */
  readonly fresh: Remedy
  /** What has an audience accepted; a new token is for another one unless it is given. */
  readonly accepting?: Remedy | undefined
  /** What gets tokens of this issuer, where the cluster spells it otherwise. */
  readonly spelling: Remedy
}

/** Judges one thing of a token as STS would. */
export type Rule = (token: TokenAnatomy, expected: TokenExpectations) => readonly Finding[]

const ALGORITHMS = Object.keys(STS_ALGS)

/** STS API reference, AssumeRoleWithWebIdentity, `SubjectFromWebIdentityToken`. */
const [MIN_SUB, MAX_SUB] = [6, 255]

/** Everything that STS would say of the token itself, and what is remarkable; its signature aside. */
export function judgeToken(token: TokenAnatomy, expected: TokenExpectations): readonly Finding[] {
  const rules = isLegacy(token) ? [legacy, ...HEADER] : [...HEADER, ...CLAIMS]
  return rules.flatMap((rule) => rule(token, expected))
}

function legacy({ claims }: TokenAnatomy, { fresh }: TokenExpectations): Finding[] {
  const secret = claims['kubernetes.io/serviceaccount/secret.name']
  const from = typeof secret === 'string' ? ` of the secret ${quoted(secret)}` : ''
  return [
    {
      id: 'token/legacy',
      severity: 'high',
      summary: `It is a legacy token${from}, made before projected tokens were`,
      why: 'It has neither audience nor expiry, and its issuer is kubernetes/serviceaccount, which is no URL: STS cannot take it.',
      ...fresh,
    },
  ]
}

function algorithm({ header: { alg } }: TokenAnatomy, { fresh }: TokenExpectations): Finding[] {
  if (ALGORITHMS.includes(String(alg))) return []
  return [
    {
      id: 'token/algorithm',
      severity: 'high',
      summary: `It is signed with ${alg === 'none' ? 'nothing (alg none)' : alg === undefined ? 'no named algorithm' : quoted(String(alg))}`,
      why: `STS takes ${ALGORITHMS.join(', ')} and no others; kube-apiserver signs with RS256, ES256, ES384 or ES512.`,
      ...fresh,
    },
  ]
}

function keyId({ header: { kid, alg } }: TokenAnatomy, { fresh }: TokenExpectations): Finding[] {
  if ((typeof kid === 'string' && kid !== '') || alg === 'none') return []
  return [
    {
      id: 'token/kid-missing',
      severity: 'high',
      summary: 'Its header names no key (kid)',
      why: 'STS looks for the key by its kid. kube-apiserver always writes one, so something else may have signed it.',
      ...fresh,
    },
  ]
}

function subject(token: TokenAnatomy, { fresh }: TokenExpectations): Finding[] {
  const sub = subjectIn(token)
  if (sub === undefined) {
    return [
      {
        id: 'token/subject-missing',
        severity: 'high',
        summary: 'It has no sub claim',
        why: 'STS refuses it as "Missing a required claim: sub".',
        ...fresh,
      },
    ]
  }
  if (sub.length < MIN_SUB || sub.length > MAX_SUB) return [subjectLength(sub)]
  return accountOf(token) === undefined ? [subjectForm(sub)] : []
}

const subjectLength = (sub: string): Finding => ({
  id: 'token/subject-length',
  severity: 'high',
  summary: `Its sub has ${sub.length} characters`,
  why: `STS takes ${MIN_SUB} to ${MAX_SUB}. Kubernetes allows names of namespace and service account that are longer together.`,
  fix: 'Use a service account with a shorter name.',
})

const subjectForm = (sub: string): Finding => ({
  id: 'token/subject-form',
  severity: 'medium',
  summary: `Its sub is ${quoted(sub)}, which is no service account`,
  why: 'Kubernetes writes system:serviceaccount:NAMESPACE:NAME, and trust policies for service accounts ask for that.',
  fix: 'Use a token of a service account.',
})

function otherAccount(
  token: TokenAnatomy,
  { serviceAccount, fresh }: TokenExpectations,
): Finding[] {
  const account = accountOf(token)
  if (serviceAccount === undefined || account === undefined) return []
  const [wanted, found] = [serviceAccount, account].map(shownServiceAccount)
  if (wanted === found) return []
  return [
    {
      id: 'token/other-service-account',
      severity: 'high',
      summary: `It is of ${found}, and not of ${wanted}`,
      why: 'Trust policies go by the service account in sub, so it gets what that one may have.',
      ...fresh,
    },
  ]
}

const HEADER: readonly Rule[] = [algorithm, keyId]
const CLAIMS: readonly Rule[] = [
  ...issuerRules,
  ...audienceRules,
  subject,
  otherAccount,
  ...timeRules,
]
