import { USUAL_KEY_PAIR } from '../core/key-file.ts'
import { resolve } from 'node:path'
import { shownServiceAccount, type ServiceAccount } from '../core/service-account.ts'
import type { NextCommand, World } from '../ports/world.ts'
import type { Applied } from '../workflows/applied.ts'
import type { GeneratedKeyPair } from '../workflows/generate-key-pair.ts'
import { shellWord } from '../core/shell.ts'
import { optionsAsGiven } from '../workflows/given-options.ts'

type NextWorld = Pick<World, 'cwd' | 'files' | 'options'>

/** What to type after a walk, whole: it can be typed as it stands. */
export async function afterWalk(
  { providerArn, issuer, keys, changes }: Applied,
  world: NextWorld,
): Promise<NextCommand[]> {
  const config = optionsAsGiven(world, ['config'])
  const account = optionsAsGiven(world, ['config', 'profile', 'endpointUrl'])
  if (providerArn === null) {
    if (await hasConfig(world)) {
      return [{ command: `irsa plan${account}`, why: 'what is still to do' }]
    }
    const where = optionsAsGiven(world, ['region', 'profile', 'endpointUrl'])
    const command = `irsa create-provider --issuer ${shellWord(issuer)}${where}`
    return [{ command, why: 'let IAM trust it' }]
  }
  if (keys.length === 0) return []
  const drift = {
    command: `irsa plan --exit-code${account}`,
    why: 'for a nightly job: ends with 3 on drift',
  }
  // Without documents of ours, the API server serves its own, and was seen to have the right keys.
  if (changes.every(({ resource }) => resource !== 'object')) return [drift]
  return [
    {
      command: `irsa print-apiserver-flags --for kubeadm${config}`,
      why: 'what the API server needs; --for auto asks a running cluster',
    },
    {
      command: `irsa print-webhook${config} | kubectl apply -f -`,
      why: 'what hands pods their tokens, once it does',
    },
    drift,
  ]
}

/** What to type once a key pair is there. */
export async function afterKeyPair(
  { publicKeyFile }: GeneratedKeyPair,
  world: NextWorld,
): Promise<NextCommand[]> {
  const given = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  const key = `--public-key ${shellWord(publicKeyFile)}`
  if (await hasConfig(world)) {
    return [{ command: `irsa publish-jwks ${key}${given}`, why: 'add it to what is published' }]
  }
  // Where init would make a pair itself, it finds this one.
  const usual = publicKeyFile === USUAL_KEY_PAIR.public && world.options.config === 'irsa.yaml'
  return [
    {
      command: `irsa init${usual ? '' : ` ${key}`}${given}`,
      why: 'the documents, the bucket and the provider for it',
    },
  ]
}

/** What to type once a service account is there. */
export function afterServiceAccount(
  serviceAccount: ServiceAccount,
  roleArn: string | undefined,
  world: NextWorld,
): NextCommand[] {
  const role = roleArn === undefined ? '' : ` --role-arn ${shellWord(roleArn)}`
  const given = optionsAsGiven(world, ['config', 'region'])
  const job = `irsa print-test-job ${shownServiceAccount(serviceAccount)}${role}${given}`
  return [
    { command: `${job} | kubectl replace --force -f -`, why: 'a job that proves it, once applied' },
  ]
}

const hasConfig = async ({ cwd, files, options }: NextWorld): Promise<boolean> =>
  (await files.read(resolve(cwd, options.config))) !== undefined
