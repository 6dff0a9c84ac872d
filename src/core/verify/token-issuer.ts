import type { TokenAnatomy } from '../token-anatomy.ts'
import type { Finding } from './finding.ts'
import { issuerDifference, looseIssuer } from './issuer-difference.ts'
import type { Rule, TokenExpectations } from './token-rules.ts'
import { textClaim } from './token-subject.ts'
import { quoted } from './escaped.ts'

/** Whether `iss` is one that STS can look up, and the one that is expected. */
export const issuerRules: readonly Rule[] = [issuer]

function issuer(
  token: TokenAnatomy,
  { issuer: wanted, ...expected }: TokenExpectations,
): Finding[] {
  const iss = textClaim(token, 'iss')
  if (iss === undefined) {
    return [
      {
        id: 'token/issuer-missing',
        severity: 'high',
        summary: 'It has no iss claim',
        why: 'By its issuer STS finds the provider, and without one there is none to find.',
        ...expected.fresh,
      },
    ]
  }
  if (wanted !== undefined && iss !== wanted.url) return [differing(iss, wanted, expected)]
  return iss.startsWith('https://') ? [] : [notHttps(iss, expected)]
}

function differing(
  iss: string,
  { url, from }: { readonly url: string; readonly from: string },
  { spelling, fresh }: Pick<TokenExpectations, 'spelling' | 'fresh'>,
): Finding {
  const { by, marked } = issuerDifference(url, iss, { wanted: from, found: 'token' })
  return {
    id: 'token/issuer-differs',
    severity: 'high',
    summary: `Its issuer differs by ${by}: ${quoted(iss)}`,
    why: `${marked}\nSTS compares them byte for byte, and answers "No OpenIDConnect provider found".`,
    ...(looseIssuer(iss) === looseIssuer(url) ? spelling : fresh),
  }
}

const notHttps = (iss: string, { spelling }: Pick<TokenExpectations, 'spelling'>): Finding => ({
  id: 'token/issuer-not-https',
  severity: 'high',
  summary: `Its issuer is ${quoted(iss)}, which is no https URL`,
  why: 'STS fetches the keys from below the issuer over TLS, and IAM takes https issuers only.',
  ...spelling,
})
