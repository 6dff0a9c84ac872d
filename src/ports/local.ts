/** Files on this machine. Paths are absolute. Failures are Problems of `files/…`. */
export interface Files {
  /** The whole file, or undefined where there is none. */
  read(path: string): Promise<Buffer | undefined>
  /** Its first bytes, at most so many: for what may be a device, or a file of any size. */
  readSome(path: string, most: number): Promise<Buffer | undefined>
  /** A private key file: like `read`, and refused when anybody but its owner can read it. */
  readSecret(path: string): Promise<Buffer | undefined>
  /**
   * Makes a file that must not exist yet, whole or not at all, even if the process is killed.
   * @throws Conflict when it exists.
   */
  create(path: string, content: string, mode: 0o600 | 0o644): Promise<void>
  /** Puts a file in the place of whatever is there, whole or not at all. */
  replace(path: string, content: string, mode?: 0o600 | 0o644): Promise<void>
  remove(path: string): Promise<void>
  /**
   * Whether `replace` would work, before there is anything to write.
   * @throws Problem `files/no-place` where the folder is missing or not to be written to, or
   * something other than a file has the name.
   */
  checkPlace(path: string): Promise<void>
}

/** A fresh RSA key pair in the PEM forms that kube-apiserver reads. */
export interface FreshKeyPair {
  /** PKCS#1, `RSA PRIVATE KEY`. */
  readonly privatePem: string
  /** PKIX, `PUBLIC KEY`. */
  readonly publicPem: string
}

/** Makes an RSA key pair of this many bits, with exponent 65537. */
export type GenerateKeyPair = (bits: number) => Promise<FreshKeyPair>

/** A TLS server's certificate and key with the authority that signed it, all PEM. */
export interface ServingCertificate {
  readonly certificate: string
  /** PKCS#8, `PRIVATE KEY`. */
  readonly key: string
  /** The authority's certificate. Its key is gone, so it never signs anything else. */
  readonly authority: string
  readonly notAfter: Date
}

/** Makes a certificate for these DNS names, and an authority for it, both valid for so many days. */
export type MakeServingCertificate = (request: {
  readonly names: readonly string[]
  /** The authority's, for people. */
  readonly commonName: string
  readonly days: number
  readonly now: Date
}) => Promise<ServingCertificate>

/** Runs kubectl with these arguments and answers what it prints. @throws Problem `kubectl/…` */
export type Kubectl = (args: readonly string[], signal?: AbortSignal) => Promise<string>

/** Waits, unless interrupted. @throws Problem `interrupted` */
export type Sleep = (milliseconds: number) => Promise<void>

/** Time as the run sees it. */
export interface Clock {
  now(): Date
  sleep: Sleep
}

/** A folder that is gone, with everything in it, once the work in it has ended. */
export type InTemporaryFolder = <T>(work: (path: string) => Promise<T>) => Promise<T>

/** Runs a program with these variables beside ours, on our own terminal. Answers its exit code. */
export type RunProgram = (
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
) => Promise<number>
