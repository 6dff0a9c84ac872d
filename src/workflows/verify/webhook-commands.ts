import { shownServiceAccount, type ServiceAccount } from '../../core/service-account.ts'
import { shellWord } from '../../core/shell.ts'
import type { AccountCommands } from '../../core/verify/workload-account.ts'
import type { WebhookBackend, WebhookCommands } from '../../core/verify/webhook-case.ts'
import type { WebhookConfiguration } from '../../core/verify/webhook-configuration.ts'
import { isExpired, readAuthorities } from '../../core/webhook/authorities.ts'
import { SECRET_ANNOTATION } from '../../core/webhook/configuration.ts'
import { DEFAULT_IMAGE } from '../../core/webhook/image.ts'
import { DEFAULT_NAME, renewalCommand, usualSecret } from '../../core/webhook/settings.ts'
import { Problem } from '../../core/problems/problem.ts'
import { optionsAsGiven } from '../given-options.ts'
import type { WebhookSeen } from './see-webhook.ts'
import type { Walk } from './walk.ts'

const APPLY = ' | kubectl apply -f -'

/** What installs or mends the webhook, with the names that this cluster has. */
export function webhookCommands(
  { world }: Walk,
  { configuration, backend }: WebhookSeen,
): WebhookCommands {
  if (configuration === undefined) {
    const given = optionsAsGiven(world, ['config', 'region'])
    return { install: `irsa print-webhook${given}${APPLY}`, renew: undefined }
  }
  const given = optionsAsGiven(world, ['config'])
  const { service } = configuration.entries[0]
  // Another tool's has names of its own, and a second one would be installed beside it.
  const isOurs = service !== undefined && configuration.annotations[SECRET_ANNOTATION] !== undefined
  const install = isOurs
    ? `irsa print-webhook${flags(configuration, service, backend)}${given}${APPLY}`
    : undefined
  return { install, renew: renewal(world.clock.now(), configuration, backend) ?? install }
}

type Service = WebhookBackend['service']

/** The flags by which the same installation is printed again. */
function flags(
  { entries: [entry], annotations }: WebhookConfiguration,
  { name, namespace }: Service,
  backend: WebhookBackend | undefined,
): string {
  const { args = [], replicas = 2, image = DEFAULT_IMAGE } = backend?.deployment ?? {}
  const value = (flag: string): string | undefined =>
    args.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3)
  const secret = annotations[SECRET_ANNOTATION] ?? usualSecret(name)
  const region = value('aws-default-region')
  const audience = value('token-audience')
  const words = [
    ...(name === DEFAULT_NAME ? [] : ['--name', name]),
    ...(namespace === DEFAULT_NAME ? [] : ['--namespace', namespace]),
    ...(secret === usualSecret(name) ? [] : ['--secret-name', secret]),
    ...(image === DEFAULT_IMAGE ? [] : ['--image', image]),
    ...(audience === undefined ? [] : ['--audience', audience]),
    ...(region === undefined ? [] : ['--region', region]),
    ...(entry.failurePolicy === 'Fail' ? ['--failure-policy', 'Fail'] : []),
    ...(value('watch-config-map') === 'true' ? ['--watch-config-map'] : []),
    ...(replicas === 2 ? [] : ['--replicas', String(replicas)]),
  ]
  return words.map((word) => ` ${shellWord(word)}`).join('')
}

/** Undefined where nothing that is trusted now would outlive it: then all of it is made anew. */
function renewal(
  now: Date,
  { name: configuration, annotations, entries: [{ service, bundle = '' }] }: WebhookConfiguration,
  backend: WebhookBackend | undefined,
): string | undefined {
  if (service === undefined) return undefined
  const secretName = backend?.secret ?? usualSecret(service.name)
  const injected = Object.keys(annotations).some((key) => key.startsWith('cert-manager.io/inject-'))
  if (injected) {
    // cert-manager makes what is missing (its pkg/controller/certificates/trigger).
    return `kubectl -n ${shellWord(service.namespace)} delete secret ${shellWord(secretName)}`
  }
  const lasting = authoritiesOf(bundle).some((authority) => !isExpired(authority, now))
  return lasting ? renewalCommand({ ...service, secretName }, configuration) : undefined
}

function authoritiesOf(bundle: string) {
  try {
    return readAuthorities(bundle, 'caBundle')
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}

/** What gives a service account its role, with the options of this run. */
export function accountCommands(
  { world, given }: Walk,
  serviceAccount: ServiceAccount,
): AccountCommands {
  const shown = shellWord(shownServiceAccount(serviceAccount))
  const account = optionsAsGiven(world, ['config', 'profile', 'endpointUrl'])
  const about = given.file === undefined ? ` --issuer ${shellWord(given.issuer)}` : ''
  return {
    printAccount: (roleArn) =>
      `irsa print-service-account ${shown} --role-arn ${shellWord(roleArn)}${optionsAsGiven(world, ['config'])}${APPLY}`,
    createRole: `irsa create-role ${shown}${about}${account}${APPLY}`,
  }
}
