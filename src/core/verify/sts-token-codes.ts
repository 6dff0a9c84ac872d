import type { LinkId } from './link.ts'
import type { KnownRefusal } from './sts-codes.ts'

const TOKEN_LINKS: readonly LinkId[] = ['token', 'apiserver']
export const DOCUMENT_LINKS: readonly LinkId[] = ['tls', 'discovery', 'jwks', 'signer-key']

export const NEWLY_MADE =
  'What was made or changed within the last minute is not known everywhere yet.'

/** What STS says of a token, its issuer and the provider, before it looks at the role. */
export const TOKEN_REFUSALS: readonly KnownRefusal[] = [
  [
    'InvalidIdentityToken',
    /No OpenIDConnect provider/i,
    {
      id: 'no-provider',
      links: ['provider', 'role', ...TOKEN_LINKS],
      otherwise: `STS looks for the provider in the account of the role, by the iss claim byte for byte. ${NEWLY_MADE}`,
      next: 'again',
    },
  ],
  [
    'InvalidIdentityToken',
    /thumbprint/i,
    {
      id: 'thumbprint',
      links: ['tls', 'provider'],
      otherwise:
        'STS does not trust the chain of the issuer by any root of its own, and compares the thumbprints of the provider; it may be given another chain than was seen from here.',
      next: { fix: 'Compare what irsa print-thumbprint shows from other networks.' },
    },
  ],
  [
    'InvalidIdentityToken',
    /audience/i,
    {
      id: 'audience',
      links: ['audience', 'provider', 'token'],
      otherwise: `The provider has to list the aud claim of the token. ${NEWLY_MADE}`,
      next: 'again',
    },
  ],
  [
    'InvalidIdentityToken',
    /verification key/i,
    {
      id: 'verification-key',
      links: [...DOCUMENT_LINKS, ...TOKEN_LINKS],
      otherwise:
        'STS keeps the documents for as long as their Cache-Control says, so it may not have seen a key that was published a moment ago; many first calls side by side fail now and then; and it comes from the internet, has to be answered within 5 s, and may be kept out where this machine is not.',
      next: 'again',
    },
  ],
  [
    'InvalidIdentityToken',
    /signature/i,
    {
      id: 'signature',
      links: ['token', 'jwks', 'signer-key', 'apiserver'],
      otherwise:
        'The published key of that kid is not the one that signed the token, or STS still has an older key set.',
      next: 'again',
    },
  ],
  [
    'InvalidIdentityToken',
    /(?:)/,
    {
      id: 'token-invalid',
      links: [...TOKEN_LINKS, ...DOCUMENT_LINKS],
      otherwise:
        'STS wants a signed token with iss, sub, aud, exp and iat, all times whole seconds.',
      next: { fix: 'Look at the token with irsa inspect-token.' },
    },
  ],
  [
    'ExpiredTokenException',
    /(?:)/,
    {
      id: 'token-expired',
      links: TOKEN_LINKS,
      otherwise:
        'By the clock of this machine it is still valid, by that of AWS it is not: one of the clocks of this machine and of the API server is wrong.',
      next: { fix: 'Set the clocks by NTP (timedatectl set-ntp true), and take a new token.' },
    },
  ],
  [
    'IDPCommunicationError',
    /(?:)/,
    {
      id: 'issuer-unreachable',
      links: DOCUMENT_LINKS,
      otherwise:
        'The issuer answers here, but not to STS, which comes from the internet: a name that resolves only here, a firewall or a block of addresses keeps it out.',
      next: 'again',
    },
  ],
  [
    'IDPRejectedClaim',
    /(?:)/,
    {
      id: 'claim-rejected',
      links: [...TOKEN_LINKS, 'audience', 'provider'],
      otherwise:
        'STS takes a claim for rejected: that is what it says of tokens that have expired or were revoked.',
      next: 'again',
    },
  ],
]
