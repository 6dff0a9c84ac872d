import { USUAL_KEY_PAIR } from '../../core/key-file.ts'
import { join, resolve } from 'node:path'
import { DISCOVERY_BINDING_COMMAND } from '../../core/cluster-host.ts'
import { assertExpected } from '../../core/problems/problem.ts'
import { shellWord } from '../../core/shell.ts'
import { objectBehind, type ObjectPlace } from '../../core/verify/closed-bucket-place.ts'
import type { Answered } from '../../core/verify/document.ts'
import type { DocumentPlace } from '../../core/verify/document-place.ts'
import { mayExpose } from '../../core/verify/exposed.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import type { ConfigFile } from '../load-config.ts'
import { besides, renewals } from './renewals.ts'
import type { Walk } from './walk.ts'

/** Where a document is kept, and the commands of this very walk that put it right there. */
export async function placeOf(walk: Walk, answer: Answered): Promise<DocumentPlace> {
  const place = await keptAt(walk, answer)
  return mayExpose(answer.body) ? { ...place, renew: await renewals(walk, place) } : place
}

async function keptAt(walk: Walk, answer: Answered): Promise<DocumentPlace> {
  const { file } = walk.given
  const { host } = file?.config ?? {}
  if (file !== undefined && host?.type === 'directory') {
    return folderPlace(walk, file, host.directory, answer)
  }
  if (host?.type === 'cluster') return { ...elsewhere(answer), ...BY_API_SERVER }
  const object = await objectOf(walk, answer.url)
  return object === undefined ? elsewhere(answer) : bucketPlace(walk, object, answer)
}

const elsewhere = ({ url }: Answered): DocumentPlace => ({
  publish: undefined,
  prune: undefined,
  remove: undefined,
  get: undefined,
  put: undefined,
  open: undefined,
  renew: new Map(),
  hasHeaders: false,
  byHand: `Put it right where it is kept, then look at what is served: curl -si ${shellWord(url)}`,
})

const BY_API_SERVER = {
  open: DISCOVERY_BINDING_COMMAND,
  byHand:
    'The API server makes the document, from --service-account-issuer, --service-account-jwks-uri and --service-account-key-file; irsa print-apiserver-flags --for auto says how they should be.',
}

/** The object behind a URL, with irsa.yaml, else where the URL alone says so. */
export async function objectOf(
  { given, sights }: Walk,
  url: string,
): Promise<ObjectPlace | undefined> {
  const clues = { issuer: given.issuer, kept: given.file?.config }
  const known = objectBehind(url, { ...clues, endpoint: undefined })
  if (known !== undefined) return known
  const opened = await sights.aws()
  const endpoint = opened.kind === 'seen' ? opened.value.aws.customS3Endpoint : undefined
  return objectBehind(url, { ...clues, endpoint })
}

async function bucketPlace(
  walk: Walk,
  { bucket, key, region }: ObjectPlace,
  answer: Answered,
): Promise<DocumentPlace> {
  const { options } = walk.world
  const where = options.region ?? region
  const regionFlag = where === undefined ? '' : ` --region ${shellWord(where)}`
  const given = `${regionFlag}${optionsAsGiven(walk.world, ['profile', 'endpointUrl'])}`
  const at = `--bucket ${shellWord(bucket)} --key ${shellWord(key)}`
  const path = pathBelow(walk.given.issuer, answer.url)
  const prefix = path === undefined ? undefined : key.slice(0, -path.length).replace(/\/$/, '')
  const commands = await publishing(walk, { bucket, prefix, given })
  return {
    ...elsewhere(answer),
    ...commands,
    remove: `aws s3api delete-object ${at}${given}`,
    get: (file) => `aws s3 cp ${shellWord(`s3://${bucket}/${key}`)} ${file}${given}`,
    put: (file) => `aws s3 mv ${file} ${shellWord(`s3://${bucket}/${key}`)}${given}`,
    hasHeaders: true,
  }
}

interface Publishing {
  readonly bucket: string
  /** Undefined where it is no document of this issuer. */
  readonly prefix: string | undefined
  /** Options, each with a blank in front. */
  readonly given: string
}

/** By irsa.yaml, else with flags alone where the public key is where it usually is. */
async function publishing(
  { world, given: { file, issuer } }: Walk,
  { bucket, prefix, given }: Publishing,
): Promise<Partial<Pick<DocumentPlace, 'publish' | 'prune' | 'byHand'>>> {
  if (file !== undefined) return applying(world)
  if (prefix === undefined) return {}
  const prefixFlag = prefix === '' ? '' : ` --prefix ${shellWord(prefix)}`
  const at = `--bucket ${shellWord(bucket)}${prefixFlag} --issuer ${shellWord(issuer)}`
  const ours = USUAL_KEY_PAIR.public
  const command = (key: string): string => `irsa publish-jwks ${at} --public-key ${key}${given}`
  if ((await world.files.read(resolve(world.cwd, ours))) === undefined) {
    return { byHand: `Publish both documents anew: ${command('FILE')}` }
  }
  return { publish: command(ours), prune: `${command(ours)} --prune` }
}

/** A document's path below the issuer; undefined for one that is somewhere else. */
const pathBelow = (issuer: string, url: string): string | undefined =>
  url.startsWith(`${issuer}/`) ? url.slice(issuer.length + 1) : undefined

function applying(world: Walk['world']) {
  const given = optionsAsGiven(world, ['config', 'profile', 'endpointUrl'])
  return { publish: applyCommand(world), prune: `irsa publish-jwks --prune${given}` }
}

/** A folder of ours that somebody serves; what is served may be something else than what is in it. */
async function folderPlace(
  { world, given: { issuer } }: Walk,
  { folder, shown }: ConfigFile,
  directory: string,
  answer: Answered,
): Promise<DocumentPlace> {
  const path = pathBelow(issuer, answer.url) ?? ''
  const name = besides(shown, join(directory, path))
  if (path === '' || !(await isServed(world, resolve(folder, directory), path, answer))) {
    const byHand = `It is not what is in the folder ${besides(shown, directory)}. Serve that folder at ${issuer} as it is, and look at what is served: curl -si ${shellWord(answer.url)}`
    return { ...elsewhere(answer), byHand }
  }
  return {
    ...elsewhere(answer),
    ...applying(world),
    remove: `rm ${shellWord(name)}`,
    get: (file) => `cp ${shellWord(name)} ${file}`,
    put: (file) => `mv ${file} ${shellWord(name)}`,
  }
}

async function isServed(
  { directoryDocuments }: Walk['world'],
  directory: string,
  path: string,
  { status, body }: Answered,
): Promise<boolean> {
  try {
    const kept = await directoryDocuments(directory).read(path)
    return kept === undefined ? status === 404 : kept.body === body
  } catch (error) {
    assertExpected(error)
    return false
  }
}
