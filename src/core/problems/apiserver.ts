import { Problem } from './problem.ts'

const invalid = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `apiserver/${code}`, what, why, fix, exit: 2, cause })

export const unknownPlatform = (name: string, nearest: string, known: readonly string[]): Problem =>
  invalid(
    'unknown-platform',
    `irsa does not know the way of running Kubernetes called "${name}".`,
    `The nearest name is "${nearest}"; there are ${known.join(', ')}.`,
    `Pass one of these, such as --for ${nearest}; --for flags prints plain kube-apiserver flags, for everything else.`,
  )

export const malformedKubernetesVersion = (text: string): Problem =>
  invalid(
    'malformed-kubernetes-version',
    `"${text}" is not a Kubernetes version.`,
    'A version has a major and a minor number, and often a patch number: 1.35 or v1.35.1.',
    'Pass what "kubectl version" prints as the server version, such as --kubernetes-version 1.35.1.',
  )

export const unknownKubernetesVersion = (text: string, nearest: string): Problem =>
  invalid(
    'unknown-kubernetes-version',
    `irsa cannot configure Kubernetes ${text}.`,
    'It knows 1.22 to 1.37, and takes a later 1.x for the newest of these: before 1.22, kube-apiserver accepted one issuer only, and no move was possible without an outage.',
    `Pass --kubernetes-version ${nearest} or later, or leave it out.`,
  )

export const malformedPlatformVersion = (text: string, platform: string): Problem =>
  invalid(
    'malformed-platform-version',
    `"${text}" is not a version of ${platform}.`,
    'A version has a major and a minor number, and often a patch number: 1.13 or v1.13.2.',
    'Pass it as the platform prints it, such as --platform-version 1.13.2, or leave it out.',
  )

/** @param known newest first */
export const unknownPlatformVersion = (
  text: string,
  platform: string,
  known: readonly string[],
): Problem =>
  invalid(
    'unknown-platform-version',
    `irsa does not know ${platform} ${text}.`,
    `It writes for ${known.join('; ')}.`,
    'Pass one of these with --platform-version, or leave it out for the newest.',
  )

export const platformVersionUnused = (platform: string): Problem =>
  invalid(
    'platform-version-unused',
    `--platform-version means nothing for ${platform}.`,
    'What is written for it does not depend on its own version.',
    'Leave it out; --kubernetes-version is taken everywhere.',
  )

export const discoveryStoreUnused = (platform: string): Problem =>
  invalid(
    'discovery-store-unused',
    `--discovery-store means nothing for ${platform}.`,
    'Only kops publishes the documents of an issuer to a store by itself.',
    'Leave it out; irsa init publishes the documents, for every platform.',
  )

export const includedKeyUnused = (platform: string, path: string): Problem =>
  invalid(
    'included-key-unused',
    `${platform} takes no private key in its configuration.`,
    'It reads keys from files on the nodes, or keeps keys of its own, so a printed key would only be a leaked key.',
    `Leave --include-private-key out, and copy ${path} where the output says.`,
  )

export const includedKeyMissing = (path: string): Problem =>
  invalid(
    'included-key-missing',
    `--include-private-key needs ${path}, which is not here.`,
    'The private key goes into the output whole, so it has to be on this machine.',
    'Run this where the key is, or leave --include-private-key out and put the key in by hand.',
  )

export const stsAudience = (audience: string): Problem =>
  invalid(
    'sts-audience',
    `"${audience}" must not be one of the API server's audiences.`,
    'The default token of every pod would then be good at STS, some of them for a year, and tokens meant for STS would be credentials for the Kubernetes API. As the only value it refuses every token in the cluster, and nodes go NotReady. Pods get STS tokens without it: kube-apiserver issues a token for any audience that is asked for.',
    `Leave --api-audience ${audience} out.`,
  )

export const previousIssuerIsNew = (issuer: string): Problem =>
  invalid(
    'previous-issuer-is-new',
    `The issuer and a previous issuer are both "${issuer}".`,
    'kube-apiserver refuses to start when an issuer is listed twice.',
    'Leave that --previous-issuer out; to change the signing key alone, name the old one with --previous-key-file.',
  )

export const unusableValue = (flag: string, value: string, rule: string): Problem =>
  invalid(
    'unusable-value',
    `${flag} ${JSON.stringify(value)} cannot go into the API server's configuration.`,
    `It has to be ${rule}.`,
    `Pass ${flag} as it stands in the cluster, without quotes around it.`,
  )

export const pathNotAbsolute = (flag: string, path: string): Problem =>
  invalid(
    'path-not-absolute',
    `${flag} "${path}" does not start with a slash.`,
    'It is a path on the control-plane nodes, where kube-apiserver has no working folder to start from.',
    `Pass the whole path, such as ${flag} /etc/kubernetes/pki/irsa.`,
  )

export const keyDirNotMounted = (keyDir: string, mounted: string): Problem =>
  invalid(
    'key-dir-not-mounted',
    `The API server would not see files in "${keyDir}".`,
    `On this platform its pod mounts ${mounted} and no other folder for keys.`,
    `Choose a folder below it, such as --key-dir ${mounted}/irsa.`,
  )

export const overwritesPreviousKey = (path: string): Problem =>
  invalid(
    'overwrites-previous-key',
    `The new key would be copied over "${path}", which holds a previous key.`,
    'Every token that the previous key signed would be refused from then on.',
    'Choose another folder with --key-dir.',
  )

export const sameFileName = (path: string, first: string, second: string): Problem =>
  invalid(
    'same-file-name',
    `"${first}" and "${second}" would both be copied to "${path}".`,
    'The second would replace the first, and its tokens would be refused.',
    'Rename one of the two.',
  )

/** @param cause why the cluster could not be asked instead */
export const stageWithoutPrevious = (stage: string, cause?: Problem): Problem =>
  invalid(
    'stage-without-previous',
    `--stage ${stage} does not say what the cluster uses now.`,
    `Stages lead from a previous issuer or key to the new one without refusing a token on the way.${cause === undefined ? '' : ` The cluster could not be asked: ${cause.what} ${cause.why}`}`,
    'Name the issuer in use with --previous-issuer (kubectl get --raw /.well-known/openid-configuration shows it) or the key in use with --previous-key-file; for a new cluster leave --stage out.',
    cause,
  )
