import * as apiserver from '../../src/core/problems/apiserver.ts'
import * as bucket from '../../src/core/problems/bucket.ts'
import * as bug from '../../src/core/problems/bug.ts'
import * as config from '../../src/core/problems/config.ts'
import * as credentials from '../../src/core/problems/credentials.ts'
import * as documents from '../../src/core/problems/documents.ts'
import * as files from '../../src/core/problems/files.ts'
import * as issuer from '../../src/core/problems/issuer.ts'
import * as keys from '../../src/core/problems/keys.ts'
import * as serviceAccount from '../../src/core/problems/service-account.ts'
import * as kubectl from '../../src/core/problems/kubectl.ts'
import * as network from '../../src/core/problems/network.ts'
import type { Problem } from '../../src/core/problems/problem.ts'
import * as provider from '../../src/core/problems/provider.ts'
import * as sandbox from '../../src/core/problems/sandbox.ts'
import * as signer from '../../src/core/problems/signer.ts'
import * as thumbprint from '../../src/core/problems/thumbprint.ts'
import * as usage from '../../src/core/problems/usage.ts'

/** The files of src/core/problems/, each with every function it exports. */
export const AREAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  apiserver,
  bucket,
  bug,
  config,
  credentials,
  documents,
  files,
  issuer,
  keys,
  kubectl,
  serviceAccount,
  network,
  provider,
  sandbox,
  signer,
  thumbprint,
  usage,
}

const URL_ = 'https://oidc.example.com'
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
  documentUnreachableYet: [
    documents.documentUnreachableYet(URL_, 'oidc.example.com refused the connection.'),
  ],
  documentContended: [documents.documentContended(KEY_SET, 12)],

  fileMissing: [files.fileMissing('sa.pub', 'A public key of the signer')],
  fileUnreadable: [files.fileUnreadable('sa.pub', SYSTEM)],
  folderReadOnly: [files.folderReadOnly(privateKeyFile, SYSTEM)],
  diskFull: [files.diskFull(privateKeyFile, new Error('ENOSPC: no space left on device'))],
  outputLost: [files.outputLost(new Error('ENOSPC: no space left on device'))],
  programMissing: [files.programMissing('helmfile', new Error('spawn helmfile ENOENT'))],

  issuerNotUrl: [issuer.issuerNotUrl('oidc.example.com')],
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
}
