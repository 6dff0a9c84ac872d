import { Problem } from './problem.ts'

const refused = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `apiserver/${code}`, what, why, fix, exit: 2 })

export const managedControlPlane = (name: string): Problem =>
  refused(
    'managed-control-plane',
    `This cluster is ${name}, whose API server takes no flags from you.`,
    'Its issuer and keys are run by the cloud that runs the control plane.',
    'Use what it offers itself; on Amazon EKS that is IAM Roles for Service Accounts, already there. To publish the keys it signs with elsewhere: irsa init --jwks-from-cluster.',
  )

export const platformNotRecognised = (version: string): Problem =>
  refused(
    'platform-not-recognised',
    'It is not clear how this cluster is run.',
    `It is Kubernetes ${version}, and neither its version nor its nodes nor kube-system show a sign of a distribution that irsa knows.`,
    'Name it with --for; --for flags prints plain kube-apiserver flags, --for systemd and --for static-pod what their names say.',
  )

/** @param before an issuer, or words for the key, that still signs */
export const stageTooEarly = (before: string): Problem =>
  refused(
    'stage-too-early',
    `The cluster still signs with ${before}.`,
    'The last stage drops what was there before, and tokens that the cluster issues now would be refused.',
    'Run --stage accept and --stage sign first, roll them out on every control-plane node, and wait until pods have renewed their tokens.',
  )

export const previousIssuerUnseen = (issuer: string): Problem =>
  refused(
    'previous-issuer-unseen',
    `The cluster signs for ${issuer} already, and does not show which other issuers it accepts.`,
    'Its API server is no pod whose flags could be read, and without the previous issuer every token from before would be refused.',
    'Name it with --previous-issuer, together with each --previous-key-file and --api-audience in use: then nothing is read. Where the new issuer has signed everywhere for a day, use --stage finish.',
  )

export const previousKeyUnseen = (platform: string): Problem =>
  refused(
    'previous-key-unseen',
    'The cluster verifies tokens with more keys than files are known.',
    `${platform} does not show where they are, since its flags could not be read. Without them, every token that they signed would be refused.`,
    'Name every one of their files on the nodes with --previous-key-file, together with each --previous-issuer and --api-audience in use: then nothing is read.',
  )

export const signerUnseen = (): Problem =>
  refused(
    'signer-unseen',
    'The cluster does not show which key signs now.',
    'Its flags could not be read, and no token was to be had. Switching the signer by accident would make tokens that STS refuses.',
    'Name it with --previous-signing-key-file, together with each --previous-issuer, --previous-key-file and --api-audience in use, or use credentials that may request a token for default/default.',
  )

export const externalSigner = (): Problem =>
  refused(
    'external-signer',
    'An external program signs the tokens of this cluster.',
    'kube-apiserver runs with --service-account-signing-endpoint, which excludes key files, so their flags would keep it from starting.',
    'Keep its keys, and publish their public halves: irsa init --jwks-from-cluster. Change the issuer with --service-account-issuer alone, where the API server is configured.',
  )
