import type { RoleArn } from '../core/role-arn.ts'
import { shownServiceAccount, type ServiceAccount } from '../core/service-account.ts'
import { shellWord } from '../core/shell.ts'
import { identityOf, TEST_IMAGE, testJobName, testObjectKey } from '../core/test-job.ts'
import {
  type EnvironmentVariable,
  regionEnvironment,
  TOKEN_MOUNT,
  tokenVolume,
  variable,
  type WebIdentity,
  webIdentityEnvironment,
} from '../core/web-identity.ts'
import type { Entry, Fill } from '../core/yaml-page.ts'
import type { NextCommand, World } from '../ports/world.ts'
import { manifestStream } from './manifests.ts'
import { type Printed, shownCommands } from './printed.ts'
import { fillTemplate } from './yaml-template.ts'

/** What goes into the job. */
interface TestJob {
  readonly serviceAccount: ServiceAccount
  readonly role: RoleArn
  /** Where it writes an object, if anywhere. */
  readonly bucket: string | undefined
  readonly image: string | undefined
  readonly identity: WebIdentity
  readonly endpoint: readonly EnvironmentVariable[]
  /** Whether the webhook gives the pod its token. */
  readonly webhook: boolean
}

const POD_SPEC = ['spec', 'template', 'spec']
const CONTAINER = [...POD_SPEC, 'containers', 0]

/** The job, and the commands that tell whether it has passed. */
export function testJob(template: World['template'], job: TestJob): Printed {
  const { namespace, name: account } = job.serviceAccount
  const name = testJobName(job.serviceAccount)
  const labels = { 'app.kubernetes.io/name': 'irsa-test', 'app.kubernetes.io/managed-by': 'irsa' }
  const next = successTest(job, name)
  const document = fillTemplate(template('workload/test-job.yaml'), {
    notes: notesOf(job, next),
    set: [
      { at: ['metadata'], value: { name, namespace, labels } },
      { at: [...POD_SPEC, 'serviceAccountName'], value: account },
      { at: [...CONTAINER, 'image'], value: job.image ?? TEST_IMAGE },
    ],
    fills: [
      { at: [...CONTAINER, 'env'], entries: environmentOf(job) },
      ...(job.webhook ? [] : tokenFills(job.identity)),
    ],
  })
  return { manifests: manifestStream([document]), next }
}

function environmentOf(job: TestJob): Entry[] {
  const { role, identity, webhook } = job
  const region = regionEnvironment(identity.region).map(asEntry)
  return [
    {
      value: variable('WANTED_IDENTITY', identityOf(role)),
      why: "How the ARN of the role's sessions begins at STS.",
    },
    ...objectEnvironment(job),
    ...(webhook ? region : whole('What the webhook would set.', webIdentityEnvironment(identity))),
    ...job.endpoint.map(asEntry),
  ]
}

function objectEnvironment({ bucket, serviceAccount }: TestJob): Entry[] {
  if (bucket === undefined) return []
  const place = [variable('BUCKET', bucket), variable('KEY', testObjectKey(serviceAccount))]
  return whole('The object that it writes.', place)
}

const asEntry = (value: EnvironmentVariable): Entry => ({ value })

/** Several variables under one comment. */
const whole = (why: string, [first, ...rest]: readonly EnvironmentVariable[]): Entry[] => [
  ...(first === undefined ? [] : [{ value: first, why }]),
  ...rest.map(asEntry),
]

const tokenFills = (identity: WebIdentity): Fill[] => [
  { at: [...CONTAINER, 'volumeMounts'], entries: [{ value: TOKEN_MOUNT }] },
  {
    at: [...POD_SPEC, 'volumes'],
    entries: [
      {
        value: tokenVolume(identity),
        why: "The token for STS. It has the name of the webhook's volume, so that a webhook which comes later leaves it alone.",
      },
    ],
  },
]

/** Says for itself whether the role works; shown in the manifest, and on stderr. */
function successTest({ serviceAccount, bucket }: TestJob, job: string): NextCommand[] {
  const kubectl = `kubectl -n ${serviceAccount.namespace}`
  return [
    {
      command: `${kubectl} wait --for=condition=complete job/${job} --timeout=2m`,
      why: 'ends well only if the role works',
    },
    {
      command: `${kubectl} logs job/${job}`,
      why: 'what it found; kubectl describe if it has no log',
    },
    ...(bucket === undefined
      ? []
      : [
          {
            command: `aws s3 cp s3://${bucket}/${testObjectKey(serviceAccount)} -`,
            why: 'what it wrote, read with your own credentials',
          },
        ]),
  ]
}

function notesOf(
  { serviceAccount, role, webhook }: TestJob,
  next: readonly NextCommand[],
): string[] {
  const { namespace, name } = serviceAccount
  return [
    ...(webhook
      ? [
          'The service account has to be there first, with the role in its annotation:',
          `  irsa print-service-account ${shownServiceAccount(serviceAccount)} --role-arn ${shellWord(role.arn)} | kubectl apply -f -`,
        ]
      : [
          'The service account has to be there first; it needs no annotation:',
          `  kubectl -n ${namespace} create serviceaccount ${name}`,
        ]),
    'Run it, the first time or again; after kubectl apply, the success of an earlier run could be taken for that of the next one:',
    '  kubectl replace --force -f FILE',
    ...shownCommands(next),
  ]
}
