import { Problem } from './problem.ts'

const invalid = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `thumbprint/${code}`, what, why, fix, exit: 2 })

export const thumbprintInvalid = (text: string): Problem =>
  invalid(
    'invalid',
    `"${text.length > 120 ? `${text.slice(0, 120)}…` : text}" is not a thumbprint.`,
    'IAM takes the SHA-1 fingerprint of a certificate: 40 hexadecimal digits, with or without colons.',
    'Let irsa compute it: irsa print-thumbprint URL. Or pass --thumbprint auto or --thumbprint none.',
  )

export const tooManyThumbprints = (count: number, most: number): Problem =>
  invalid(
    'too-many',
    `${count} thumbprints are given.`,
    `IAM keeps at most ${most} thumbprints for an OIDC provider.`,
    'Keep the --thumbprint of the hosts that serve the two documents now or will soon.',
  )

export const thumbprintChoiceMixed = (word: string): Problem =>
  invalid(
    'mixed',
    `--thumbprint ${word} is given together with another --thumbprint.`,
    '"auto" computes the thumbprint and "none" leaves it to IAM, so neither goes with one that is passed.',
    'Keep one of them: --thumbprint auto, --thumbprint none, or one or more thumbprints.',
  )

export const untrustedChain = (presented: string, reason: string): Problem =>
  new Problem({
    code: 'thumbprint/untrusted-chain',
    what: `The thumbprint was not taken, because the server's certificate chain is not trusted here: ${presented}.`,
    why: `${reason}. A proxy in between may intercept TLS and present a certificate of its own, whose thumbprint would be useless to IAM; or the issuer's certificate is of a private CA.`,
    fix: 'If that CA is right, name the file with its root in NODE_EXTRA_CA_CERTS (or AWS_CA_BUNDLE) and run this again. Otherwise pass the thumbprint that you know with --thumbprint HEX, or leave it to IAM with --thumbprint none.',
    exit: 1,
  })

export const emptyChain = (): Problem =>
  new Problem({
    code: 'thumbprint/empty-chain',
    what: 'The server presented no certificate.',
    why: 'A thumbprint is computed from the last certificate of the chain, and there is none.',
    fix: 'Put the server right, pass the thumbprint with --thumbprint HEX, or leave it to IAM with --thumbprint none.',
    exit: 1,
  })
