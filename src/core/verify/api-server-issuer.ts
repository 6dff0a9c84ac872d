import { lowerFirst } from '../words.ts'
import { flagsOf } from '../apiserver/running-facts.ts'
import type { ApiServerCase } from './api-server-case.ts'
import type { Finding } from './finding.ts'
import { issuerDifference, looseIssuer } from './issuer-difference.ts'

/** What Kubernetes is installed with by its own tools, before anybody thinks of IRSA. */
const IN_CLUSTER = /^(https:\/\/)?kubernetes\.default(\.svc.*)?$|^kubernetes\/serviceaccount$/

const ROLL_OUT =
  'Give the API server what this prints, on every control-plane node, then verify again'

/**
 * Whether tokens carry our issuer. Only the first one is written into them; it is compared byte for
 * byte (kubernetes pkg/kubeapiserver/options/authentication.go).
 */
export function issuerFindings(it: ApiServerCase, signs: readonly string[]): readonly Finding[] {
  const others = signs.filter((issuer) => issuer !== it.issuer)
  if (others.length === 0) return differingKeys(it)
  if (others.length < signs.length) return [serversDiffer(it, others)]
  const { issuers } = flagsOf(it.running)
  if (issuers.includes(it.issuer)) return [anotherFirst(it, others)]
  const alike = [...others, ...issuers].find((issuer) => isSpelling(issuer, it.issuer))
  if (alike !== undefined) return [spelledDifferently(it, alike)]
  return [others.every((issuer) => IN_CLUSTER.test(issuer)) ? unset(it, others) : other(it, others)]
}

const high = (id: string, rest: Omit<Finding, 'id' | 'severity'>): Finding => ({
  id: `apiserver/${id}`,
  severity: 'high',
  ...rest,
})

const serversDiffer = ({ issuer, commands }: ApiServerCase, others: readonly string[]): Finding =>
  high('servers-differ', {
    summary: `One API server signs for ${issuer}, another for ${others.join(', ')}`,
    why: 'Which of them makes a token is chance, and STS refuses those of another issuer than the provider.',
    fix: ROLL_OUT,
    command: commands.flags('sign'),
  })

const anotherFirst = ({ issuer, commands }: ApiServerCase, others: readonly string[]): Finding =>
  high('another-issuer-first', {
    summary: `The API server accepts ${issuer}, and signs for ${others.join(', ')}`,
    why: 'Of several --service-account-issuer flags only the first is written into tokens; the others are accepted beside it. STS looks for a provider of the issuer in the token, and finds none.',
    fix: ROLL_OUT,
    command: commands.flags('sign'),
  })

function spelledDifferently({ issuer, commands }: ApiServerCase, theirs: string): Finding {
  const { by, marked } = issuerDifference(issuer, theirs)
  return high('issuer-spelled-differently', {
    summary: `The API server's issuer differs by ${by}: ${theirs}`,
    why: `${marked}\nSTS compares issuers byte for byte, and finds no provider of that one.`,
    fix: `${ROLL_OUT}; --stage sign and --stage finish follow`,
    command: commands.flags('accept'),
  })
}

const unset = ({ issuer, commands }: ApiServerCase, others: readonly string[]): Finding =>
  high('issuer-not-configured', {
    summary: `The API server still signs for ${others.join(', ')}, as it was installed`,
    why: `STS finds no provider of that issuer. The API server has to sign for ${issuer}.`,
    fix: `${ROLL_OUT}; --stage sign and --stage finish follow`,
    command: commands.flags('accept'),
  })

const other = (
  { issuer, running, commands }: ApiServerCase,
  others: readonly string[],
): Finding => {
  const unread = flagsOf(running).issuers.length === 0
  return high('issuer-not-accepted', {
    summary: `The API server signs for ${others.join(', ')}, not for ${issuer}`,
    why: `STS finds no provider of the issuer in the token.${
      unread ? ' Whether the API server accepts ours beside it cannot be seen from here.' : ''
    } Either this is not the cluster that you mean, or it was not told about this issuer.`,
    fix: `Check kubectl's context; if it is the right one, ${lowerFirst(ROLL_OUT)}`,
    command: commands.flags('accept'),
  })
}

/** Keys that differ while a change is under way: where the signer does, so do tokens. */
function differingKeys({ running, commands }: ApiServerCase): readonly Finding[] {
  const { signing } = flagsOf(running)
  if (signing.length < 2) return []
  return [
    {
      id: 'apiserver/servers-differ',
      severity: 'medium',
      summary: `API servers sign with different keys: ${signing.join(', ')}`,
      why: 'Of the keys only that of the API server which was asked is known to be published. Tokens of the others are refused if theirs is not.',
      fix: `If no change is under way: ${lowerFirst(ROLL_OUT)}`,
      command: commands.flags('sign'),
    },
  ]
}

/** The same issuer but for what people get wrong: slashes at its end, case, scheme, blanks. */
const isSpelling = (one: string, other: string): boolean => looseIssuer(one) === looseIssuer(other)
