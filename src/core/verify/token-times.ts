import type { Finding } from './finding.ts'
import { duration, instant } from '../times.ts'
import type { Rule, TokenExpectations } from './token-rules.ts'

/** IAM user guide, id_roles_providers_oidc.html: accepted up to 5 minutes after `exp`. */
const LEEWAY_S = 5 * 60

/** Clocks that NTP keeps differ by far less, so that half a minute is worth a word. */
const USUAL_SKEW_S = 30

/** STS was once seen to refuse older ones as `Token too old`, and the kubelet renews them after 24 h. */
const USUAL_LIFE_S = 24 * 3600

const TIMES = ['exp', 'iat', 'nbf'] as const

/** RFC 7519 section 2, NumericDate, of which STS takes whole seconds alone. */
const isWhole = (value: unknown): value is number => Number.isInteger(value)

/** Whether the token's times can be read, and are those of a token that STS takes now. */
export const timeRules: readonly Rule[] = [readable, expiry, skew, notBefore, age]

function readable({ claims }: Parameters<Rule>[0], { fresh }: TokenExpectations): Finding[] {
  const odd = TIMES.filter((name) => claims[name] !== undefined && !isWhole(claims[name]))
  const missing = (['exp', 'iat'] as const).filter((name) => claims[name] === undefined)
  return [
    ...odd.map((name) => ({
      id: 'token/time-not-integer',
      severity: 'high' as const,
      summary: `Its ${name} is ${JSON.stringify(claims[name])}, which is no whole number of seconds`,
      why: 'STS takes times as integers only, as seconds since 1970; kube-apiserver never writes them otherwise.',
      ...fresh,
    })),
    ...missing.map((name) => ({
      id: `token/${name}-missing`,
      severity: 'high' as const,
      summary: `It has no ${name} claim`,
      why: `STS refuses it as "Missing a required claim: ${name}".`,
      ...fresh,
    })),
  ]
}

function expiry({ claims: { exp } }: Parameters<Rule>[0], expected: TokenExpectations): Finding[] {
  if (!isWhole(exp)) return []
  const over = secondsOf(expected.now) - exp
  if (over < 0) return []
  const late = over >= LEEWAY_S
  return [
    {
      id: 'token/expired',
      severity: late ? 'high' : 'medium',
      summary: `It expired at ${instant(exp)}, ${duration(over)} ago`,
      why: late
        ? 'STS answers ExpiredTokenException from 5 minutes after that on.'
        : 'STS still takes it until 5 minutes after that.',
      ...expected.fresh,
    },
  ]
}

/** The clock that stamped it against the one of this machine. */
function skew({ claims: { iat } }: Parameters<Rule>[0], expected: TokenExpectations): Finding[] {
  if (!isWhole(iat)) return []
  const ahead = iat - secondsOf(expected.now)
  if (ahead > USUAL_SKEW_S) return [clocks(ahead, 'ahead of', ahead > LEEWAY_S ? 'high' : 'medium')]
  const behind = expected.justMade === true && -ahead > 2 * USUAL_SKEW_S
  return behind ? [clocks(-ahead, 'behind', 'medium')] : []
}

const clocks = (seconds: number, which: string, severity: 'high' | 'medium'): Finding => ({
  id: 'token/clock-skew',
  severity,
  summary: `The clock that stamped it is ${duration(seconds)} ${which} the one of this machine`,
  why: 'STS goes by its own clock: to it a token from the future is not valid yet, and one from a slow clock expires early.',
  fix: 'Compare both clocks with the right time, and let NTP set the one that is wrong: timedatectl says whether it does.',
})

function notBefore(
  { claims: { nbf, iat } }: Parameters<Rule>[0],
  { now, fresh }: TokenExpectations,
): Finding[] {
  if (!isWhole(nbf)) return []
  const ahead = nbf - secondsOf(now)
  // kube-apiserver gives both the same time, and then it is the clock.
  if (ahead <= USUAL_SKEW_S || nbf === iat) return []
  return [
    {
      id: 'token/not-yet-valid',
      severity: ahead > LEEWAY_S ? 'high' : 'medium',
      summary: `It is valid from ${instant(nbf)} on, ${duration(ahead)} from now`,
      why: 'Nobody has to take a token before its nbf (RFC 7519 section 4.1.5).',
      ...fresh,
    },
  ]
}

/** What is unusual of its life without being wrong. */
function age({ claims }: Parameters<Rule>[0], { now }: TokenExpectations): Finding[] {
  const { iat, exp } = claims
  if (!isWhole(iat) || !isWhole(exp) || secondsOf(now) >= exp) return []
  const [life, old] = [exp - iat, secondsOf(now) - iat]
  const remark = (id: string, summary: string, why: string): Finding => ({
    id,
    severity: 'info',
    summary,
    why,
    fix: 'Ask for one that lives up to 24 hours; the kubelet renews it in time.',
  })
  return [
    ...(old > USUAL_LIFE_S
      ? [
          remark(
            'token/old',
            `It was issued ${duration(old)} ago`,
            'STS was once seen to refuse such a token as too old, whatever its exp said.',
          ),
        ]
      : []),
    ...(life > USUAL_LIFE_S
      ? [
          remark(
            'token/long-lived',
            `It lives for ${duration(life)}`,
            'Whoever gets hold of it has the role for as long.',
          ),
        ]
      : []),
  ]
}

export const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000)
