import { type ExitCode, Problem } from './problem.ts'

const problem = (
  code: string,
  exit: Exclude<ExitCode, 0>,
  text: { what: string; why: string; fix: string; cause?: unknown },
): Problem => new Problem({ code: `documents/${code}`, exit, ...text })

export const keySetUnparsable = (where: string, reason: string, cause?: unknown): Problem =>
  problem('key-set-unparsable', 1, {
    what: `The key set ${where} cannot be read: ${reason}.`,
    why: 'irsa adds keys to what is published and drops none, so it does not write over a key set that it cannot read.',
    fix: 'Look at the file. Put it right, or remove it if nothing depends on it, and run the command again.',
    cause,
  })

export const keySetEntryIncomplete = (where: string, number: number, member: string): Problem =>
  problem('key-incomplete', 1, {
    what: `Key number ${number} of the key set ${where} has no "${member}".`,
    why: 'STS finds the key of a token by its kid and fails on key sets that lack one, and "kty" says what the key is.',
    fix: `Give the key its "${member}", or remove it from the file if no token is signed with it.`,
  })

export const privateMember = (where: string, kid: string, members: readonly string[]): Problem =>
  problem('private-member', 1, {
    what: `The key "${kid}" in ${where} carries its private half (${members.join(', ')}).`,
    why: 'Whoever has read it can speak for every service account. irsa never publishes such a document, and touches none.',
    fix: 'If it was ever public, take it as stolen: make a new signer with irsa generate-keypair, let the API server sign with it at once, and remove this key everywhere. If it was not, leave the private members out.',
  })

export const privateKeyText = (where: string): Problem =>
  problem('private-member', 1, {
    what: `The document ${where} contains a private key in PEM form.`,
    why: 'Whoever has read it can speak for every service account. irsa never publishes such a document.',
    fix: 'Leave it out. If it was ever public, make a new signer with irsa generate-keypair and let the API server sign with it at once.',
  })

export const kidMismatch = (where: string, stated: string, computed: string): Problem =>
  problem('kid-mismatch', 1, {
    what: `The key "${stated}" in ${where} does not have the kid that kube-apiserver computes, "${computed}".`,
    why: 'The tokens of this cluster name the first, irsa would publish the second, and STS finds keys by that name only. So it is with an external signer, or when the key set was edited by hand.',
    fix: 'Pass the public key that the API server signs with: --public-key FILE. If an external signer names its keys by itself, serve its own key set instead.',
  })

export const tooManyKeys = (kty: string, count: number): Problem =>
  problem('too-many-keys', 1, {
    what: `The key set would hold ${count} ${kty} keys.`,
    why: 'STS takes at most 100 RSA and 100 EC keys, and refuses every token of that kind when there are more.',
    fix: 'Remove the keys that sign no more: irsa publish-jwks --prune, which names what it removes.',
  })

export const discoveryUnparsable = (where: string, cause?: unknown): Problem =>
  problem('discovery-unparsable', 1, {
    what: `The discovery document ${where} cannot be read: it is not a JSON object.`,
    why: 'Something else may be kept there, so irsa does not write over it.',
    fix: 'Look at the file. Remove it if nothing depends on it, or choose another --prefix, and run the command again.',
    cause,
  })

export const otherIssuer = (where: string, theirs: string, ours: string): Problem =>
  problem('other-issuer', 2, {
    what: `The discovery document ${where} belongs to another issuer, "${theirs}".`,
    why: `To write "${ours}" over it would break every role and token of that issuer.`,
    fix: `Choose another place for "${ours}" (--bucket, --prefix, --directory or --out-dir), or pass --issuer ${theirs} if that one is meant.`,
  })

export const wouldDropKeys = (where: string, kids: readonly string[]): Problem =>
  problem('would-drop-keys', 2, {
    what: `The key set ${where} has ${kids.length === 1 ? 'a key that was' : 'keys that were'} not given: ${kids.join(', ')}.`,
    why: 'build-documents writes the keys that it is given and no others. Every token that was signed with a key that goes would be refused.',
    fix: 'Give those keys too, with --public-key FILE, or choose another --out-dir. To add keys to those that are published: irsa publish-jwks --directory FOLDER',
  })

export const documentNotPublic = (url: string, status: number): Problem =>
  problem('not-public', 1, {
    what: `${url} answered ${status} to a request without credentials.`,
    why: 'STS reads it without credentials too. The bucket policy does not allow it, block public access of the bucket, the account or the organization overrides the policy, or the object is not there: S3 answers 403 for that as well.',
    fix: 'Run irsa plan to see what differs. If nothing does, ask whoever manages the account about S3 block public access.',
  })

export const documentRedirected = (url: string, location: string | undefined): Problem =>
  problem('redirected', 1, {
    what: `${url} answered with a redirect${location === undefined ? '' : ` to ${location}`}.`,
    why: 'STS is not known to follow redirects, so the document has to be at that very URL.',
    fix: 'Serve the document itself there, over https and without a redirect, or take the URL it redirects to as --issuer.',
  })

export const documentWrongContent = (url: string, written: string, served: string): Problem =>
  problem('wrong-content', 1, {
    what: `${url} does not serve what irsa wrote.`,
    why: `${difference(written, served)} A cache, another file, or another writer stands in between.`,
    fix: 'If a cache serves it, empty the cache or wait until it has expired. Then run the command again.',
  })

export const keysStillServed = (url: string, kids: readonly string[]): Problem => {
  const [keys, they] = kids.length === 1 ? ['key', 'it'] : ['keys', 'them']
  return problem('keys-still-served', 1, {
    what: `${url} still serves the ${keys} ${kids.join(', ')}.`,
    why: `The key set was written without ${they}. A cache still has the old one, or somebody else put ${they} back; as long as ${they === 'it' ? 'it is' : 'they are'} served, tokens signed with ${they} stay good.`,
    fix: 'If a cache serves it, empty the cache or wait until it has expired. Then run the command again.',
  })
}

export const documentUnreachableYet = (url: string, reason: string, cause?: unknown): Problem =>
  problem('unreachable-yet', 1, {
    what: `${url} cannot be read yet.`,
    why: `${reason} STS fetches the documents from there over the public internet, and IAM does too when the provider is made without a thumbprint.`,
    fix: 'See that the document is served there, then run the command again; it goes on where it stopped.',
    cause,
  })

export const documentContended = (where: string, attempts: number, cause?: unknown): Problem =>
  problem('contended', 1, {
    what: `${where} was changed by somebody else each of the ${attempts} times irsa tried to write it.`,
    why: 'irsa writes only over the very version that it has read, so that no key of another writer is lost.',
    fix: 'Run the command again when the other writers are done; what they wrote is kept.',
    cause,
  })

const EXCERPT = 24

/** Where two documents part, in words; lines count from 1. */
function difference(written: string, served: string): string {
  const length = Math.min(written.length, served.length)
  let at = 0
  while (at < length && written[at] === served[at]) at++
  const line = written.slice(0, at).split('\n').length
  const excerpt = (text: string): string =>
    at < text.length ? JSON.stringify(text.slice(at, at + EXCERPT)) : 'the end'
  const sizes = `It is ${served.length} characters long instead of ${written.length}`
  return `${sizes}, and differs first in line ${line}: ${excerpt(served)} instead of ${excerpt(written)}.`
}

export const discoveryMismatch = (
  url: string,
  wanted: string,
  found: string | undefined,
): Problem =>
  problem('discovery-mismatch', 1, {
    what: `The discovery document at ${url} does not name ${wanted}.`,
    why: `It names ${found === undefined ? 'none' : `"${found}"`}. STS compares byte for byte, and would refuse every token.`,
    fix: 'Pass the issuer exactly as its discovery document and its tokens name it: --issuer URL',
  })
