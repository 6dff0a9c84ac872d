import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/**
 * An identifier as IAM makes them: four letters for the kind, then base32.
 * IAM user guide, reference_identifiers.html, "Unique ID prefixes".
 */
export const uniqueId = (prefix: 'AIDA' | 'AROA' | 'ASIA', length: number): string =>
  prefix + [...randomBytes(length)].map((byte) => ALPHABET[byte % 32]).join('')

/** The random part of user and role ids. */
export const ID_LENGTH = 17
