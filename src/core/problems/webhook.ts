import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

const refused = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `webhook/${code}`, what, why, fix, exit: 2 })

export const webhookNameInvalid = (name: string): Problem =>
  refused(
    'name-invalid',
    `"${name}" does not fit as the name of the webhook.`,
    'It names a Service, so it has at most 63 lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit.',
    'Leave --name out for the usual pod-identity-webhook, or choose another one.',
  )

export const webhookNamespaceInvalid = (namespace: string): Problem =>
  refused(
    'namespace-invalid',
    `"${namespace}" does not fit as the name of a namespace.`,
    'Kubernetes takes at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.',
    'Leave --namespace out for one of its own, pod-identity-webhook, or choose another one.',
  )

export const secretNameInvalid = (name: string): Problem =>
  refused(
    'secret-name-invalid',
    `"${name}" does not fit as the name of a Secret.`,
    'Kubernetes takes at most 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends.',
    'Pass it with --secret-name as kubectl shows it.',
  )

export const imageInvalid = (image: string): Problem =>
  refused(
    'image-invalid',
    `"${image}" does not name a container image.`,
    'It is [HOST/]REPOSITORY[:TAG][@sha256:DIGEST]: the repository in lower-case letters, the digest in 64 hexadecimal digits.',
    'Leave --image out for the image of AWS, or write it as in registry.example.com/pod-identity-webhook:v0.6.17.',
  )

export const imageDigestInvalid = (digest: string): Problem =>
  refused(
    'image-digest-invalid',
    `"${digest}" is not the digest of an image.`,
    'A registry names an image by SHA-256: the word sha256, a colon and 64 hexadecimal digits in lower case.',
    'Pass it as the registry shows it, with its 64 digits: --image-digest sha256:….',
  )

const HOW_TO_FETCH =
  'kubectl get mutatingwebhookconfiguration pod-identity-webhook -o yaml > old.yaml'

/** @param source the file, or the command that was asked */
export const bundleEmpty = (source: string): Problem =>
  refused(
    'bundle-empty',
    `There is no certificate in ${source}.`,
    'The authorities that the API server trusts until now are expected: certificates in PEM form, their base64 as in caBundle, or a MutatingWebhookConfiguration that has them.',
    `Pass what this command writes with --ca-bundle old.yaml: ${HOW_TO_FETCH}`,
  )

export const bundleDamaged = (source: string, number: number, damage: string): Problem =>
  refused(
    'bundle-damaged',
    `Certificate ${number} in ${source} cannot be read: ${damage}.`,
    'The API server refuses a caBundle with a damaged certificate, and the webhook with it.',
    `Copy it again from where it came from, whole lines and without indentation, or pass what this command writes with --ca-bundle old.yaml: ${HOW_TO_FETCH}`,
  )

export const bundleNotCertificate = (source: string, number: number, label: string): Problem =>
  refused(
    'bundle-not-a-certificate',
    `Block ${number} in ${source} is "${label}", and only certificates belong there.`,
    'A caBundle is public: everybody who may read the webhook configuration sees it.',
    'Leave in the file that --ca-bundle names only blocks "CERTIFICATE".',
  )

export const bundleNotAuthority = (source: string, subject: string): Problem =>
  refused(
    'bundle-not-an-authority',
    `The certificate "${subject}" in ${source} is not one of an authority.`,
    'It cannot sign other certificates, so nothing would verify with it. The serving certificate stands in tls.crt of the Secret; the authority that signed it is in caBundle.',
    `Pass the authority, which this command writes, with --ca-bundle old.yaml: ${HOW_TO_FETCH}`,
  )

export const authorityExpired = (source: string, subject: string, since: string): Problem =>
  refused(
    'authority-expired',
    `The certificate "${subject}" in ${source} expired on ${since}.`,
    'A renewal keeps the old authority so that requests verify until every replica has the new certificate. An expired one verifies nothing: there is nothing to keep.',
    'Remove it from the file if others are in there. If it was the only one, the webhook is refused already: run irsa print-webhook without --renew and --ca-bundle, and apply all of it.',
  )

export const notWebhookConfiguration = (source: string, what: string): Problem =>
  refused(
    'not-a-configuration',
    `There is no webhook configuration in ${source}: ${what}.`,
    'What is neither a certificate nor its base64 is read as a MutatingWebhookConfiguration of admissionregistration.k8s.io/v1, in YAML or JSON, that calls a Service.',
    `Pass what this command writes with --ca-bundle old.yaml: ${HOW_TO_FETCH}`,
  )

export const otherService = (source: string, theirs: string, ours: string): Problem =>
  refused(
    'other-service',
    `The webhook configuration in ${source} calls ${theirs}, and the flags say ${ours}.`,
    'A renewal replaces the certificate of the Service that is called; one for another name would be refused.',
    'Leave --namespace out, or name the configuration that is meant with --name.',
  )

/** @param secret as the annotation of the configuration says */
export const otherSecret = (
  source: string,
  { name, secret }: { readonly name: string; readonly secret: string },
  ours: string,
): Problem =>
  refused(
    'other-secret',
    `The pods mount the Secret ${secret}, as its annotation irsa/secret in ${source} says, and the flags say ${ours}.`,
    'A renewed certificate in another Secret is in no pod, and the one in the pods expires.',
    `Leave --secret-name out. If the pods do mount ${ours} by now, put the annotation right with: kubectl edit mutatingwebhookconfiguration ${shellWord(name)}`,
  )

/** @param call the whole command, as a person would type it */
export const notInstalled = (name: string, call: string): Problem =>
  new Problem({
    code: 'webhook/not-installed',
    what: `The cluster has no webhook configuration named ${name}.`,
    why: `A renewal changes an installation that is there, and this found none: ${call}`,
    fix: 'Pass its name with --name; kubectl get mutatingwebhookconfigurations shows all of them. If there is none yet, run irsa print-webhook without --renew; if there should be one, check the context with: kubectl config current-context',
    exit: 1,
  })

/** @param annotation by which cert-manager is told, with its value */
export const renewedElsewhere = (name: string, annotation: string): Problem =>
  refused(
    'renewed-by-cert-manager',
    `The caBundle of ${name} is kept by cert-manager (${annotation}).`,
    'cert-manager renews what it issued by itself, and would overwrite a caBundle that is put in by hand.',
    `Look at it with: kubectl get certificate -A. To leave cert-manager, apply what irsa print-webhook prints without --renew.`,
  )

export const manifestFilesDiffer = (files: readonly string[]): Problem =>
  refused(
    'files-differ',
    `${files.join(', ')} ${files.length === 1 ? 'is' : 'are'} there already, with another content.`,
    'They may hold changes of yours, and every run makes a new certificate, so nothing was overwritten.',
    'Name another --out-dir, or remove the files that are no longer needed. With --renew, the certificate and the webhook configuration are replaced.',
  )
