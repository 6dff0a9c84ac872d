import { isForSts } from '../apiserver/audiences.ts'
import { flagsOf } from '../apiserver/running-facts.ts'
import type { ApiServerCase } from './api-server-case.ts'
import { type Finding, remedy } from './finding.ts'

/** Whether what signs is known to whoever verifies: the API server itself, and STS. */
export function signerFindings(it: ApiServerCase, signsForUs: boolean): readonly Finding[] {
  const { signingKid: kid } = it.running
  if (kid === undefined) return [unknownSigner()]
  return [
    ...rejectsItsOwn(it, kid),
    ...(signsForUs ? [...notPublished(it, kid), ...othersNotPublished(it, kid)] : []),
  ]
}

const unknownSigner = (): Finding => ({
  id: 'apiserver/signer-unseen',
  severity: 'info',
  summary: 'Which key signs could not be seen',
  why: 'Only a token shows it, and these credentials could not have one made for default/default.',
  fix: 'Use credentials that may create serviceaccounts/token, with kubectl 1.24 or newer.',
})

/** kube-apiserver checks no signing key against its key files (cmd/kube-apiserver/app/options). */
function rejectsItsOwn(it: ApiServerCase, kid: string): Finding[] {
  const { publicKids, unreadableKeys } = it.running
  const unsure = publicKids === undefined || unreadableKeys > 0
  if (unsure || publicKids.includes(kid)) return []
  return [
    {
      id: 'apiserver/rejects-own-tokens',
      severity: 'high',
      summary: `The API server signs with kid ${kid}, which is none of the keys that it verifies with`,
      why: `Its key files hold ${publicKids.join(', ') || 'no key'}. It refuses its own tokens, and nobody can read the public half of its signer from it.`,
      ...addingItsKey(it, kid),
    },
  ]
}

/**
 * The cluster cannot tell which of its files is the signer's, so what there is to keep is named: then
 * nothing is asked of it.
 */
function addingItsKey(
  { running, ours, commands, issuer }: ApiServerCase,
  kid: string,
): Pick<Finding, 'fix' | 'command'> {
  const { keyFiles, issuers, audiences = [] } = flagsOf(running)
  if (!ours.includes(kid) || keyFiles.length === 0) {
    return {
      fix: 'Add the public half of --service-account-signing-key-file with a --service-account-key-file of its own, on every control-plane node.',
    }
  }
  const kept = [
    ...named(
      '--previous-issuer',
      issuers.filter((one) => one !== issuer),
    ),
    ...named('--previous-key-file', keyFiles),
    ...named(
      '--api-audience',
      audiences.filter((one) => !issuers.includes(one) && !isForSts(one)),
    ),
  ]
  return {
    fix: 'Give the API server what this prints, key files included, on every control-plane node',
    command: commands.flags('sign', kept),
  }
}

const named = (flag: string, values: readonly string[]): readonly string[] =>
  values.flatMap((value) => [flag, value])

function notPublished(it: ApiServerCase, kid: string): readonly Finding[] {
  const { published } = it
  if (published === undefined || published.includes(kid)) return []
  return [
    {
      id: 'apiserver/signer-not-published',
      severity: 'high',
      summary: `Tokens are signed with kid ${kid}, which is not published`,
      why: `The key set of ${it.issuer} holds ${published.join(', ') || 'no key'}. STS answers InvalidIdentityToken: it cannot retrieve the verification key.`,
      ...publishing(it, kid),
    },
  ]
}

function publishing(
  { ours, running, servesItself, commands }: ApiServerCase,
  kid: string,
): Pick<Finding, 'fix' | 'command'> {
  if (servesItself) {
    return { fix: 'Lead the issuer to this API server: another one answers there.' }
  }
  if (ours.includes(kid)) return remedy('Publish it', commands.publish)
  const shown = running.publicKids?.includes(kid) === true
  if (shown && commands.publishFromCluster !== undefined) {
    return { fix: 'Publish what the cluster signs with', command: commands.publishFromCluster }
  }
  return {
    fix: `Copy the public half of --service-account-signing-key-file here, and publish it with irsa publish-jwks --public-key.`,
  }
}

const ONE = { are: 'is', signer: 'it', fix: 'Publish it before it signs.' }
const MORE = { are: 'are', signer: 'one of them', fix: 'Publish them before they sign.' }

/** Where all sign with one key, the others only verify what the cluster had before. */
function othersNotPublished(it: ApiServerCase, kid: string): readonly Finding[] {
  const { published, running, servesItself, commands } = it
  const others = (running.publicKids ?? []).filter(
    (other) => other !== kid && published?.includes(other) === false,
  )
  if (others.length === 0 || servesItself) return []
  const several = flagsOf(running).signing.length > 1
  const { are, signer, fix } = others.length === 1 ? ONE : MORE
  return [
    {
      id: 'apiserver/keys-not-published',
      severity: several ? 'medium' : 'info',
      summary: `The API server also verifies with ${others.join(', ')}, which ${are} not published`,
      why: several
        ? `API servers sign with different keys, so ${signer} may be the signer of another one. STS refuses what that one signs.`
        : 'That is as it should be for keys that signed before, or sign for the cluster alone.',
      ...(several && commands.publishFromCluster !== undefined
        ? { fix: 'Publish all keys of the cluster', command: commands.publishFromCluster }
        : { fix }),
    },
  ]
}
