import type { ApiServerSettings } from '../flags.ts'
import { fileName, folderOf } from '../paths.ts'

/**
 * How the one key file is made, where the platform takes only one. It is as secret as the cluster's
 * own key file may be, which sometimes is the private key. A file of an earlier stage may be one of
 * those that go into it, so it is replaced when all is in.
 *
 * @param owner user that reads it
 */
export function joinNotes(
  { joinedKeys, flags }: ApiServerSettings,
  where: string,
  owner: string,
): string[] {
  const joined = flags.find(({ name }) => name === 'service-account-key-file')?.value
  if (joinedKeys === undefined || joined === undefined) return []
  const file = fileName(joined)
  return [
    `This release takes one key file. Put it together on every ${where}, from those that are there:`,
    `  cd ${folderOf(joined)} && install -m 0600 -o ${owner} /dev/null ${file}.new`,
    ...joinedKeys.map((path) => `  cat ${path} >> ${file}.new`),
    `  mv ${file}.new ${file}`,
  ]
}
