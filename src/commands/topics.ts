/** Help that belongs to no command: `irsa help <topic>`. */
export const TOPICS: Readonly<Record<string, string>> = {
  'exit-codes': `How irsa ends:

  0    done, or already so
  1    failed, or a check failed
  2    usage or configuration
  3    differences found, where asked for (irsa plan --exit-code)
  4    credentials or permission
  130  interrupted

With --output json a failure prints one JSON object on stderr, with "code", "what", "why", "fix"
and "exit". The codes stay; the words may change.
`,
  environment: `What irsa reads from the environment:

  IRSA_<OPTION>           any option: --key-bits is IRSA_KEY_BITS, --no-input IRSA_NO_INPUT. A flag
                          wins, and an empty variable counts as unset. A switch is on with 1, true
                          or yes, and off with 0, false or no. One that may be repeated takes values
                          with blanks between them, or files with colons or on lines of their own.
  AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, and the rest of the AWS configuration, as in aws-cli
  AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, _IAM, _STS, _S3_CONTROL
                          other endpoints than those of AWS; the endpoint_url of a profile is not read
  AWS_CA_BUNDLE           the certificates to trust for calls to AWS
  NODE_EXTRA_CA_CERTS     certificates to trust besides Node's own
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                          for calls to AWS, and for reading documents and certificates
  NO_COLOR, FORCE_COLOR   colours off, or on

Precedence: flag, then IRSA_*, then irsa.yaml, then the AWS configuration, then the default.
`,
  config: `irsa.yaml describes one issuer. It holds no secret; commit it. irsa init writes it:

  apiVersion: irsa/v1
  name: production               # part of bucket name and tags
  issuer: https://…              # byte for byte as in tokens; never changes
  region: eu-west-3
  host:
    type: s3                     # or: type: directory, directory: public
                                 # or: type: cluster, the API server itself
    bucket: irsa-production-111122223333-eu-west-3-an
    prefix: clusters/blue        # optional
  audiences: [sts.amazonaws.com]
  keys:                          # paths relative to this file
    - public: keys/sa-signer.pub
      private: keys/sa-signer.key  # only where irsa makes the pair
  providers:
    - account: "111122223333"
      thumbprint: auto           # or none, or a list
  roles:                         # optional; brought in line after the provider
    - serviceAccounts: [shop/checkout]
      policyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
      policyFiles: [policies/orders.json]
    - name: apps                 # needed for several service accounts, and for wildcards
      serviceAccounts: [apps/*, shop/refund]
      allowWildcard: true
      # also: path, permissionsBoundary, audience (of those above), adopt: true

To drop an audience or a key, edit the file; for a key also run irsa publish-jwks --prune.
`,
  'trust-chain': `What has to hold for a pod to get credentials:

  pod ── projected token ──> STS ──> issuer/.well-known/openid-configuration
                                     └─ jwks_uri ──> keys.json, which has the token's kid
                              └────> IAM OIDC provider with the token's audience
                              └────> role whose trust policy names aud and sub
      <── credentials ─────────┘

irsa init makes the issuer, the documents and the provider. irsa verify
walks the chain link by link and names the broken one; irsa demo shows all of it.
`,
}
