import type { KeyObject } from 'node:crypto'

/** The forms in which openssl and others write keys down. */
export const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
export const pkcs1 = (key: KeyObject) => key.export({ type: 'pkcs1', format: 'pem' }).toString()
export const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
export const sec1 = (key: KeyObject) => key.export({ type: 'sec1', format: 'pem' }).toString()
export const pemOf = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`
