import { clusterKeySetUrl } from '../cluster-host.ts'
import { keySetUrl } from '../issuer.ts'
import { apiAudiences } from './audiences.ts'
import type { ApiServerInput } from './input.ts'
import { type Keys, keysOf, type NodeFile } from './keys.ts'
import { serves, type Situation } from './situation.ts'
import { warningsFor } from './warnings.ts'

/** One flag of kube-apiserver, without its dashes. */
export interface Flag {
  readonly name: string
  readonly value: string
  /** One sentence or two for whoever reads the configuration later. */
  readonly why: string
}

/** What has to be set, in the order in which kube-apiserver has to see it. */
export interface ApiServerSettings {
  readonly flags: readonly Flag[]
  readonly files: readonly NodeFile[]
  /** Whole sentences. */
  readonly warnings: readonly string[]
  /** What `service-account-private-key-file` of kube-controller-manager becomes, if it changes. */
  readonly controllerManagerKey: string | undefined
  /** The key files that are one file here, in its order; absent where each has a flag of its own. */
  readonly joinedKeys?: readonly string[] | undefined
}

/**
 * The flags that make kube-apiserver sign for the issuer, and the files they name. What the platform
 * has right by itself is left out.
 *
 * @throws Problem `apiserver/…`
 */
export function settingsFor(situation: Situation): ApiServerSettings {
  const keys = keysOf(situation)
  const flags = [
    ...issuerFlags(situation),
    ...jwksUriFlags(situation),
    ...anonymousFlags(situation),
    ...keyFlags(keys),
    ...audienceFlags(situation),
  ].filter(({ name }) => situation.platform.lacks?.includes(name) !== true)
  const settings: ApiServerSettings = {
    flags,
    files: keys.files,
    warnings: warningsFor(situation, flags),
    controllerManagerKey: keys.controllerManager,
    joinedKeys: keys.joined,
  }
  const more = situation.platform.warnings?.(situation, settings) ?? []
  return { ...settings, warnings: [...settings.warnings, ...more] }
}

/** kube-apiserver signs with the first issuer and accepts all (pkg/serviceaccount/jwt.go). */
function issuerFlags(situation: Situation): Flag[] {
  const { input } = situation
  return acceptedIssuers(situation).map((value, index) => ({
    name: 'service-account-issuer',
    value,
    why: issuerReason(index === 0, value === input.issuer),
  }))
}

/** In the order in which kube-apiserver has to see them; a platform that holds one gets the signer's. */
function acceptedIssuers({ phase, input, previousIssuers, abilities }: Situation): string[] {
  const fresh = [input.issuer]
  if (!abilities.severalIssuers) {
    const [first] = previousIssuers
    return phase === 'accept' && first !== undefined ? [first] : fresh
  }
  return {
    new: fresh,
    accept: [...previousIssuers, ...fresh],
    sign: [...fresh, ...previousIssuers],
    finish: fresh,
  }[phase]
}

function issuerReason(first: boolean, fresh: boolean): string {
  if (first && fresh)
    return 'The first issuer goes into every new token. STS compares it byte for byte.'
  if (first) return 'Stays first in this stage: it goes into every new token.'
  if (fresh)
    return 'Accepted already, so that every API server knows it before one of them signs with it.'
  return 'Still accepted, so that tokens made before go on working. It must stay below the first.'
}

function jwksUriFlags(situation: Situation): Flag[] {
  const { platform, phase, input } = situation
  const name = 'service-account-jwks-uri'
  if (phase === 'accept') return []
  if (serves(situation)) {
    const why =
      'Where STS gets the keys: the address of the API server that it can reach, not the one inside of the cluster.'
    return [{ name, value: clusterKeySetUrl(input.issuer), why }]
  }
  if (platform.setsJwksUri !== true) return []
  const why = `${platform.title} names another address here by itself; this is where the keys are published.`
  return [{ name, value: keySetUrl(input.issuer), why }]
}

function anonymousFlags({ platform, phase, input }: Situation): Flag[] {
  if (platform.refusesAnonymous !== true || input.servesDocuments !== true) return []
  if (phase === 'accept') return []
  const why = `${platform.title} turns requests without credentials away, and STS has none. What they may read is left to RBAC.`
  return [{ name: 'anonymous-auth', value: 'true', why }]
}

function keyFlags({ verify, sign, files, joined }: Keys): Flag[] {
  const flags = verify.map((value) => ({
    name: 'service-account-key-file',
    value,
    why:
      joined === undefined
        ? verifyReason(files.find((file) => file.path === value))
        : `Verifies tokens, with all of these in it: ${joined.join(', ')}.`,
  }))
  if (sign === undefined) return flags
  const why = files.some((file) => file.path === sign)
    ? 'Signs new tokens.'
    : 'Goes on signing new tokens: the key that the cluster has, not a new one.'
  return [...flags, { name: 'service-account-signing-key-file', value: sign, why }]
}

function verifyReason(ours: NodeFile | undefined): string {
  if (ours === undefined) {
    return 'Verifies tokens of a key that the cluster has used until now: some are valid for a year, those in secrets for ever.'
  }
  if (ours.private) return 'Verifies tokens, with the public half of the key in it.'
  return 'Verifies tokens. A public key in PKIX form ("BEGIN PUBLIC KEY").'
}

function audienceFlags(situation: Situation): Flag[] {
  const audiences = apiAudiences(situation)
  if (audiences.length === 0) return []
  const why = audienceReason(situation.input)
  return [{ name: 'api-audiences', value: audiences.join(','), why }]
}

function audienceReason({ apiAudiences: asked, effectiveAudiences }: ApiServerInput): string {
  if (asked.length > 0) return 'What tokens for the Kubernetes API itself are made for.'
  return effectiveAudiences === undefined
    ? 'What tokens for the Kubernetes API are made for as long as api-audiences is not set: the issuers. Written down, so that it does not change with them. Where it is set now, pass its values with --api-audience instead.'
    : 'What tokens for the Kubernetes API are made for now, written down: without this line it would be the issuers, and change with them.'
}
