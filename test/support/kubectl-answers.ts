import type { KubectlAnswers } from './kubectl.ts'

/** A cluster with the webhook, seen through kubectl; what is in it, and the calls that tell it. */
export const NAME = 'pod-identity-webhook'
const LABELS = { app: NAME }

export const configuration = ({ secret = '', namespace = NAME, name = NAME } = {}) => ({
  metadata: { name: NAME, annotations: secret === '' ? {} : { 'irsa/secret': secret } },
  webhooks: [
    {
      name: 'pod-identity-webhook.amazonaws.com',
      admissionReviewVersions: ['v1beta1'],
      clientConfig: { service: { namespace, name } },
    },
  ],
})

export const behind = (secretName: string) => ({
  items: [
    { kind: 'Service', metadata: { name: NAME }, spec: { selector: LABELS } },
    {
      kind: 'Deployment',
      metadata: { name: NAME },
      spec: {
        template: {
          metadata: { labels: LABELS },
          spec: {
            containers: [{ volumeMounts: [{ name: 'certs', mountPath: '/etc/webhook/certs' }] }],
            volumes: [{ name: 'certs', secret: { secretName } }],
          },
        },
      },
    },
  ],
})

export const POD = { metadata: { name: 'checkout-1' }, spec: { containers: [{}] } }

export const CONFIGURATIONS = 'get mutatingwebhookconfigurations -o json'
export const BEHIND = `-n ${NAME} get services,endpointslices,deployments -o json`

/** For the service account shop/checkout. */
export const answersOf = (issuer: string): KubectlAnswers => ({
  'config current-context': 'prod-admin\n',
  'get --raw /version': { gitVersion: 'v1.36.2' },
  'get --raw /apis': { groups: [] },
  'get nodes -o json': { items: [] },
  '-n kube-system get configmap kubeadm-config -o json': { data: { ClusterConfiguration: '' } },
  'get --raw /.well-known/openid-configuration': { issuer },
  'get --raw /openid/v1/jwks': { keys: [] },
  '-n default create token default': 'no token',
  '-n kube-system get pods -l component=kube-apiserver -o json': { items: [] },
  '-n kube-system get pods -l k8s-app=kube-apiserver -o json': { items: [] },
  [CONFIGURATIONS]: { items: [configuration()] },
  [BEHIND]: behind('webhook-cert'),
  '-n shop get serviceaccount checkout --ignore-not-found -o json': { metadata: {} },
  '-n shop get pods --field-selector spec.serviceAccountName=checkout -o json': { items: [POD] },
  'get namespace shop --ignore-not-found -o json': { metadata: { labels: {} } },
})

const texts = () => ({
  kind: 'Service',
  metadata: 'x',
  spec: 'x',
  status: 'x',
  webhooks: 'x',
  data: 'x',
})

const HOLLOW_CONTAINERS = [null, 'x', { env: 'x', args: 7, command: [7], volumeMounts: [null] }]
const hollow = (kind: string) => {
  const spec = { containers: HOLLOW_CONTAINERS, volumes: [null, 'x'], initContainers: null }
  return {
    kind,
    metadata: { name: NAME, labels: null, annotations: { a: 7 }, ownerReferences: [null] },
    spec: { ...spec, template: { metadata: { labels: LABELS }, spec }, selector: null },
    status: { phase: 7, nodeInfo: null },
    endpoints: [null],
    data: { ClusterConfiguration: 7 },
    webhooks: [
      null,
      { name: null, namespaceSelector: 'x', objectSelector: { matchExpressions: 7 } },
      { name: 'x', namespaceSelector: { matchLabels: null, matchExpressions: [{ values: 7 }] } },
    ],
  }
}

/** What no API server answers, and whatever stands in for one may. */
export const ODD_ANSWERS: readonly (readonly [name: string, answer: unknown])[] = [
  ['an empty object', {}],
  ['null', null],
  ['a list', []],
  ['a text', 'x'],
  ['a number', 7],
  ['no items', { items: null }],
  ['items that are null', { items: [null] }],
  ['items that are empty', { items: [{}] }],
  ['texts for objects', { ...texts(), items: [texts(), 'x'], issuer: 7, keys: 'x', groups: 'x' }],
  [
    'nothing where lists are',
    {
      ...hollow('Pod'),
      items: [hollow('Deployment'), hollow('Service'), hollow('EndpointSlice')],
      keys: [null],
      groups: [null],
    },
  ],
]
