import { createPublicKey } from 'node:crypto'
import { pemBlocks } from '../pem.ts'
import { DOCUMENT_NAMES, type DocumentLink } from './document.ts'
import { type DocumentPlace, replace } from './document-place.ts'
import type { Finding, Remedy } from './finding.ts'
import { kubernetesKid } from '../public-key.ts'

/** Why nothing else matters any more. */
export const STOLEN =
  'Everybody on the internet can read it, so anybody can sign tokens for every service account, and take every role that trusts this issuer.'

/** What is to be done, in this order, as the beginning of a sentence. */
export const IN_CASE_OF_THEFT =
  'Take the key as stolen, now: make a new pair, let the API server sign with that one and no longer accept the old one, and take the old one out of the key set'

/** Where one command does nearly all of that. */
export const renewed = (command: string): Remedy => ({
  fix: `${IN_CASE_OF_THEFT}. The command does it but for the API server, for which irsa print-apiserver-flags --for auto has the flags then; tokens of the old key are refused from that moment on`,
  command,
})

const PEM = /-----BEGIN [^-]*PRIVATE KEY-----/
const MEMBER = /"(?:d|p|q|k)"\s*:\s*"[\w+/=-]{20,}/

/** Whether there may be a private key in a text, in whatever form. */
export const mayExpose = (body: string): boolean => PEM.test(body) || MEMBER.test(body)

/**
 * A private key in the text of a document: in PEM form, whatever the document is, or as members of a
 * key in JSON that cannot be read. What can be read is looked at key by key.
 */
export function exposedText(
  link: DocumentLink,
  body: string,
  readable: boolean,
  place: DocumentPlace,
): readonly Finding[] {
  if (!PEM.test(body) && (readable || !MEMBER.test(body))) return []
  return [
    {
      id: `${link}/private-key`,
      severity: 'high',
      summary: `A private key is published in ${DOCUMENT_NAMES[link]}`,
      why: STOLEN,
      ...afterTheft(link, body, place),
    },
  ]
}

/** With only the discovery document taken away, the stolen key would still be published. */
function afterTheft(link: DocumentLink, body: string, place: DocumentPlace): Remedy {
  const renewal = link === 'jwks' ? kidsIn(body).map((kid) => place.renew.get(kid)) : []
  const known = renewal.find((command) => command !== undefined)
  if (known !== undefined) return renewed(known)
  const { fix, command } = replace(place)
  if (command === undefined) return { fix: `${IN_CASE_OF_THEFT}. ${fix}` }
  return { fix: `${IN_CASE_OF_THEFT}. To take this document away first`, command }
}

/** Of the private keys in a text, with line breaks as JSON writes them or as they are. */
const kidsIn = (body: string): readonly string[] =>
  pemBlocks(body.replaceAll('\\n', '\n').replaceAll('"-----', '\n-----')).flatMap((block) => {
    if (block.state === 'damaged' || !block.label.endsWith('PRIVATE KEY')) return []
    const pem = `-----BEGIN ${block.label}-----\n${block.der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${block.label}-----\n`
    try {
      return [kubernetesKid(createPublicKey(pem).export({ type: 'spki', format: 'der' }))]
    } catch {
      return []
    }
  })
