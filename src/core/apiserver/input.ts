import type { Issuer } from '../issuer.ts'
import {
  pathNotAbsolute,
  previousIssuerIsNew,
  stageWithoutPrevious,
  unusableValue,
} from '../problems/apiserver.ts'
import type { Stage } from './names.ts'
import type { RunningFacts } from './running-facts.ts'

/** One key of the issuer, named by its files on this machine. */
export interface KeyFile {
  readonly publicFrom: string
  /** Absent when the private half is not ours: the cluster made the key and keeps it. */
  readonly privateFrom?: string | undefined
  /** PKIX PEM; platforms that carry files in their configuration put it in. */
  readonly publicPem?: string | undefined
}

/** What a person asked for. Paths of `previous…` and `keyDir` are paths on the nodes. */
export interface ApiServerInput {
  readonly issuer: Issuer
  readonly keyFiles: readonly KeyFile[]
  /** By default the platform's. */
  readonly keyDir?: string | undefined
  /** As the cluster has them, first the one that signs now; kube-apiserver takes any text here. */
  readonly previousIssuers: readonly string[]
  /** By default the platform's own. */
  readonly previousKeyFiles: readonly string[]
  /** By default the platform's own. */
  readonly previousSigningKeyFile?: string | undefined
  readonly stage?: Stage | undefined
  readonly apiAudiences: readonly string[]
  /** What tokens for the Kubernetes API are made for now, where the cluster was asked. */
  readonly effectiveAudiences?: readonly string[] | undefined
  readonly kubernetesVersion?: string | undefined
  /** The version of the platform itself, where that has one of its own. */
  readonly platformVersion?: string | undefined
  /** Where kops is to publish by itself, as kops writes it: `s3://bucket/folder`. */
  readonly discoveryStore?: string | undefined
  /** The API server serves the documents itself, instead of a bucket or a web server. */
  readonly servesDocuments?: boolean | undefined
  /** PKIX PEM of every key that verifies tokens now, for platforms that take keys inline. */
  readonly previousPublicPems?: readonly string[] | undefined
  /** What else the cluster said, where it was asked. */
  readonly running?: RunningFacts | undefined
  /** The signer's private key, where it was asked for by name; else a placeholder is printed. */
  readonly privatePem?: string | undefined
}

/** Whether the input speaks of a cluster that has an issuer or a signer already. */
export const isRunning = (input: ApiServerInput): boolean =>
  input.previousIssuers.length + input.previousKeyFiles.length > 0 ||
  input.previousSigningKeyFile !== undefined ||
  input.running !== undefined

/**
 * Refuses what would keep kube-apiserver from starting, or what could not be written down.
 *
 * @throws Problem `apiserver/…`
 */
export function checkInput(input: ApiServerInput): void {
  if (input.stage !== undefined && !isRunning(input)) throw stageWithoutPrevious(input.stage)
  input.previousIssuers.forEach(checkPreviousIssuer)
  if (input.previousIssuers.includes(input.issuer)) throw previousIssuerIsNew(input.issuer)
  if (input.keyDir !== undefined) checkNodePath('--key-dir', input.keyDir)
  input.previousKeyFiles.forEach((path) => checkNodePath('--previous-key-file', path))
  if (input.previousSigningKeyFile !== undefined) {
    checkNodePath('--previous-signing-key-file', input.previousSigningKeyFile)
  }
  for (const { publicFrom, privateFrom } of input.keyFiles) {
    checkPrintable('--public-key', publicFrom)
    if (privateFrom !== undefined) checkPrintable('the private key file', privateFrom)
  }
}

/** kube-apiserver's own start-up rule (pkg/kubeapiserver/options/authentication.go). */
function checkPreviousIssuer(issuer: string): void {
  if (!isWord(issuer) || (issuer.includes(':') && !URL.canParse(issuer))) {
    throw unusableValue('--previous-issuer', issuer, 'a URL, or a text without colons and blanks')
  }
}

function checkNodePath(flag: string, path: string): void {
  if (!path.startsWith('/')) throw pathNotAbsolute(flag, path)
  checkPrintable(flag, path)
}

// A line break would end a comment or a line of the output and start another of its own.
function checkPrintable(flag: string, text: string): void {
  if (/\p{C}|[\u2028\u2029]/u.test(text)) {
    throw unusableValue(flag, text, 'free of line breaks and other control characters')
  }
}

/** Whether a text can be one issuer or audience: not empty, no blanks, no control characters. */
export const isWord = (text: string): boolean => /^[^\s\p{C}]+$/u.test(text)
