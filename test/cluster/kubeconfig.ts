import { writeFile } from 'node:fs/promises'

export interface Access {
  readonly url: string
  readonly authorityFile: string
  readonly token: string
}

/** Writes a kubeconfig, as JSON, which is YAML as well. */
export const writeKubeconfig = (path: string, { url, authorityFile, token }: Access) =>
  writeFile(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'test', cluster: { server: url, 'certificate-authority': authorityFile } },
      ],
      users: [{ name: 'test', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    }),
    { mode: 0o600 },
  )
