import { shellWord } from '../shell.ts'
import { cut } from '../visible.ts'
import { Problem } from './problem.ts'

const refused = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `token/${code}`, what, why, fix, exit: 2, cause })

const STDIN = '-'

/** Where it was read, for the start of a sentence. */
const source = (place: string): string => (place === STDIN ? 'Standard input' : `The file ${place}`)

/** Sends the file, or what is piped in, through a filter; nothing is ever mended in silence. */
const through = (place: string, filter: string): string =>
  place === STDIN
    ? `Mend it on the way: … | ${filter} | irsa …`
    : `Mend it: ${filter} < ${shellWord(place)} > ${shellWord(`${place}.jwt`)}`

const WANTED =
  'A service account token is a JSON Web Token: three base64url texts with dots between them, on one line.'

const ASK_CLUSTER =
  'Ask the cluster for one: kubectl create token NAME -n NAMESPACE --audience sts.amazonaws.com'

export const tokenSourceMissing = (): Problem =>
  refused(
    'source-missing',
    'No token was named.',
    'There are three places to read one from: a file, standard input, and the cluster.',
    'Name the file, or - for standard input, or the service account to ask for with --service-account.',
  )

export const tokenEmpty = (place: string): Problem =>
  refused('empty', `${source(place)} is empty.`, WANTED, ASK_CLUSTER)

/** @param most STS takes no more characters */
export const tokenTooLong = (place: string, most: number): Problem =>
  refused(
    'too-long',
    `${source(place)} holds more than ${most} characters, and no token is that long.`,
    `STS takes tokens of at most ${most} characters, and those of Kubernetes have some 1000.`,
    ASK_CLUSTER,
  )

/** @param what such as `text in UTF-16` */
export const tokenBinary = (place: string, what: string, filter?: string): Problem =>
  refused(
    'binary',
    `${source(place)} holds ${what}.`,
    'A token is plain ASCII text.',
    filter === undefined ? ASK_CLUSTER : through(place, filter),
  )

/** @param what that it looks like, such as `a kubeconfig` */
export const tokenMistaken = (place: string, what: string, fix = ASK_CLUSTER): Problem =>
  refused('mistaken', `${source(place)} holds ${what}, and no token.`, WANTED, fix)

export const tokenNotJwt = (place: string, parts: number): Problem =>
  refused(
    'not-a-jwt',
    `${source(place)} holds no JSON Web Token: ${parts === 1 ? 'there is no dot in it' : `it has ${parts} parts`}.`,
    WANTED,
    ASK_CLUSTER,
  )

export const tokenEncrypted = (place: string, enc: string): Problem =>
  refused(
    'encrypted',
    `${source(place)} holds an encrypted token (JWE, ${cut(enc, 40)}).`,
    'It has five parts and not three. Neither STS nor irsa has the key to open it with, and Kubernetes makes none of that kind.',
    ASK_CLUSTER,
  )

export const tokenJsonSerialised = (place: string): Problem =>
  refused(
    'json-serialised',
    `${source(place)} holds a token in the JSON serialisation.`,
    'STS takes the compact one alone: header, payload and signature with dots between them.',
    'Give the compact serialisation (RFC 7515 section 7.1), which kubectl create token prints.',
  )

export const tokenLineBreak = (place: string, { line, column, what }: LineBreak): Problem =>
  refused(
    'line-break',
    `${source(place)} holds a token with ${what} inside, the first one after character ${column} of line ${line}.`,
    'base64 and terminals break long lines, and STS takes a token in one piece only.',
    through(place, "tr -d ' \\t\\r\\n'"),
  )

/** Where white space stands inside of a token. */
export interface LineBreak {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** Such as `3 line breaks`. */
  readonly what: string
}

/** @param what such as `"Bearer" in front of it` */
export const tokenWrapped = (place: string, what: string, filter: string): Problem =>
  refused(
    'wrapped',
    `${source(place)} holds a token with ${what}.`,
    'STS takes the token itself, and so does the file that AWS_WEB_IDENTITY_TOKEN_FILE names.',
    through(place, filter),
  )

export const tokenSeveral = (place: string, count: number): Problem =>
  refused(
    'several',
    `${source(place)} holds ${count} tokens.`,
    'One is looked at at a time, and STS takes one.',
    `Give one of them alone: ${place === STDIN ? '… | head -n 1 | irsa …' : `head -n 1 ${shellWord(place)} > ${shellWord(`${place}.jwt`)}`}`,
  )

/** @param part `header`, `payload` or `signature` */
export const tokenStandardBase64 = (place: string, part: string, found: string): Problem =>
  refused(
    'standard-base64',
    `${source(place)} holds a token whose ${part} has ${found} in it.`,
    'That is standard base64. Tokens are in base64url: - and _ in the place of + and /, and no = at the end (RFC 7515 section 2).',
    through(place, "sed 'y|+/|-_|; s/=//g'"),
  )

/** @param reason as the end of a sentence, such as `its length cannot be` */
export const tokenDamaged = (
  place: string,
  part: string,
  reason: string,
  cause?: unknown,
): Problem =>
  refused(
    'damaged',
    `${source(place)} holds a token whose ${part} cannot be read: ${reason}.`,
    'Part of it was probably lost when it was copied.',
    ASK_CLUSTER,
    cause,
  )

/** @param call the whole command, as a person would type it */
export const tokenNotPrinted = (call: string): Problem =>
  new Problem({
    code: 'token/not-printed',
    what: `${call} printed no token.`,
    why: 'Something else than the API server answered, or kubectl is not kubectl.',
    fix: `Look at what it prints, and show it to nobody: ${call}`,
    exit: 1,
  })
