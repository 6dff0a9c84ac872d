/** One document as it is kept now. */
export interface StoredDocument {
  readonly body: string
  /** What a conditional write names: S3's ETag, or a digest of the file. */
  readonly version: string
  readonly contentType?: string | undefined
  readonly cacheControl?: string | undefined
  /** S3's server-side encryption: `AES256`, `aws:kms`, …. */
  readonly encryption?: string | undefined
}

/** Where an issuer's two documents are kept. Keys are relative to the issuer, without a slash. */
export interface DocumentStore {
  read(path: string): Promise<StoredDocument | undefined>
  /**
   * Writes the document if it is still what `seen` says; `undefined` says it was absent.
   * @throws Conflict when it is not.
   */
  write(path: string, body: string, seen: StoredDocument | undefined): Promise<void>
  /** Removes the document, every version of it; absent is fine. */
  remove(path: string): Promise<void>
  /** Whether it is kept with the headers that `write` would give it. */
  isCurrent(seen: StoredDocument): boolean
}

/** What an anonymous stranger got for one GET, as STS would send it. */
export interface Fetched {
  readonly status: number
  readonly body: string
  readonly location?: string | undefined
  readonly contentType?: string | undefined
  readonly cacheControl?: string | undefined
}

/**
 * Gets a URL without credentials, without following redirects, over verified TLS.
 * @throws Problem `network/…` when there is no answer in time, or too much of it.
 */
export type AnonymousFetch = (url: string, signal?: AbortSignal) => Promise<Fetched>

/** One certificate as the server presented it. */
export interface PresentedCertificate {
  readonly subject: string
  readonly issuer: string
  /** ISO 8601, UTC. */
  readonly notAfter: string
  /** SHA-1 of the DER form, 40 lower-case hex digits. */
  readonly sha1: string
  /** ISO 8601, UTC. */
  readonly notBefore: string
}

/** What a TLS server presented, and what this process thinks of it. */
export interface PresentedChain {
  /** Leaf first, exactly what came over the wire; never a root added from the local store. */
  readonly chain: readonly PresentedCertificate[]
  /** How the chain was judged with the roots this process trusts; `sha1` is that of the root. */
  readonly trust:
    | { readonly kind: 'public' }
    | { readonly kind: 'added-root'; readonly root: string; readonly sha1: string }
    | {
        readonly kind: 'untrusted'
        readonly reason: string
        /** OpenSSL's name for it, or Node's, such as `CERT_HAS_EXPIRED`. */
        readonly code: string
      }
}

/** The same, with what it takes to judge the chain as somebody else would. */
export interface PresentedServer extends PresentedChain {
  /** What was agreed on, such as `TLSv1.3`. */
  readonly protocol: string
  /** Whom the first certificate is made out to, such as `DNS:oidc.example.com`. */
  readonly names: readonly string[]
  /** Whether the host of the URL is among them. */
  readonly named: boolean
  /**
   * For each certificate the positions of those presented that may have signed it, by names and by
   * signature; its own where it is self-signed.
   */
  readonly signedBy: readonly (readonly number[])[]
}

/**
 * Connects to the URL's host with SNI and reads the chain it presents.
 * @throws Problem `network/…` when no TLS connection comes about.
 */
export type ReadChain = (url: string, signal?: AbortSignal) => Promise<PresentedServer>

/**
 * Whether the URL's host agrees on TLS 1.2 with somebody who knows nothing newer, whatever its
 * certificate. @throws Problem `network/…` when it cannot be asked.
 */
export type TakesTls12 = (url: string, signal?: AbortSignal) => Promise<boolean>
