import { shellWord } from '../../shell.ts'
import type { ApiServerSettings } from '../flags.ts'
import { becomesPlatformsOwn, type NodeFile } from '../keys.ts'
import { folderOf } from '../paths.ts'
import type { LinePage } from '../platform.ts'
import { type Situation, unique } from '../situation.ts'

type Lines = LinePage['lines']

/** What the script does with key files before minikube starts, and when it ends. */
export function minikubeFiles(situation: Situation, settings: ApiServerSettings): Lines {
  const joined = settings.joinedKeys === undefined ? [] : [joinedPath(settings)]
  const paths = [...settings.files.map(({ path }) => path), ...joined]
  if (paths.length === 0) return []
  const folders = unique(paths.map((path) => local(folderOf(path))))
  return [
    ...HOME,
    ...(becomesPlatformsOwn(situation) ? [NO_CLUSTER_YET] : []),
    {
      text: `trap ${shellWord(`rm -f ${paths.map(local).join(' \\\n  ')}`)} EXIT`,
      why: 'In the end the node has the files, and no other cluster is to get them.',
    },
    {
      text: `mkdir -p ${folders.join(' ')}`,
      why: 'What is in there goes to the same path on the node.',
    },
    ...settings.files.map(copied),
    ...joinedLines(settings),
  ]
}

/** As minikube finds it (pkg/minikube/localpath/localpath.go). */
const HOME: Lines = [
  { text: 'home=${MINIKUBE_HOME:-$HOME}', why: 'The folder that minikube copies from.' },
  { text: 'home=${home%/.minikube}/.minikube' },
]

const NO_CLUSTER_YET = {
  text: 'test ! -e "$home"/profiles/minikube || { echo "minikube delete comes first" >&2; exit 1; }',
  why: 'Another key would void every token of a cluster that is there already.',
}

const copied = ({ path, from, private: secret }: NodeFile) => ({
  text: `install -m ${secret ? '0600' : '0644'} ${shellWord(from)} \\\n  ${local(path)}`,
  why: secret ? 'The private key. minikube keeps its mode.' : 'The public key.',
})

/**
 * One below the other, for there is one flag for them. A file that was there before has to be read
 * from the node; one of ours is at hand. A failed "$( )" stops the script, a failed pipe would not.
 */
function joinedLines(settings: ApiServerSettings): Lines {
  const { joinedKeys = [], files } = settings
  const target = local(joinedPath(settings))
  return joinedKeys.map((path, index) => {
    const ours = files.find((file) => file.path === path)
    const source =
      ours === undefined
        ? `minikube ssh -- sudo cat ${shellWord(path)}`
        : `cat ${shellWord(ours.from)}`
    const write = `printf '%s\\n' "$key" | tr -d '\\r' ${index === 0 ? '>' : '>>'} \\\n  ${target}`
    return { text: `key=$(${source})\n${write}`, why: ours === undefined ? PREVIOUS : OURS }
  })
}

const OURS = 'Into the file with all keys to verify with: this one.'
const PREVIOUS =
  'And the one from before, from the node itself, which has to run for that: minikube start, if it does not.'

const joinedPath = ({ flags }: ApiServerSettings): string =>
  flags.find(({ name }) => name === 'service-account-key-file')?.value ?? ''

/** In double quotes, so that it can stand in a trap, too. */
const local = (path: string): string => `"$home/files${path.replaceAll(/["$`\\]/g, '\\$&')}"`
