import { shellWord } from '../shell.ts'
import type { Remedy } from './finding.ts'

/** Where a document is kept, as far as it can be put right from here. */
export interface DocumentPlace {
  /** The command that has irsa write both documents; none where it cannot be known whole. */
  readonly publish: string | undefined
  /** The same, and published keys go that were not given. */
  readonly prune: string | undefined
  /** The command that removes the document. */
  readonly remove: string | undefined
  /** The command that copies it to a file. */
  readonly get: ((file: string) => string) | undefined
  /** The command that moves a file to its place. */
  readonly put: ((file: string) => string) | undefined
  /** The command that lets strangers read it, where that is a matter of one. */
  readonly open: string | undefined
  /** By kid, the command that makes a new pair in the place of a stolen one, and publishes it alone. */
  readonly renew: ReadonlyMap<string, string>
  /** Whether `publish` decides about its headers as well. */
  readonly hasHeaders: boolean
  /** What else can be done, a sentence. */
  readonly byHand: string
}

/** For what irsa writes over as a matter of course. */
export const rewrite = ({ publish, byHand }: DocumentPlace): Remedy =>
  publish === undefined
    ? { fix: byHand }
    : { fix: 'Have both documents written anew', command: publish }

/** For what irsa never writes over, since it might be somebody else's. */
export const replace = ({ publish, remove, byHand }: DocumentPlace): Remedy =>
  publish === undefined || remove === undefined
    ? { fix: byHand }
    : {
        fix: 'irsa does not write over what it cannot read, so remove the document and have it written anew',
        command: `${remove} && ${publish}`,
      }

/** For a header; of a folder's files the web server decides about those. */
export const resend = (place: DocumentPlace, server: string): Remedy =>
  place.hasHeaders ? rewrite(place) : { fix: server }

/** Drops every published key that was not given. */
export const prune = (place: DocumentPlace): Remedy =>
  place.prune === undefined
    ? { fix: place.byHand }
    : {
        fix: 'Drop the published keys that are not yours, after being shown which',
        command: place.prune,
      }

/**
 * Leaves some keys of a key set out, and every other one in, with a program of jq's. Without a pipe,
 * since a shell goes on behind one whatever became of its beginning.
 */
export function leaveOut({ get, put, publish, byHand }: DocumentPlace, which: string): Remedy {
  if (get === undefined || put === undefined || publish === undefined) return { fix: byHand }
  const mend = `jq -e ${shellWord(`.keys |= map(select(${which} | not))`)} ${PUBLISHED} > ${MENDED}`
  return {
    fix: `Leave those keys out and keep the others, which irsa does not do to a key set that it cannot read; ${PUBLISHED} is what was there`,
    command: [get(PUBLISHED), mend, put(MENDED), publish].join(' && '),
  }
}

const PUBLISHED = 'keys.published.json'
const MENDED = 'keys.mended.json'
