import { DISCOVERY_BINDING_COMMAND } from '../../src/core/cluster-host.ts'
import * as apiserver from '../../src/core/problems/apiserver.ts'
import * as audit from '../../src/core/problems/audit.ts'
import * as bucket from '../../src/core/problems/bucket.ts'
import * as bug from '../../src/core/problems/bug.ts'
import * as clusterHost from '../../src/core/problems/cluster-host.ts'
import * as config from '../../src/core/problems/config.ts'
import * as credentials from '../../src/core/problems/credentials.ts'
import * as documents from '../../src/core/problems/documents.ts'
import * as files from '../../src/core/problems/files.ts'
import * as issuer from '../../src/core/problems/issuer.ts'
import * as keys from '../../src/core/problems/keys.ts'
import * as runningCluster from '../../src/core/problems/running-cluster.ts'
import * as serviceAccount from '../../src/core/problems/service-account.ts'
import * as kubectl from '../../src/core/problems/kubectl.ts'
import * as network from '../../src/core/problems/network.ts'
import * as policy from '../../src/core/problems/policy.ts'
import type { Problem } from '../../src/core/problems/problem.ts'
import * as provider from '../../src/core/problems/provider.ts'
import * as role from '../../src/core/problems/role.ts'
import * as sandbox from '../../src/core/problems/sandbox.ts'
import * as signer from '../../src/core/problems/signer.ts'
import * as thumbprint from '../../src/core/problems/thumbprint.ts'
import * as token from '../../src/core/problems/token.ts'
import * as usage from '../../src/core/problems/usage.ts'
import * as webhook from '../../src/core/problems/webhook.ts'
import * as workload from '../../src/core/problems/workload.ts'

/** The files of src/core/problems/, each with every function it exports. */
export const AREAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  apiserver,
  audit,
  bucket,
  bug,
  clusterHost,
  config,
  credentials,
  documents,
  files,
  issuer,
  keys,
  kubectl,
  runningCluster,
  serviceAccount,
  network,
  policy,
  provider,
  role,
  sandbox,
  signer,
  thumbprint,
  token,
  usage,
  webhook,
  workload,
}

const URL_ = 'https://oidc.example.com'
const API = 'https://api.example.com'
const BUCKET = 'oidc-acme'
const KEY_SET = 'keys.json'
const KID = 'lBDOnvd3PQYLzwnT1rMCmiFmtBrGo4LtXR5MDHBNPzw'
const SAYS = new Error('User: arn:aws:iam::111122223333:user/ci is not authorized')
const SYSTEM = new Error("EACCES: permission denied, open 'keys/sa-signer.key'")
const PEER = { host: 'oidc.example.com' }
const BEHIND = { ...PEER, via: 'http://proxy.acme.example:3128' }
const { privateKeyFile, publicKeyFile } = {
  privateKeyFile: 'keys/sa-signer.key',
  publicKeyFile: 'keys/sa-signer.pub',
}

/** Every function of the catalogue, called as it would be; several times where its words vary. */
export const MADE: Readonly<Record<string, readonly Problem[]>> = {
  unknownPlatform: [apiserver.unknownPlatform('kubeadmin', 'kubeadm', ['flags', 'kubeadm'])],
  malformedKubernetesVersion: [apiserver.malformedKubernetesVersion('latest')],
  unknownKubernetesVersion: [apiserver.unknownKubernetesVersion('1.18', '1.22')],
  stsAudience: [apiserver.stsAudience('sts.amazonaws.com')],
  previousIssuerIsNew: [apiserver.previousIssuerIsNew(URL_)],
  unusableValue: [apiserver.unusableValue('--api-audience', 'a b', 'one word')],
  pathNotAbsolute: [apiserver.pathNotAbsolute('--key-dir', 'pki')],
  keyDirNotMounted: [apiserver.keyDirNotMounted('/opt/keys', '/etc/kubernetes/pki')],
  overwritesPreviousKey: [apiserver.overwritesPreviousKey('/etc/kubernetes/pki/sa.pub')],
  sameFileName: [apiserver.sameFileName('/etc/kubernetes/pki/sa.pub', 'a/sa.pub', 'b/sa.pub')],
  malformedPlatformVersion: [apiserver.malformedPlatformVersion('newest', 'Talos')],
  unknownPlatformVersion: [
    apiserver.unknownPlatformVersion('0.14', 'Talos', ['Talos 1.14 and later', 'Talos 1.13']),
  ],
  discoveryStoreUnused: [apiserver.discoveryStoreUnused('k3s')],
  platformVersionUnused: [apiserver.platformVersionUnused('kubeadm')],
  includedKeyUnused: [apiserver.includedKeyUnused('kubeadm', 'keys/sa-signer.key')],
  includedKeyMissing: [apiserver.includedKeyMissing('keys/sa-signer.key')],
  managedControlPlane: [runningCluster.managedControlPlane('Amazon EKS')],
  stageTooEarly: [runningCluster.stageTooEarly(URL_)],
  previousIssuerUnseen: [runningCluster.previousIssuerUnseen(URL_)],
  signerUnseen: [runningCluster.signerUnseen()],
  externalSigner: [runningCluster.externalSigner()],
  previousKeyUnseen: [runningCluster.previousKeyUnseen('A command line of kube-apiserver')],
  platformNotRecognised: [runningCluster.platformNotRecognised('v1.36.1')],
  clusterTellsNothing: [kubectl.clusterTellsNothing()],
  kubectlUnexpected: [kubectl.kubectlUnexpected('kubectl get --raw /version')],
  kubectlForeignOption: [kubectl.kubectlForeignOption('-s=http://127.0.0.1:18999')],
  kubectlUnreadable: [kubectl.kubectlUnreadable('kubectl get --raw /version', SYSTEM)],
  stageWithoutPrevious: [apiserver.stageWithoutPrevious('accept')],

  bucketNameInvalid: [bucket.bucketNameInvalid('Acme', 'names have lower-case letters only')],
  bucketNameDotted: [bucket.bucketNameDotted('oidc.acme.dev')],
  bucketNameUnfit: [bucket.bucketNameUnfit('Acme')],
  bucketNameTooLong: [bucket.bucketNameTooLong(`irsa-${'a'.repeat(60)}`, 'a'.repeat(60), 26)],
  bucketPrefixInvalid: [bucket.bucketPrefixInvalid('/blue', 'it starts with no slash')],
  bucketTaken: [bucket.bucketTaken(BUCKET)],
  bucketInOtherRegion: [bucket.bucketInOtherRegion(BUCKET, 'eu-west-3', 'us-east-1')],
  bucketOutOfReach: [bucket.bucketOutOfReach(BUCKET)],
  publicAccessBlocked: [bucket.publicAccessBlocked('111122223333')],
  publicPolicyRefused: [bucket.publicPolicyRefused(BUCKET)],
  bucketNotEmpty: [
    bucket.bucketNotEmpty(BUCKET, []),
    bucket.bucketNotEmpty(BUCKET, ['a.html', 'b.html', 'c.html', 'd.html']),
  ],
  bucketPolicyUnparsable: [bucket.bucketPolicyUnparsable(BUCKET, 'it is not JSON')],
  bucketPolicyTooLarge: [bucket.bucketPolicyTooLarge(BUCKET, 21_000)],

  bug: [bug.bug('a string was thrown')],

  clusterIssuerHasPath: [
    clusterHost.clusterIssuerHasPath('https://api.example.com/k8s', 'https://api.example.com'),
  ],
  clusterAddressPrivate: [clusterHost.clusterAddressPrivate(API, ['10.1.2.3 (private)'])],
  clusterNotServedYet: [
    clusterHost.clusterNotServedYet(API, 'api.example.com refused the connection.'),
  ],
  clusterAnonymousRefused: ([401, 403] as const).map((status) =>
    clusterHost.clusterAnonymousRefused(`${API}/openid/v1/jwks`, status, DISCOVERY_BINDING_COMMAND),
  ),
  clusterOtherIssuer: ['https://kubernetes.default.svc', undefined].map((served) =>
    clusterHost.clusterOtherIssuer(`${API}/.well-known/openid-configuration`, served, API),
  ),
  clusterOtherKeySet: ['https://10.1.2.3:6443/openid/v1/jwks', undefined].map((served) =>
    clusterHost.clusterOtherKeySet(
      `${API}/.well-known/openid-configuration`,
      served,
      `${API}/openid/v1/jwks`,
    ),
  ),
  clusterKeyMissing: [
    clusterHost.clusterKeyMissing(`${API}/openid/v1/jwks`, [`${KID} (sa.pub)`]),
    clusterHost.clusterKeyMissing(`${API}/openid/v1/jwks`, ['a (a.pub)', 'b (b.pub)']),
  ],
  clusterCaUnknown: [clusterHost.clusterCaUnknown(API, 'kubectl was not found.', SYSTEM)],
  clusterCaUnreadable: [clusterHost.clusterCaUnreadable('it holds no PEM certificate')],
  clusterOtherCa: [
    clusterHost.clusterOtherCa(
      API,
      'CN=api.example.com, issued by CN=Corp Proxy',
      'The chain ends in a certificate that is not trusted',
    ),
  ],
  clusterPublishesItself: [clusterHost.clusterPublishesItself('irsa.yaml')],

  configMissing: [config.configMissing('irsa.yaml')],
  configMalformed: [config.configMalformed('irsa.yaml:3:5', 'A mapping may not be nested here.')],
  configUnknownField: [config.configUnknownField('irsa.yaml:3:1', 'isuer', ['name', 'issuer'])],
  configInvalidField: [config.configInvalidField('irsa.yaml:3:1', 'audiences', 'It is empty.')],
  configNewer: [config.configNewer('irsa.yaml:1:1', 'irsa/v2')],
  configOtherIssuer: [config.configOtherIssuer('irsa.yaml', 'region', 'eu-west-3', 'us-east-1')],
  configOtherAccount: [config.configOtherAccount('irsa.yaml', '111122223333', '444455556666')],

  noCredentials: [credentials.noCredentials(SAYS)],
  credentialsUnobtainable: [
    credentials.credentialsUnobtainable('Error: connect ECONNREFUSED 192.0.2.1:443', SAYS),
  ],
  unknownProfile: [credentials.unknownProfile('acme', SAYS)],
  expiredCredentials: [credentials.expiredCredentials(SAYS)],
  rejectedCredentials: [credentials.rejectedCredentials('InvalidClientTokenId', SAYS)],
  clockSkew: [credentials.clockSkew(SAYS)],
  noRegion: [credentials.noRegion()],
  accessDenied: [
    credentials.accessDenied('s3:CreateBucket', BUCKET, SAYS),
    credentials.accessDenied('s3:ListBucket', BUCKET, new Error('UnknownError')),
  ],
  unexpectedAnswer: [credentials.unexpectedAnswer('PutObject', 501, SAYS)],
  throttled: [credentials.throttled('PutObject', SAYS)],

  keySetUnparsable: [documents.keySetUnparsable(KEY_SET, 'it is not JSON')],
  keySetEntryIncomplete: [documents.keySetEntryIncomplete(KEY_SET, 2, 'kid')],
  privateMember: [documents.privateMember(KEY_SET, KID, ['d', 'p', 'q'])],
  privateKeyText: [documents.privateKeyText(KEY_SET)],
  kidMismatch: [documents.kidMismatch('/openid/v1/jwks', 'signer-1', KID)],
  tooManyKeys: [documents.tooManyKeys('RSA', 101)],
  discoveryUnparsable: [documents.discoveryUnparsable('.well-known/openid-configuration')],
  otherIssuer: [documents.otherIssuer('openid-configuration', 'https://a.example', URL_)],
  wouldDropKeys: [
    documents.wouldDropKeys(KEY_SET, [KID]),
    documents.wouldDropKeys(KEY_SET, [KID, 'other']),
  ],
  documentNotPublic: [documents.documentNotPublic(`${URL_}/keys.json`, 403)],
  documentRedirected: [
    documents.documentRedirected(`${URL_}/keys.json`, 'https://www.example.com/'),
    documents.documentRedirected(`${URL_}/keys.json`, undefined),
  ],
  documentWrongContent: [
    documents.documentWrongContent(`${URL_}/keys.json`, '{\n  "keys": []\n}\n', '{\n  "a": 1\n}\n'),
    documents.documentWrongContent(`${URL_}/keys.json`, '{}\n', '{}'),
  ],
  keysStillServed: [
    documents.keysStillServed(`${URL_}/keys.json`, [KID]),
    documents.keysStillServed(`${URL_}/keys.json`, [KID, 'other']),
  ],
  documentUnreachableYet: [
    documents.documentUnreachableYet(URL_, 'oidc.example.com refused the connection.'),
  ],
  documentContended: [documents.documentContended(KEY_SET, 12)],

  fileMissing: [files.fileMissing('sa.pub', 'A public key of the signer')],
  fileUnreadable: [files.fileUnreadable('sa.pub', SYSTEM)],
  folderReadOnly: [files.folderReadOnly(privateKeyFile, SYSTEM)],
  placeUnfit: [files.placeUnfit('chain.html', SYSTEM)],
  fileForeign: [files.fileForeign('chain.html')],
  diskFull: [files.diskFull(privateKeyFile, new Error('ENOSPC: no space left on device'))],
  outputLost: [files.outputLost(new Error('ENOSPC: no space left on device'))],
  programMissing: [files.programMissing('helmfile', new Error('spawn helmfile ENOENT'))],

  issuerNotUrl: [issuer.issuerNotUrl('oidc.example.com')],
  issuerHostInvalid: [issuer.issuerHostInvalid('https://a;b/x', 'a;b')],
  issuerNotHttps: [issuer.issuerNotHttps('http://oidc.example.com')],
  issuerHasExtras: ['user name', 'query', 'fragment'].map((part) =>
    issuer.issuerHasExtras(`${URL_}/…`, part, URL_),
  ),
  issuerHasPort: [issuer.issuerHasPort(`${URL_}:8443`, URL_)],
  issuerTrailingSlash: [issuer.issuerTrailingSlash(`${URL_}/`, URL_)],
  issuerUpperCase: [issuer.issuerUpperCase('https://OIDC.example.com', URL_)],
  issuerNotCanonical: [issuer.issuerNotCanonical(`${URL_}/a/../b`, `${URL_}/b`)],
  issuerTooLong: [issuer.issuerTooLong(`${URL_}/${'a'.repeat(250)}`)],

  keyEmpty: [keys.keyEmpty('sa.pub')],
  publicKeyBinary: [keys.publicKeyBinary('sa.der')],
  privateKeyBinary: [keys.privateKeyBinary('sa.der')],
  keyNotPem: [keys.keyNotPem('sa.txt')],
  keyByteOrderMark: [keys.keyByteOrderMark('sa.pub')],
  keyPkcs1Public: [keys.keyPkcs1Public("the cluster's sa.pub", 1)],
  keyOpenSshPublic: [keys.keyOpenSshPublic('id_rsa.pub')],
  keySsh2Public: [keys.keySsh2Public('id_rsa.pub')],
  keyOpenSshPrivate: [keys.keyOpenSshPrivate('id_rsa')],
  keyPrivateGiven: [keys.keyPrivateGiven('sa.key', false), keys.keyPrivateGiven('id_rsa', true)],
  keyPublicGiven: [keys.keyPublicGiven('sa.pub')],
  keyEncrypted: [keys.keyEncrypted('sa.key')],
  keyUnsupportedType: [keys.keyUnsupportedType('sa.pub', 'Ed25519')],
  keyTooSmall: [keys.keyTooSmall('sa.pub', 1024)],
  keyUnsupportedBlock: [keys.keyUnsupportedBlock('sa.pub', 2, 'DH PARAMETERS')],
  keyUnreadableBlock: [keys.keyUnreadableBlock('sa.pub', 2, 'its base64 is damaged')],

  serviceAccountInvalid: [serviceAccount.serviceAccountInvalid('checkout')],
  kubectlMissing: [kubectl.kubectlMissing('kubectl get --raw /openid/v1/jwks', SYSTEM)],
  kubectlFailed: [
    kubectl.kubectlFailed(
      'kubectl get --raw /openid/v1/jwks',
      'error: You must be logged in to the server\n',
      SAYS,
    ),
    kubectl.kubectlFailed('kubectl get --raw /openid/v1/jwks', '', SAYS),
  ],
  kubectlNoContext: [
    kubectl.kubectlNoContext(
      'It said: The connection to the server localhost:8080 was refused',
      SYSTEM,
    ),
  ],
  kubectlTimeout: [kubectl.kubectlTimeout('kubectl get --raw /openid/v1/jwks', 20)],

  hostUnknown: [network.hostUnknown(PEER, false, SAYS), network.hostUnknown(PEER, true, SAYS)],
  connectionRefused: [network.connectionRefused(PEER, SAYS)],
  connectionReset: [network.connectionReset(PEER, SAYS), network.connectionReset(BEHIND, SAYS)],
  timedOut: [network.timedOut(PEER, 5000), network.timedOut(BEHIND, undefined)],
  unreachable: [network.unreachable(PEER, SAYS)],
  tlsFailed: [network.tlsFailed(PEER, 'The certificate has expired', SAYS)],
  notTls: [network.notTls(PEER, SAYS)],
  notHttps: [network.notHttps('http://oidc.example.com')],
  answerTooLarge: [network.answerTooLarge(`${URL_}/keys.json`, 1_048_576)],
  proxyRefused: [407, 403].map((status) =>
    network.proxyRefused('http://proxy.acme.example:3128', 'oidc.example.com:443', status),
  ),
  proxyUnreachable: [
    network.proxyUnreachable('http://proxy:3128', 'oidc.example.com:443', 'It is refused.', SAYS),
  ],
  proxyInvalid: [network.proxyInvalid('HTTPS_PROXY', 'it is not a URL')],
  caBundleUnreadable: [
    network.caBundleUnreadable('AWS_CA_BUNDLE', '/etc/ca.pem', 'It holds no certificate', SAYS),
  ],

  issuerUnreachableForIam: [provider.issuerUnreachableForIam(URL_, SAYS)],
  providerLimit: [provider.providerLimit('Cannot exceed quota for ClientIdsPerProvider', SAYS)],
  audienceInvalid: [provider.audienceInvalid('')],

  keyReadableByOthers: [signer.keyReadableByOthers(privateKeyFile)],
  keyPairMismatch: [signer.keyPairMismatch(privateKeyFile, publicKeyFile)],
  publicKeyMissing: [signer.publicKeyMissing(privateKeyFile, publicKeyFile)],
  privateKeyMissing: [signer.privateKeyMissing(privateKeyFile, publicKeyFile)],
  signerLost: [signer.signerLost(KEY_SET, [KID])],

  thumbprintInvalid: [
    thumbprint.thumbprintInvalid('9E99'),
    thumbprint.thumbprintInvalid('f'.repeat(200)),
  ],
  tooManyThumbprints: [thumbprint.tooManyThumbprints(6, 5)],
  thumbprintChoiceMixed: [thumbprint.thumbprintChoiceMixed('auto')],
  untrustedChain: [thumbprint.untrustedChain('CN=proxy by CN=Acme', 'No root is known for it')],
  emptyChain: [thumbprint.emptyChain()],

  tokenSourceMissing: [token.tokenSourceMissing()],
  tokenEmpty: [token.tokenEmpty('token'), token.tokenEmpty('-')],
  tokenTooLong: [token.tokenTooLong('token', 20_000)],
  tokenBinary: [
    token.tokenBinary('token', 'something that is no plain text'),
    token.tokenBinary('my token', 'text in UTF-16', 'iconv -f UTF-16 -t UTF-8'),
  ],
  tokenMistaken: [token.tokenMistaken('token', 'a kubeconfig')],
  tokenNotJwt: [token.tokenNotJwt('token', 1), token.tokenNotJwt('-', 4)],
  tokenEncrypted: [token.tokenEncrypted('token', 'A256GCM')],
  tokenJsonSerialised: [token.tokenJsonSerialised('token')],
  tokenLineBreak: [
    token.tokenLineBreak('token', { line: 1, column: 76, what: '12 line breaks' }),
    token.tokenLineBreak('-', { line: 1, column: 76, what: 'a line break' }),
  ],
  tokenWrapped: [token.tokenWrapped('token', 'quotes around it', 'tr -d "\\"\'"')],
  tokenSeveral: [token.tokenSeveral('token', 2), token.tokenSeveral('-', 3)],
  tokenStandardBase64: [token.tokenStandardBase64('token', 'payload', 'padding (=)')],
  tokenDamaged: [token.tokenDamaged('token', 'header', 'it is no JSON object')],
  tokenNotPrinted: [token.tokenNotPrinted('kubectl create token checkout -n shop')],

  badUsage: [usage.badUsage("unknown option '--nmae'", 'irsa init')],
  variableInvalid: [usage.variableInvalid('IRSA_YES', 'maybe', 'It is 1 or 0.')],
  answerMissing: [usage.answerMissing('--name', 'A short name for this cluster and its issuer:')],
  confirmationMissing: [usage.confirmationMissing()],
  confirmNameMissing: [usage.confirmNameMissing('production')],
  confirmNameWrong: [usage.confirmNameWrong('prod', 'production')],
  flagMissing: [usage.flagMissing('--issuer', 'It stands in both documents.')],
  flagsConflict: [usage.flagsConflict('--bucket', '--directory', 'There is one place only.')],
  portUnusable: [sandbox.portUnusable(8443, new Error('listen EADDRINUSE 127.0.0.1:8443'))],
  demoInterrupted: [sandbox.demoInterrupted()],
  endpointUnsupported: [
    usage.endpointUnsupported(new Error('FIPS and custom endpoint are not supported')),
  ],
  regionInvalid: [usage.regionInvalid('eu west')],
  notSettled: [bucket.notSettled('bucket oidc-acme', SAYS)],
  discoveryMismatch: [
    documents.discoveryMismatch(`${URL_}/.well-known/openid-configuration`, URL_, `${URL_}/`),
    documents.discoveryMismatch(
      `${URL_}/.well-known/openid-configuration`,
      'a jwks_uri',
      undefined,
    ),
  ],
  endpointInvalid: [usage.endpointInvalid('localhost:4566')],
  nameInvalid: [usage.nameInvalid('Acme')],
  declined: [usage.declined()],
  interrupted: [usage.interrupted()],

  workloadInvalid: [workload.workloadInvalid('checkout')],
  unknownWorkloadKind: [
    workload.unknownWorkloadKind('deploymnet', 'deployment', ['deployment', 'cronjob']),
  ],
  workloadFrozen: [workload.workloadFrozen('Job')],
  containerMissing: [workload.containerMissing('deployment/checkout')],
  podInvalid: [workload.podInvalid('shop/checkout-1')],
  containerInvalid: [workload.containerInvalid('App')],
  testBucketInvalid: [
    workload.testBucketInvalid('s3://acme', 'a name has only lower-case letters'),
  ],
  roleArnInvalid: [role.roleArnInvalid('shop-checkout')],
  roleNameInvalid: [role.roleNameInvalid('a b')],
  rolePathInvalid: [role.rolePathInvalid('irsa')],
  trustChangedMeanwhile: [audit.trustChangedMeanwhile('shop', SAYS)],
  roleWildcard: [role.roleWildcard('apps/*')],
  roleNameNeeded: [role.roleNameNeeded(['shop/checkout', 'shop/refund'])],
  rolePathDiffers: [role.rolePathDiffers('shop', '/team/', '/irsa/')],
  roleForeign: [role.roleForeign('shop'), role.roleForeign('shop', 'oidc.example.com')],
  roleOfOthers: [role.roleOfOthers('shop-check-out', ['shop/check-out'])],
  roleForMore: [role.roleForMore('shop', ['shop/refund'], ['shop/checkout'])],
  roleChangedMeanwhile: [role.roleChangedMeanwhile('shop', ['shop/refund'])],
  roleNotInFile: [role.roleNotInFile('irsa.yaml', 'shop', ['shop/refund'])],
  roleWithoutProvider: [role.roleWithoutProvider(URL_, '111122223333')],
  roleAudienceUnknown: [role.roleAudienceUnknown('vault', URL_)],
  trustTooLong: [role.trustTooLong('shop', 5000), role.trustTooLong('shop', undefined, SAYS)],
  roleLimit: [role.roleLimit('Cannot exceed quota for RolesPerAccount: 1000', SAYS)],
  documentRefused: [role.documentRefused('shop', 'Syntax errors in policy.', SAYS)],
  roleInUse: [
    role.roleInUse('shop', 'Cannot delete entity, must detach all policies first.', SAYS),
  ],
  roleInInstanceProfile: [role.roleInInstanceProfile('shop', ['nodes'])],
  roleProtected: [
    role.roleProtected(
      'AWSServiceRoleForSupport',
      "Cannot perform the operation on the protected role 'AWSServiceRoleForSupport'",
      SAYS,
    ),
  ],
  tokenUnfit: [role.tokenUnfit('It has expired.')],
  tokenRefused: [
    role.tokenRefused('shop', 'InvalidIdentityToken', "Couldn't retrieve verification key"),
  ],
  notAssumedYet: [
    role.notAssumedYet(
      'shop',
      121,
      'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ),
  ],
  policyArnInvalid: [policy.policyArnInvalid('ReadOnlyAccess', 'aws')],
  policyArnOtherPlace: [
    policy.policyArnOtherPlace(
      'arn:aws-cn:iam::aws:policy/ReadOnlyAccess',
      'the partition aws-cn',
      'aws',
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    ),
  ],
  policyMissing: [
    policy.policyMissing(
      'Policy arn:aws:iam::111122223333:policy/Orders does not exist or is not attachable.',
      SAYS,
    ),
  ],
  policyMalformed: [policy.policyMalformed('s3.json:4:1', 'It has no Statement.')],
  policyTooLarge: [
    policy.policyTooLarge('shop', 12_000),
    policy.policyTooLarge('shop', undefined, SAYS),
  ],
  tooManyPolicies: [policy.tooManyPolicies('shop', 21)],
  policyNameTaken: [policy.policyNameTaken('shop', 'irsa-s3')],
  policyFilesAlike: [policy.policyFilesAlike('a/s3.json', 'b/s3.json', 'irsa-s3')],
  roleOfOtherPartition: [
    workload.roleOfOtherPartition('arn:aws-cn:iam::111122223333:role/a', 'eu-west-3', 'aws'),
  ],
  partitionNeedsRegion: [workload.partitionNeedsRegion('arn:aws-cn:iam::111122223333:role/a')],

  webhookNameInvalid: [webhook.webhookNameInvalid('Hook')],
  webhookNamespaceInvalid: [webhook.webhookNamespaceInvalid('a/b')],
  secretNameInvalid: [webhook.secretNameInvalid('a_b')],
  imageInvalid: [webhook.imageInvalid('Hook:v1')],
  imageDigestInvalid: [webhook.imageDigestInvalid('sha256:12')],
  bundleEmpty: [webhook.bundleEmpty('ca.pem')],
  bundleDamaged: [webhook.bundleDamaged('ca.pem', 2, 'its body is not base64')],
  bundleNotCertificate: [webhook.bundleNotCertificate('ca.pem', 2, 'PRIVATE KEY')],
  bundleNotAuthority: [webhook.bundleNotAuthority('ca.pem', 'CN=hook.infra.svc')],
  authorityExpired: [webhook.authorityExpired('ca.pem', 'CN=hook CA', '2026-01-02')],
  notWebhookConfiguration: [webhook.notWebhookConfiguration('old.yaml', 'its kind is "List"')],
  otherService: [webhook.otherService('old.yaml', 'hook.infra.svc', 'hook.default.svc')],
  otherSecret: [webhook.otherSecret('old.yaml', { name: 'hook', secret: 'hook-tls' }, 'hook-cert')],
  notInstalled: [
    webhook.notInstalled('hook', 'kubectl get mutatingwebhookconfiguration hook -o json'),
  ],
  renewedElsewhere: [
    webhook.renewedElsewhere('pod-identity-webhook', 'cert-manager.io/inject-ca-from: infra/hook'),
  ],
  manifestFilesDiffer: [
    webhook.manifestFilesDiffer(['out/50-secret.yaml']),
    webhook.manifestFilesDiffer(['out/30-service.yaml', 'out/50-secret.yaml']),
  ],
}
