import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { becomesPlatformsOwn, type NodeFile } from '../keys.ts'
import { fileName } from '../paths.ts'
import { contentOf } from '../placeholder.ts'
import type { Page } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { appendFlag, PATCH_FILE, PATCHES_DIRECTORY } from './manifest-patch.ts'

/** In capitals, so that the API server refuses it until the name of the cluster is put in. */
const SECRET = 'CLUSTER-NAME-irsa'

/** What `files` writes to each machine; the pair that the cluster's own secret holds is not in it. */
export const keyFiles = (situation: Situation, settings: ApiServerSettings): Entry[] =>
  settings.files
    .filter((file) => !isInOwnSecret(situation, file))
    .map((file) => (file.private ? privateFile(file) : publicFile(file)))

const publicFile = (file: NodeFile): Entry => ({
  value: { path: file.path, owner: 'root:root', permissions: '0644', content: publicContent(file) },
  why: whyPublic(file),
})

const publicContent = ({ pem, from }: NodeFile): string => pem ?? contentOf(from)

const whyPublic = ({ pem }: NodeFile): string =>
  `The public key: no secret.${pem === undefined ? ' Put it in by hand.' : ''}`

const privateFile = ({ path }: NodeFile): Entry => ({
  value: {
    path,
    owner: 'root:root',
    permissions: '0600',
    contentFrom: { secret: { name: SECRET, key: fileName(path) } },
  },
  why: 'The private key, from the secret below and not from here, where more people may read.',
})

const PATCH_PATH = `${PATCHES_DIRECTORY}/${PATCH_FILE}`

/** The values that the unique names of `extraArgs` leave no room for. */
export function patchFile(further: readonly Flag[]): Entry[] {
  if (further.length === 0) return []
  return [
    {
      value: {
        path: PATCH_PATH,
        owner: 'root:root',
        permissions: '0644',
        content: { template: '[]', fills: [{ at: [], entries: further.map(appendFlag) }] },
      },
      why: 'A JSON patch of kubeadm: it appends, so what it adds comes after the value above.',
    },
  ]
}

/** What an earlier stage may have put there, as `Guide.takeOut` wants it; a path may be there once. */
export const oldFiles = (further: readonly Flag[]): string[] =>
  further.length > 0
    ? ['each entry of files whose path is here, too']
    : [
        'each entry of files whose path is here, too',
        `the one of ${PATCH_PATH}, or what it says of these flags, and where no other patch is left, patches of initConfiguration and joinConfiguration`,
      ]

/** The secret with the private key; for a new cluster it is the one that Cluster API looks for. */
export function keySecret(situation: Situation, settings: ApiServerSettings): Page[] {
  const secret = settings.files.find((file) => file.private)
  if (secret === undefined) return []
  const entry = secretEntry(situation, secret)
  if (!becomesPlatformsOwn(situation)) {
    const fills = [{ at: ['stringData'], entries: [{ key: fileName(secret.path), ...entry }] }]
    return [{ template: 'cluster-api-key.yaml', notes: [], fills }]
  }
  const publics = settings.files.filter((file) => !file.private && isInOwnSecret(situation, file))
  const entries = [
    ...publics.map((file) => ({
      key: 'tls.crt',
      value: publicContent(file),
      why: whyPublic(file),
    })),
    { key: 'tls.key', ...entry },
  ]
  return [
    { template: 'cluster-api-new-key.yaml', notes: [], fills: [{ at: ['stringData'], entries }] },
  ]
}

const secretEntry = ({ input }: Situation, { from }: NodeFile) =>
  input.privatePem === undefined
    ? {
        value: contentOf(from),
        why: 'The private key is printed with --include-private-key only. Put it in by hand, and never into git.',
      }
    : { value: input.privatePem, why: 'The private key itself. Never into git.' }

function isInOwnSecret(situation: Situation, { path }: NodeFile): boolean {
  const { privateKey, publicKey } = situation.platform.newCluster ?? {}
  return becomesPlatformsOwn(situation) && (path === privateKey || path === publicKey)
}
