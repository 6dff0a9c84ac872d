import type { KeyObject } from 'node:crypto'
import { isObject, privateMembersOf } from '../jwk.ts'
import { kubernetesKid } from '../public-key.ts'
import { fitsKey, publicHalf, STS_ALGS } from '../signing-algs.ts'
import { recognisedKid } from './kid.ts'
import { quoted } from './escaped.ts'

/** A key of a published key set, however bad it is. */
export interface KeySeen {
  /** Counts from 1. */
  readonly number: number
  readonly entry: Readonly<Record<string, unknown>>
  /** Where it has one that is text. */
  readonly kid: string | undefined
  /** As it stands there, or an empty text. */
  readonly kty: string
  /** Where it can be used at all. */
  readonly usable: UsableKey | undefined
  /** The members of its private half that it carries. */
  readonly exposed: readonly string[]
}

/** What a key is, whatever it is called. */
export interface UsableKey {
  /** The name that kube-apiserver has for it. */
  readonly kid: string
  /** Size of the RSA modulus, or of the curve's field; 0 for other types. */
  readonly bits: number
  /** Of RFC 7518 section 3.1 those that it can sign with; none where STS takes no such key. */
  readonly algs: readonly string[]
  /** How somebody came to this other kid, where that is known. */
  readonly originOf: (kid: string) => string | undefined
}

/** Reads the entries of "keys"; undefined stands for one that is no object. */
export const readKeys = (entries: readonly unknown[]): readonly (KeySeen | undefined)[] =>
  entries.map((entry, index) => (isObject(entry) ? readKey(entry, index + 1) : undefined))

function readKey(entry: KeySeen['entry'], number: number): KeySeen {
  const { kid, kty } = entry
  return {
    number,
    entry,
    kid: typeof kid === 'string' ? kid : undefined,
    kty: typeof kty === 'string' ? kty : '',
    usable: usableKey(entry),
    exposed: privateMembersOf(entry),
  }
}

function usableKey(entry: KeySeen['entry']): UsableKey | undefined {
  const key = publicHalf(entry)
  if (key === undefined) return undefined
  const spki = key.export({ type: 'spki', format: 'der' })
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  return {
    kid: kubernetesKid(spki),
    ...strengthOf(key),
    originOf: (kid) => recognisedKid(kid, { spki, pem, pkcs1: pkcs1Of(key), entry }),
  }
}

function pkcs1Of(key: KeyObject) {
  if (key.asymmetricKeyType !== 'rsa') return undefined
  return {
    der: key.export({ type: 'pkcs1', format: 'der' }),
    pem: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
}

function strengthOf(key: KeyObject): Pick<UsableKey, 'bits' | 'algs'> {
  const fitting = Object.entries(STS_ALGS).filter(([, alg]) => fitsKey(alg, key))
  const [[, { bits = key.asymmetricKeyDetails?.modulusLength ?? 0 }] = ['', { bits: 0 }]] = fitting
  return { bits, algs: fitting.map(([name]) => name) }
}

/** The key as sentences call it. */
export const nameOf = ({ number, kid }: KeySeen): string =>
  kid === undefined || kid === '' ? `key number ${number}` : `the key ${quoted(kid)}`
