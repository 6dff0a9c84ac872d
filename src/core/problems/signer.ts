import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

const signer = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `signer/${code}`, what, why, fix, exit: 1 })

/** Writes the public half of a private key anew (openssl-pkey(1)). */
const publicHalf = (privateFile: string, publicFile: string): string =>
  `openssl pkey -in ${shellWord(privateFile)} -pubout -out ${shellWord(publicFile)}`

export const keyReadableByOthers = (path: string): Problem =>
  signer(
    'readable-by-others',
    `The private key ${path} can be read by others than its owner.`,
    'Whoever reads it can make tokens for every service account of the cluster.',
    `If nobody did: chmod 600 ${shellWord(path)}`,
  )

export const keyPairMismatch = (privateFile: string, publicFile: string): Problem =>
  signer(
    'mismatch',
    `${privateFile} and ${publicFile} do not belong together.`,
    'The API server would sign with one key while the other one is published, and every token would be refused. Neither file was touched.',
    `If the private key is the right one, put ${publicFile} aside and write it anew: ${publicHalf(privateFile, publicFile)}`,
  )

export const publicKeyMissing = (privateFile: string, publicFile: string): Problem =>
  signer(
    'public-missing',
    `There is ${privateFile}, but no ${publicFile}.`,
    'A run may have ended between the two. Nothing was touched.',
    `Write it from the private key: ${publicHalf(privateFile, publicFile)}`,
  )

export const privateKeyMissing = (privateFile: string, publicFile: string): Problem =>
  signer(
    'private-missing',
    `There is ${publicFile}, but no ${privateFile}.`,
    'A new private key would not belong to it. Nothing was touched.',
    `Put ${privateFile} back from where it is kept, or choose another folder with --out-dir.`,
  )

export const signerLost = (document: string, kids: readonly string[]): Problem =>
  signer(
    'lost',
    `${document} publishes keys already, but the files of their signer are not here.`,
    `A new signer would be added beside ${kids.join(', ')}, and the API server would hardly sign with it.`,
    'Put the key files back, or pass the public key that the cluster uses with --public-key. For a second signer on purpose, make it first: irsa generate-keypair',
  )
