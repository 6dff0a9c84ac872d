import { shellWord } from '../shell.ts'
import { type Finding, type Remedy, remedy } from './finding.ts'
import {
  isProved,
  isUnmoved,
  policyWords,
  type WebhookBackend,
  type WebhookCase,
} from './webhook-case.ts'

/** Whether the API server gets through to the webhook. */
export function reachFindings(it: WebhookCase): readonly Finding[] {
  if (isProved(it)) return []
  const refusal = refusedByWebhook(it)
  if (refusal !== undefined) return [refusal]
  const { backend } = it
  if (backend === undefined) return it.reach?.kind === 'fails' ? unreached(it, it.reach) : []
  if (!backend.exists) return [noService(it, backend)]
  return backend.readyEndpoints > 0 ? [] : [noEndpoints(it, backend)]
}

/** With failurePolicy Fail the API server says what went wrong; the name of the webhook is in it. */
function refusedByWebhook({ dryRun, configuration, commands }: WebhookCase): Finding | undefined {
  if (dryRun?.kind !== 'refused') return undefined
  const { said } = dryRun
  const ours = configuration.entries.some(({ name }) =>
    said.includes(`failed calling webhook "${name}"`),
  )
  if (!ours) return undefined
  const tls = /x509:|tls:/.test(said)
  return {
    id: tls ? 'webhook/certificate-refused' : 'webhook/down',
    severity: 'high',
    summary: 'The API server does not get an answer from the webhook',
    why: `${said}${policyWords(configuration)}`,
    ...(tls ? remedy('Renew its certificate', commands.renew) : installing(commands.install)),
  }
}

const installing = (command: string | undefined): Remedy =>
  command === undefined
    ? { fix: 'See to it that its pods run, with what installed the webhook.' }
    : { fix: 'Install it again', command }

/** From here is not from the API server, unless a pod that was asked for says the same. */
function unreached(
  it: WebhookCase,
  { why, tls }: { readonly why: string; readonly tls: boolean },
): readonly Finding[] {
  const { configuration, commands } = it
  return [
    {
      id: tls ? 'webhook/certificate-refused' : 'webhook/down',
      severity: tls || isUnmoved(it) ? 'high' : 'low',
      summary: `${configuration.entries[0].url} does not answer`,
      why: `${why}${policyWords(configuration)}`,
      ...(tls && commands.renew !== undefined
        ? { fix: 'Renew its certificate', command: commands.renew }
        : { fix: 'See to it that it runs, and is reached from the control plane.' }),
    },
  ]
}

const noService = ({ configuration, commands }: WebhookCase, backend: WebhookBackend): Finding => ({
  id: 'webhook/down',
  severity: 'high',
  summary: `The webhook configuration ${configuration.name} calls the Service ${shown(backend)}, which is not there`,
  why: `Nobody answers the API server.${policyWords(configuration)}`,
  ...(commands.install === undefined
    ? { fix: 'Install the webhook again with what installed it.' }
    : { fix: 'Install it again', command: commands.install }),
})

function noEndpoints({ configuration, commands }: WebhookCase, backend: WebhookBackend): Finding {
  const { deployment } = backend
  const why = `${
    deployment === undefined
      ? 'No Deployment makes pods for it.'
      : `The Deployment ${deployment.name} is to have ${deployment.replicas} replicas.`
  } Nobody answers the API server.${policyWords(configuration)}`
  return {
    id: 'webhook/down',
    severity: 'high',
    summary: `None of the pods behind ${shown(backend)} is ready`,
    why,
    ...upAgain(backend, commands.install),
  }
}

const shown = ({ service: { namespace, name } }: WebhookBackend): string => `${namespace}/${name}`

function upAgain(
  { deployment, service: { namespace } }: WebhookBackend,
  install: string | undefined,
): Pick<Finding, 'fix' | 'command'> {
  const kubectl = `kubectl -n ${shellWord(namespace)}`
  if (deployment === undefined) {
    return install === undefined
      ? { fix: 'Install the webhook again with what installed it.' }
      : { fix: 'Install it again', command: install }
  }
  const target = shellWord(`deployment/${deployment.name}`)
  return deployment.replicas === 0
    ? { fix: 'Let it run again', command: `${kubectl} scale ${target} --replicas=2` }
    : {
        fix: 'Look at its pods and at what they log; where they hang, a restart helps',
        command: `${kubectl} rollout restart ${target}`,
      }
}
