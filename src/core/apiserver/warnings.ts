import type { Flag } from './flags.ts'
import type { Situation } from './situation.ts'

const ASK_FOR_ISSUER = 'kubectl get --raw /.well-known/openid-configuration'

/** What should worry whoever uses the output, on any platform. */
export function warningsFor(situation: Situation, flags: readonly Flag[]): string[] {
  return [
    ...duplicates(situation),
    ...unnamedIssuer(situation),
    ...unnamedKeys(situation, flags),
    ...skippedStage(situation),
  ]
}

function duplicates({ input, previousIssuers, previousKeyFiles }: Situation): string[] {
  const warnings = []
  if (previousIssuers.length < input.previousIssuers.length) {
    warnings.push(
      'A previous issuer was given twice and is listed once: kube-apiserver refuses to start with duplicates.',
    )
  }
  if (previousKeyFiles.length < input.previousKeyFiles.length) {
    warnings.push('A previous key file was given twice and is listed once.')
  }
  return warnings
}

function unnamedIssuer({ signer, input, previousIssuers }: Situation): string[] {
  if (signer !== undefined || previousIssuers.length > 0) return []
  return [
    `A cluster that has a key has an issuer, too. Unless it is ${input.issuer} already, name it with --previous-issuer, or every token in use is refused when the API server restarts (${ASK_FOR_ISSUER} shows it).`,
  ]
}

function unnamedKeys(
  { phase, signer, platform, input, ...rest }: Situation,
  flags: readonly Flag[],
) {
  if (signer === undefined || phase === 'new' || phase === 'finish') return []
  const ownIsKept = platform.own.keyFile !== undefined || platform.own.alwaysVerifies === true
  const signsWithOwn = input.previousSigningKeyFile === undefined
  if (rest.previousKeyFiles.length > 0 || (ownIsKept && signsWithOwn)) return []
  const named = flags.filter((flag) => flag.name === 'service-account-key-file')
  return [
    `Only ${named.map((flag) => flag.value).join(', ')} would verify tokens. Name the public half of the key that signs now with --previous-key-file, or every token in use is refused.`,
  ]
}

function skippedStage({ phase, input }: Situation): string[] {
  if (phase !== 'sign' || input.stage !== undefined) return []
  return [
    'With more than one API server, roll out --stage accept on all of them first: one that signs before another accepts makes requests fail at random.',
  ]
}
