import { type ExitCode, Problem } from './problem.ts'

const problem = (
  code: string,
  exit: Exclude<ExitCode, 0>,
  text: { what: string; why: string; fix: string; cause?: unknown },
): Problem => new Problem({ code: `cluster/${code}`, exit, ...text })

/** What is on disk by then is never lost, and the reader should know. */
const THEN_APPLY = 'Then run irsa apply; it goes on where this run stopped.'

/** Before the command, which is there to be copied. */
const LET_READ =
  'Let everybody read issuer and public keys, and nothing else, then run irsa apply, which goes on where this run stopped'

/** A running cluster gets there in stages, a new one at once. */
const CONFIGURE =
  'Give every API server what irsa print-apiserver-flags prints; for a cluster that is running already, with --previous-issuer and in its stages.'

export const clusterIssuerHasPath = (issuer: string, root: string): Problem =>
  problem('issuer-has-path', 2, {
    what: `The issuer "${issuer}" has a path, and the API server is to serve it.`,
    why: 'kube-apiserver serves the discovery document at /.well-known/openid-configuration of its root and nowhere else, while STS looks below the path.',
    fix: `Pass the URL of the API server alone: --issuer ${root}`,
  })

/**
 * @param addresses each with what it is, such as `10.0.0.1 (private)`
 */
export const clusterAddressPrivate = (issuer: string, addresses: readonly string[]): Problem =>
  problem('private-address', 1, {
    what: `${issuer} cannot be reached from the internet: its host is at ${addresses.join(', ')}.`,
    why: 'STS connects to the issuer from the internet, for every role that a pod assumes. Without an answer it refuses every token.',
    fix: 'Give the API server a public address, or keep it private and let a bucket serve the documents: irsa init --host s3. If the internet is told another address than this machine, let IAM itself try to connect: --thumbprint none.',
  })

export const clusterNotServedYet = (issuer: string, reason: string, cause?: unknown): Problem =>
  problem('not-served-yet', 1, {
    what: `The API server does not serve the issuer ${issuer} yet.`,
    why: `${reason} IAM is told to trust it once it answers; the keys and irsa.yaml are kept.`,
    fix: `${CONFIGURE} ${THEN_APPLY}`,
    cause,
  })

export const clusterAnonymousRefused = (
  url: string,
  status: 401 | 403,
  bindingCommand: string,
): Problem =>
  problem('anonymous-refused', 1, {
    what: `${url} answered ${status} to a request without credentials.`,
    why:
      status === 401
        ? 'The API server takes no anonymous requests, and STS makes no others. k3s, RKE2, Talos and hardened set-ups start it with anonymous-auth=false.'
        : 'The API server lets nobody but service accounts read its discovery until a ClusterRoleBinding says otherwise, and STS reads it without credentials.',
    fix:
      status === 401
        ? `Set anonymous-auth=true for every API server, or let its AuthenticationConfiguration allow anonymous requests for the two paths. ${LET_READ}: ${bindingCommand}`
        : `${LET_READ}: ${bindingCommand}`,
  })

export const clusterOtherIssuer = (
  url: string,
  served: string | undefined,
  issuer: string,
): Problem =>
  problem('other-issuer', 1, {
    what: `${url} speaks for ${served === undefined ? 'no issuer' : `"${served}"`}, not for "${issuer}".`,
    why: 'kube-apiserver writes the first issuer that it is given into tokens and discovery. STS compares byte for byte, and would refuse every token.',
    fix: `${CONFIGURE} ${THEN_APPLY}`,
  })

export const clusterOtherKeySet = (
  url: string,
  served: string | undefined,
  wanted: string,
): Problem =>
  problem('other-key-set', 1, {
    what: `${url} names ${served === undefined ? 'no jwks_uri' : `the jwks_uri "${served}"`} instead of "${wanted}".`,
    why: 'STS fetches the keys from there. Unless it is told, kube-apiserver names the address that it advertises inside of the cluster.',
    fix: `Set service-account-jwks-uri=${wanted} for every API server; irsa print-apiserver-flags prints it with the rest. ${THEN_APPLY}`,
  })

/** @param missing each `kid (file)` */
export const clusterKeyMissing = (url: string, missing: readonly string[]): Problem =>
  problem('key-missing', 1, {
    what: `${url} lacks ${missing.length === 1 ? 'a key' : 'keys'} of irsa.yaml: ${missing.join(', ')}.`,
    why: 'The API server publishes the keys of its --service-account-key-file and no others, and STS refuses tokens that are signed with any other. It reads them when it starts.',
    fix: `Name ${missing.length === 1 ? 'that file' : 'those files'} with --service-account-key-file, as irsa print-apiserver-flags prints it, and restart every API server. ${THEN_APPLY}`,
  })

export const clusterCaUnknown = (issuer: string, reason: string, cause: unknown): Problem =>
  problem('ca-unknown', 1, {
    what: `The certificate of ${issuer} is of no public CA, and the cluster did not say which one it has.`,
    why: `${reason} Without the CA, a proxy in between could not be told from the API server, and its thumbprint would be useless to IAM.`,
    fix: "Let kubectl reach the cluster, or name the file with the cluster's CA, such as /etc/kubernetes/pki/ca.crt, in NODE_EXTRA_CA_CERTS.",
    cause,
  })

export const clusterCaUnreadable = (reason: string, cause?: unknown): Problem =>
  problem('ca-unreadable', 1, {
    what: `The CA that the cluster names cannot be read: ${reason}.`,
    why: 'It is kept in the ConfigMap kube-root-ca.crt, and in the kubeconfig of kubectl as certificate-authority-data.',
    fix: "Name the file with the cluster's CA, such as /etc/kubernetes/pki/ca.crt, in NODE_EXTRA_CA_CERTS.",
    cause,
  })

export const clusterOtherCa = (issuer: string, presented: string, reason: string): Problem =>
  problem('other-ca', 1, {
    what: `The certificate that ${issuer} presents does not verify with the cluster's own CA: ${presented}.`,
    why: `${reason}. A proxy or load balancer in between may present a certificate of its own, or the current context of kubectl is another cluster.`,
    fix: 'Check the context with: kubectl config current-context. If another CA signs for this host, name the file with its root in NODE_EXTRA_CA_CERTS, or pass the thumbprint that you know with --thumbprint HEX.',
  })

export const clusterPublishesItself = (file: string): Problem =>
  problem('publishes-itself', 2, {
    what: `There is nothing to publish: by ${file} the API server itself serves the documents.`,
    why: 'It publishes the keys of its --service-account-key-file when it starts.',
    fix: 'Give every API server what irsa print-apiserver-flags prints, then let irsa apply see that the keys are there. To publish elsewhere, pass --bucket or --directory.',
  })
