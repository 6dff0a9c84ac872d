/** What a pod needs to have a role, where no webhook gives it that. */
export interface WebIdentity {
  readonly roleArn: string
  readonly audience: string
  /** Seconds that a token is valid; the kubelet renews it at four fifths of them. */
  readonly tokenExpiration: number
  readonly region?: string | undefined
}

/** One variable of a container. */
export interface EnvironmentVariable {
  readonly name: string
  readonly value: string
}

/** Where the pod identity webhook puts the token (its main.go, `--token-mount-path`). */
const MOUNT_PATH = '/var/run/secrets/eks.amazonaws.com/serviceaccount'

/**
 * The webhook's own name for its volume (its pkg/handler/handler.go). It leaves a volume of that
 * name alone; one of another name would make it mount a second one at the same path, and the API
 * server refuses such a pod.
 */
const VOLUME = 'aws-iam-token'

/** The webhook's `--token-expiration`: also when the kubelet renews at the latest. */
export const DEFAULT_TOKEN_EXPIRATION = 86_400

/** TokenRequest refuses less (kubernetes pkg/apis/authentication/validation), the webhook raises it. */
export const MIN_TOKEN_EXPIRATION = 600

/** The variables by which AWS SDKs find role, token and region, as the webhook sets them. */
export const webIdentityEnvironment = ({ roleArn, region }: WebIdentity): EnvironmentVariable[] => [
  variable('AWS_ROLE_ARN', roleArn),
  variable('AWS_WEB_IDENTITY_TOKEN_FILE', `${MOUNT_PATH}/token`),
  ...regionEnvironment(region),
  // SDKs of before 2022 asked the one STS in us-east-1, whatever their region.
  variable('AWS_STS_REGIONAL_ENDPOINTS', 'regional'),
]

/** SDKs read the first, aws-cli and the older ones the second. */
export const regionEnvironment = (region: string | undefined): EnvironmentVariable[] =>
  region === undefined
    ? []
    : [variable('AWS_REGION', region), variable('AWS_DEFAULT_REGION', region)]

/**
 * A variable whose value reaches the container as it is: Kubernetes replaces `$(NAME)` in it, and
 * reads `$$` as one dollar sign (API reference, EnvVar `value`).
 */
export const variable = (name: string, value: string): EnvironmentVariable => ({
  name,
  value: value.replaceAll('$', '$$$$'),
})

/** The volume that holds the token, for a pod's `volumes`. */
export const tokenVolume = ({ audience, tokenExpiration }: WebIdentity) => ({
  name: VOLUME,
  projected: {
    sources: [
      { serviceAccountToken: { audience, expirationSeconds: tokenExpiration, path: 'token' } },
    ],
  },
})

/** Where it is mounted, for a container's `volumeMounts`. */
export const TOKEN_MOUNT = { name: VOLUME, mountPath: MOUNT_PATH, readOnly: true }
