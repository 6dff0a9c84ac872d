import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import type { KeyFile } from '../input.ts'
import { contentOf, inPlaceOf } from '../placeholder.ts'
import type { Page } from '../platform.ts'
import type { Situation } from '../situation.ts'

/** Talos 1.14: one document for the keys and issuers, and two more where the cluster serves them. */
export function documentPages(
  situation: Situation,
  { flags }: ApiServerSettings,
  notes: readonly string[],
): Page[] {
  const replaced = situation.phase === 'new' ? [] : replacedPages(notes)
  const keys: Page = {
    template: 'talos-service-account.yaml',
    notes: replaced.length === 0 ? notes : [],
    fills: [
      { at: ['issuer'], entries: [...issuerUrl(flags), ...privateKey(situation)] },
      { at: ['accepted'], entries: accepted(situation, flags) },
    ],
  }
  return [...replaced, keys, ...servedPages(flags)]
}

/**
 * Takes the document away that is there, because a patch adds to its lists, and a duplicate issuer
 * would keep kube-apiserver from starting. Talos refuses the document beside cluster.serviceAccount
 * (V1Alpha1ConflictValidate in pkg/machinery/config/types/k8s/service_account.go). What is not there
 * is left out (pkg/machinery/config/configpatcher/strategic.go).
 */
const replacedPages = (notes: readonly string[]): Page[] => [
  { template: 'talos-replaced.yaml', notes, fills: [] },
  { template: 'talos-replaced-key.yaml', notes: [], fills: [] },
]

function servedPages(flags: readonly Flag[]): Page[] {
  const jwksUri = flags.filter(({ name }) => name === 'service-account-jwks-uri')
  if (jwksUri.length === 0) return []
  const served = jwksUri.map(({ name, value, why }) => ({ key: name, value, why }))
  return [
    {
      template: 'talos-api-server.yaml',
      notes: [],
      fills: [{ at: ['extraArgs'], entries: served }],
    },
    { template: 'talos-authentication.yaml', notes: [], fills: [] },
  ]
}

const issuerUrl = (flags: readonly Flag[]): Entry[] =>
  issuers(flags)
    .slice(0, 1)
    .map(({ value, why }) => ({ key: 'issuerURL', value, why }))

const issuers = (flags: readonly Flag[]): Flag[] =>
  flags.filter(({ name }) => name === 'service-account-issuer')

/** The document must have one; only a patch for "talosctl gen config" may leave Talos its own. */
function privateKey({ phase, waits, signer, input }: Situation): Entry[] {
  const key = 'privateKey'
  if (signer === undefined || waits) {
    if (phase === 'new') return []
    return [{ key, value: inPlaceOf(PRESENT_KEY), why: PRESENT_WHY }]
  }
  const { privatePem } = input
  const why =
    privatePem === undefined
      ? 'Signs new tokens, and verifies them, too. It is only printed with --include-private-key. Never put it into git.'
      : 'Signs new tokens, and verifies them, too. Keep this file away from git.'
  return [{ key, value: privatePem ?? contentOf(signer.privateFrom), why }]
}

const PRESENT_KEY = 'the key that signs now, in PEM'
const PRESENT_WHY =
  'The key that signs now stays. It is in what "talosctl -n NODE get machineconfig v1alpha1 -o yaml" shows: as issuer.privateKey, or as cluster.serviceAccount.key, which base64 -d turns into PEM.'

function accepted(situation: Situation, flags: readonly Flag[]): Entry[] {
  const further = issuers(flags).slice(1)
  const audiences = flags.find(({ name }) => name === 'api-audiences')
  return [
    ...list('publicKeys', publicKeys(situation), PUBLIC_WHY),
    ...list(
      'issuers',
      further.map(({ value }) => value),
      [...new Set(further.map(({ why }) => why))].join(' '),
    ),
    ...list('audiences', audiences?.value.split(',') ?? [], audiences?.why ?? ''),
  ]
}

const PUBLIC_WHY =
  'Verify tokens, beside the public half of the private key above, which Talos adds itself. PEM, in PKIX form, with a line break at the end of each.'

const list = (key: string, value: readonly string[], why: string): Entry[] =>
  value.length === 0 ? [] : [{ key, value, why }]

/**
 * What is to verify beside the private key's own half. Of several previous keys it is not known which
 * signs now, so all stand here; one alone is the one that signs. Where the cluster showed none but
 * ours, there is none. A key twice does no harm.
 */
function publicKeys({ phase, waits, signer, input, previousKeyFiles }: Situation): string[] {
  const ours = input.keyFiles.map(publicPem)
  const { previousPublicPems: shown } = input
  const previous = (shown ?? []).filter((pem) => !ours.includes(pem))
  const unseen = input.running !== undefined && input.running.signsWithOurs === undefined
  const beside = previous.length > 1 || unseen ? previous : []
  if (signer === undefined) return beside
  if (waits) return [...ours, ...beside]
  const others = input.keyFiles.filter((file) => file !== signer).map(publicPem)
  const unknown = shown === undefined && (phase === 'sign' || previousKeyFiles.length > 0)
  return [...others, ...previous, ...(unknown ? [inPlaceOf(PREVIOUS_KEY)] : [])]
}

const PREVIOUS_KEY = 'the public half of the key that signed until now, in PEM'

const publicPem = ({ publicPem, publicFrom }: KeyFile): string => publicPem ?? contentOf(publicFrom)
