import type { ApiServerSettings } from './flags.ts'
import { becomesPlatformsOwn } from './keys.ts'
import type { Situation } from './situation.ts'

/** Why the one value that many guides put there is missing (facts of token.go in kube-apiserver). */
const NO_STS =
  'sts.amazonaws.com is not among the api-audiences, on purpose: with it, the default token of every pod would be good at STS, and every token meant for STS would be a credential for the Kubernetes API. kube-apiserver issues tokens for any audience that a pod asks for, so nothing is missing.'

const PHASES = {
  new: 'For a cluster that does not run yet. For one that runs, name what it uses now with --previous-issuer, and go through --stage accept, sign and finish.',
  accept:
    'Stage 1 of 3, accept: what is new is accepted, and nothing signs with it. Go on with --stage sign when every API server has restarted, and an hour later at the earliest, because key sets are cached for that long.',
  sign: 'Stage 2 of 3, sign: new tokens are signed the new way, and those from before are accepted. Go on with --stage finish after 24 hours, when pods have renewed their tokens, and keep the previous IAM provider until then.',
  finish:
    'Stage 3 of 3, finish: the previous issuers are dropped. Go on naming each --previous-key-file whose tokens may still be in use: those in secrets never expire.',
}

const PRESENT_SIGNER =
  'The cluster goes on signing with the key that it has, so its key files stay as they are, and no private key leaves the control plane.'

/**
 * What the head of every output says: the situation, the warnings, what has to go before this comes
 * in, the files that have to be there first and how they get there, why the STS audience is not, what
 * restarts, how to see that it took effect, and what the platform cannot do. One paragraph per item;
 * two blanks indent a paragraph.
 */
export function headNotes(situation: Situation, settings: ApiServerSettings): string[] {
  const { phase, signer, platform } = situation
  const { takeOut, copy, restart, check, cannot } = platform.guide(situation, settings)
  return [
    ...formatNote(situation),
    ...(phase === 'new' && signer === undefined ? [] : [PHASES[phase]]),
    ...(signer === undefined ? [PRESENT_SIGNER] : []),
    ...settings.warnings.map((warning) => `WARNING: ${warning}`),
    ...takeOutNote(situation, takeOut),
    ...fileNotes(situation, settings),
    ...(settings.files.length > 0 ? copy : []),
    ...overwriteNote(situation),
    NO_STS,
    'kube-apiserver reads its flags and key files at start only, so it restarts: on one control-plane node after the other, each ready again before the next.',
    ...restart,
    ...checkNotes(situation),
    ...check,
    ...[...cannot, ...unserved(situation)].map((sentence) => `NOT POSSIBLE: ${sentence}`),
  ]
}

/** kube-apiserver's own start-up rule about issuers (pkg/kubeapiserver/options/authentication.go). */
function takeOutNote({ phase, signer }: Situation, takeOut: readonly string[]): string[] {
  if (takeOut.length === 0 || (phase === 'new' && signer !== undefined)) return []
  return [
    `Take out first what an earlier stage, or somebody else, has put there: ${takeOut.join('; ')}. What is to stay of it comes again with what follows; kube-apiserver does not start when an issuer is there twice.`,
  ]
}

const unserved = ({ input, platform: { cannotServe } }: Situation): string[] =>
  input.servesDocuments === true && cannotServe !== undefined ? [cannotServe] : []

/** Which format this is, and how to get the others. */
function formatNote({ platform, format }: Situation): string[] {
  const { formats } = platform
  const chosen = formats?.list.find(({ id }) => id === format)
  if (formats === undefined || chosen === undefined) return []
  const others = formats.list.filter((other) => other !== chosen).map(({ title }) => title)
  const flag = formats.by === 'platform' ? '--platform-version' : '--kubernetes-version'
  return [`Written for ${chosen.title}. With ${flag}: ${others.join('; ')}.`]
}

/** Works on every platform: what the API server says of itself. */
function checkNotes({ phase, input, previousIssuers }: Situation): string[] {
  const issuer = phase === 'accept' ? (previousIssuers[0] ?? input.issuer) : input.issuer
  return [
    `To see that it took effect, ask each API server. The first answer names the issuer ${issuer}, the second holds every key that is to verify:`,
    '  kubectl get --raw /.well-known/openid-configuration',
    '  kubectl get --raw /openid/v1/jwks',
  ]
}

function fileNotes({ platform }: Situation, { files }: ApiServerSettings): string[] {
  if (files.length === 0) return []
  const inline = platform.keys !== undefined
  return [
    platform.filesFor ?? (inline ? INLINE : ON_NODES),
    ...files.map(({ path, from, private: secret }) => {
      const remark = inline ? ', the private key' : ', mode 0600'
      return `  ${path}  from ${from}${secret ? remark : ''}`
    }),
  ]
}

const ON_NODES = 'Every control-plane node needs, before its API server starts:'
const INLINE = 'Keys stand in the configuration itself, on every control-plane node:'

function overwriteNote(situation: Situation): string[] {
  const path = becomesPlatformsOwn(situation) && situation.platform.newCluster?.privateKey
  if (path === undefined || path === false) return []
  return [
    `This is the name of the platform's own key. Where ${path} exists already, stop: replacing it would void every token in the cluster.`,
  ]
}
