import { resolve } from 'node:path'
import { checkAudience } from '../../core/audience.ts'
import { USUAL_KEY_PAIR } from '../../core/key-file.ts'
import { type PrivateKey, readPrivateKey } from '../../core/private-key.ts'
import { fileMissing } from '../../core/problems/files.ts'
import { Problem } from '../../core/problems/problem.ts'
import { flagMissing, flagsConflict } from '../../core/problems/usage.ts'
import { parseRoleArn } from '../../core/role-arn.ts'
import { parseServiceAccount } from '../../core/service-account.ts'
import { checkPodName } from '../../core/workload.ts'
import { readClaims } from '../../core/token-claims.ts'
import type { World } from '../../ports/world.ts'
import { nameIssuer, type NamedIssuer } from '../issuer-at-hand.ts'
import { loadConfig } from '../load-config.ts'
import { readTokenAt } from '../token-at-hand.ts'
import { checkCluster } from './see-cluster.ts'
import type { Given } from './walk.ts'

/** The flags of `irsa verify` that say what to look at. */
export interface VerifyFlags {
  readonly issuer?: string
  readonly token?: string
  readonly roleArn?: string
  readonly serviceAccount?: string
  readonly pod?: string
  readonly audience?: string
  readonly sign?: true
  readonly signingKey?: string
  /** False with `--no-cluster`. */
  readonly cluster: boolean
  /** False with `--no-aws`. */
  readonly aws: boolean
}

/** Reads and checks all flags before anything is asked of anybody. @throws Problem, exit 2 mostly */
export async function givenBy(world: World, flags: VerifyFlags): Promise<Given> {
  checkTogether(flags)
  if (flags.audience !== undefined) checkAudience(flags.audience)
  if (flags.pod !== undefined) checkPodName(flags.pod)
  const role = flags.roleArn === undefined ? undefined : parseRoleArn(flags.roleArn)
  const serviceAccount =
    flags.serviceAccount === undefined ? undefined : parseServiceAccount(flags.serviceAccount)
  const token = flags.token === undefined ? undefined : await readTokenAt(world, flags.token)
  const { issuer, file } = await issuerFor(world, flags.issuer, token)
  const given = { issuer, file, role, serviceAccount, token, pod: flags.pod }
  const asksCluster = flags.cluster && !signs(flags)
  // Without it nothing can be said of a workload, which was asked about by name.
  if (serviceAccount !== undefined && asksCluster) await checkCluster(world)
  return {
    ...given,
    tokenFile: flags.token === '-' ? undefined : flags.token,
    audience: flags.audience,
    signingKey: flags.signingKey,
    signer: signs(flags) ? await readSigner(world, given, flags.signingKey) : undefined,
    asksAws: flags.aws,
    asksCluster,
  }
}

const signs = ({ sign, signingKey }: VerifyFlags): boolean =>
  sign === true || signingKey !== undefined

function checkTogether(flags: VerifyFlags): void {
  const { token, serviceAccount, pod, cluster } = flags
  if (token !== undefined && signs(flags))
    throw flagsConflict('--token', '--sign', 'The one brings a token, the other makes one.')
  if (pod !== undefined && serviceAccount === undefined) {
    throw flagMissing('--service-account', 'It says in which namespace the pod of --pod is.')
  }
  if (pod !== undefined && signs(flags))
    throw flagsConflict('--pod', '--sign', 'A token that is signed here is bound to no pod.')
  if (pod !== undefined && !cluster)
    throw flagsConflict('--pod', '--no-cluster', 'Only the cluster knows the pod.')
}

/** The issuer of the flag, of irsa.yaml, else the one that the token names. @throws Problem `usage/flag-missing` */
async function issuerFor(
  world: World,
  flag: string | undefined,
  token: string | undefined,
): Promise<NamedIssuer> {
  if (flag !== undefined || token === undefined) return nameIssuer(world, flag)
  const file = await loadConfig(world)
  return nameIssuer(world, file === undefined ? readClaims(token)?.issuer : undefined)
}

/** The private key of `--sign`: the one named, that of irsa.yaml, else the usual file. */
async function readSigner(
  { files, cwd }: Pick<World, 'files' | 'cwd'>,
  { file }: Pick<Given, 'file'>,
  named: string | undefined,
): Promise<PrivateKey> {
  const entry = file?.config.keys.findLast((key) => key.private !== undefined)?.private
  const shown = named ?? entry ?? USUAL_KEY_PAIR.private
  const folder = named === undefined && file !== undefined ? file.folder : cwd
  const text = await readSecret(files, resolve(folder, shown), shown)
  if (text === undefined) throw fileMissing(shown, 'The private key to sign with')
  return readPrivateKey(text.toString('latin1'), shown)
}

/** What is no private key may be read by everybody, and is to be told what it is. */
async function readSecret(
  files: World['files'],
  path: string,
  shown: string,
): Promise<Buffer | undefined> {
  try {
    return await files.readSecret(path)
  } catch (error) {
    const isOpen = error instanceof Problem && error.code === 'signer/readable-by-others'
    const text = isOpen ? await files.read(path) : undefined
    if (text !== undefined) await readPrivateKey(text.toString('latin1'), shown)
    throw error
  }
}
