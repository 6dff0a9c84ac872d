/**
 * What OpenSSL's verification codes mean, as Node names them (X509_verify_cert_error_string(3),
 * nodejs.org/api/tls.html "X509 certificate error codes").
 */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'A certificate of the chain has expired',
  CERT_NOT_YET_VALID: 'A certificate of the chain is not valid yet; the clock may be wrong',
  CERT_REVOKED: 'The certificate has been revoked',
  CERT_SIGNATURE_FAILURE: 'The signature of a certificate of the chain is wrong',
  CERT_UNTRUSTED: 'The root of the chain is not trusted for TLS servers',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'The chain ends in a root that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT:
    'The issuer of a certificate of the chain is neither presented nor trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The issuer of the last presented certificate is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The server presents its certificate without the intermediate that issued it, and that one is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is made out to another name',
  HOSTNAME_MISMATCH: 'The certificate is made out to another name',
  INVALID_CA: 'A certificate of the chain may not issue certificates',
  INVALID_PURPOSE: 'The certificate is not meant for TLS servers',
  PATH_LENGTH_EXCEEDED: 'The chain is longer than one of its CAs allows',
}

/** Why a chain does not verify, as a sentence without its full stop; undefined for other codes. */
export const verificationReason = (code: string): string | undefined =>
  Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
