import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

const invalid = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `issuer/${code}`, what, why, fix, exit: 2 })

export const issuerNotUrl = (text: string): Problem =>
  invalid(
    'not-a-url',
    `"${text}" is not a URL.`,
    'An issuer is the https URL under which the discovery document and the key set are served.',
    'Pass a whole URL, such as --issuer https://oidc.example.com.',
  )

export const issuerHostInvalid = (text: string, host: string): Problem =>
  invalid(
    'not-a-url',
    `"${text}" is not the URL of a host: "${host}" cannot be the name of one.`,
    'Names of hosts have letters, digits, hyphens and dots, so nobody can resolve this one.',
    'Pass the URL under which the documents are served, such as --issuer https://oidc.example.com.',
  )

export const issuerNotHttps = (text: string): Problem =>
  invalid(
    'not-https',
    `The issuer "${text}" does not start with https://.`,
    'IAM takes https issuers only, and STS fetches the documents over TLS.',
    'Serve the documents over https, and pass that URL with --issuer.',
  )

export const issuerHasExtras = (text: string, part: string, without: string): Problem =>
  invalid(
    `has-${part.replace(' ', '-')}`,
    `The issuer "${text}" has a ${part}.`,
    `IAM refuses an OIDC provider whose URL has a ${part}, and kube-apiserver serves no discovery for such an issuer.`,
    `Leave it out: --issuer ${shellWord(without)}`,
  )

export const issuerHasPort = (text: string, without: string): Problem =>
  invalid(
    'has-port',
    `The issuer "${text}" names a port.`,
    'IAM takes no port in the URL of an OIDC provider; STS always asks port 443.',
    `Serve the documents on port 443: --issuer ${shellWord(without)}`,
  )

export const issuerTrailingSlash = (text: string, without: string): Problem =>
  invalid(
    'trailing-slash',
    `The issuer "${text}" ends in a slash.`,
    'The issuer is compared byte for byte in the token, the discovery document and the IAM provider; one stray slash and STS finds no provider.',
    `Leave the slash out: --issuer ${shellWord(without)}`,
  )

export const issuerUpperCase = (text: string, lower: string): Problem =>
  invalid(
    'upper-case',
    `The issuer "${text}" has upper-case letters in its host.`,
    'Hosts are lower-cased on the way, while IAM compares the issuer byte for byte, so tokens would not match the provider.',
    `Write it in lower case: --issuer ${shellWord(lower)}`,
  )

export const issuerNotCanonical = (text: string, canonical: string): Problem =>
  invalid(
    'not-canonical',
    `The issuer "${text}" is not in the form that a URL parser gives it.`,
    `Whoever fetches it would ask for "${canonical}", while IAM and the tokens keep it byte for byte.`,
    `Write it so: --issuer ${shellWord(canonical)}`,
  )

export const issuerTooLong = (text: string): Problem =>
  invalid(
    'too-long',
    `The issuer is ${text.length} characters long: "${text.slice(0, 60)}…".`,
    'IAM takes at most 255 characters in the URL of an OIDC provider.',
    'Choose a shorter host with --issuer, or a shorter --prefix.',
  )
