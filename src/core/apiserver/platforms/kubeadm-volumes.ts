import type { Entry } from '../../yaml-page.ts'
import type { Flag } from '../flags.ts'
import { folderOf } from '../paths.ts'
import { isBelow, unique } from '../situation.ts'
import { KUBEADM_PKI } from './kubeadm-keys.ts'

const VOLUME = 'irsa-keys'

/** The folders of key files that the pods would not see otherwise, with a name for each. */
export function unmountedFolders(
  flags: readonly Flag[],
  mounted = KUBEADM_PKI,
): { name: string; path: string }[] {
  const files = flags.filter(({ name }) => name.endsWith('key-file')).map(({ value }) => value)
  const folders = files.filter((file) => !isBelow(file, mounted)).map(folderOf)
  return unique(folders).map((path, index) => ({
    name: index === 0 ? VOLUME : `${VOLUME}-${index + 1}`,
    path,
  }))
}

/** Those of an earlier stage, as `Guide.takeOut` wants it: each name may be there once. */
export const oldVolumes = (flags: readonly Flag[], where: string, mounted?: string): string[] =>
  unmountedFolders(flags, mounted).length === 0 ? [] : [`the volumes ${VOLUME} in ${where}`]

/** `extraVolumes` for them, as kubeadm has them. */
export const extraVolumes = (flags: readonly Flag[]): Entry[] =>
  unmountedFolders(flags).map(({ name, path }) => ({
    value: { name, hostPath: path, mountPath: path, readOnly: true, pathType: 'Directory' },
    why: whyVolume(KUBEADM_PKI),
  }))

export const whyVolume = (mounted: string): string =>
  `The pod mounts ${mounted} by itself, and nothing else for keys. Leave this out where the folder is mounted already.`
