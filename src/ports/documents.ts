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
}

/** What a TLS server presented, and what this process thinks of it. */
export interface PresentedChain {
  /** Leaf first, exactly what came over the wire; never a root added from the local store. */
  readonly chain: readonly PresentedCertificate[]
  /** How the chain was judged with the roots this process trusts; `sha1` is that of the root. */
  readonly trust:
    | { readonly kind: 'public' }
    | { readonly kind: 'added-root'; readonly root: string; readonly sha1: string }
    | { readonly kind: 'untrusted'; readonly reason: string }
}

/**
 * Connects to the URL's host with SNI and reads the chain it presents.
 * @throws Problem `network/…` when no TLS connection comes about.
 */
export type ReadChain = (url: string, signal?: AbortSignal) => Promise<PresentedChain>
