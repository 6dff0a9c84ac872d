import { Problem } from './problem.ts'

const refused = (code: string, what: string, why: string, fix: string, cause?: unknown): Problem =>
  new Problem({ code: `key/${code}`, what, why, fix, exit: 2, cause })

/** A file name as it can be pasted into a POSIX shell. */
const quoted = (file: string): string =>
  /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`

const NEW_KEY_PAIR = 'Make a new pair with: irsa generate-keypair'

export const keyEmpty = (file: string): Problem =>
  refused(
    'empty',
    `The key file "${file}" is empty.`,
    'A key is expected there in PEM form, starting with a line "-----BEGIN …".',
    `Restore the file, or remove it. ${NEW_KEY_PAIR}`,
  )

export const publicKeyBinary = (file: string): Problem =>
  refused(
    'not-pem',
    `The key file "${file}" is binary.`,
    'It is DER, or text in UTF-16. kube-apiserver reads PEM only, in plain ASCII.',
    `Convert it. A public key: openssl pkey -pubin -inform DER -in ${quoted(file)} -pubout -out ${quoted(`${file}.pem`)}. A certificate: openssl x509 -inform DER -in ${quoted(file)} -out ${quoted(`${file}.pem`)}.`,
  )

export const privateKeyBinary = (file: string): Problem =>
  refused(
    'not-pem',
    `The key file "${file}" is binary.`,
    'It is DER, or text in UTF-16. kube-apiserver reads PEM only, in plain ASCII.',
    `Convert it: (umask 077; openssl pkey -inform DER -in ${quoted(file)} -out ${quoted(`${file}.pem`)})`,
  )

export const keyNotPem = (file: string): Problem =>
  refused(
    'not-pem',
    `The file "${file}" holds no PEM block.`,
    'Keys are expected in PEM form, starting with a line "-----BEGIN …", as kube-apiserver reads them.',
    'Pass the file that the API server is given with --service-account-key-file, or sa.pub of a kubeadm cluster.',
  )

export const keyByteOrderMark = (file: string): Problem =>
  refused(
    'byte-order-mark',
    `The key file "${file}" starts with a byte order mark.`,
    'kube-apiserver takes "-----BEGIN" at the start of a line only, so it would silently skip the first key.',
    `Remove the mark: tail -c +4 ${quoted(file)} > ${quoted(`${file}.pem`)}`,
  )

export const keyPkcs1Public = (file: string, number: number): Problem =>
  refused(
    'pkcs1-public',
    `Block ${number} of "${file}" is an "RSA PUBLIC KEY" (PKCS#1).`,
    'kube-apiserver silently skips that form; it reads "PUBLIC KEY" (PKIX) and certificates.',
    `Convert it: openssl rsa -RSAPublicKey_in -in ${quoted(file)} -pubout -out ${quoted(`${file}.pkix`)}`,
  )

export const keyOpenSshPublic = (file: string): Problem =>
  refused(
    'openssh-public',
    `The key file "${file}" is in OpenSSH's own form.`,
    'kube-apiserver reads "PUBLIC KEY" (PKIX) and certificates in PEM, nothing of OpenSSH.',
    `Convert it: ssh-keygen -e -m PKCS8 -f ${quoted(file)} > ${quoted(`${file}.pem`)}`,
  )

export const keySsh2Public = (file: string): Problem =>
  refused(
    'openssh-public',
    `The key file "${file}" is in the form of RFC 4716, "SSH2 PUBLIC KEY".`,
    'kube-apiserver reads "PUBLIC KEY" (PKIX) and certificates in PEM, nothing of SSH.',
    `Convert it: ssh-keygen -i -m RFC4716 -f ${quoted(file)} > ${quoted(`${file}.ssh`)} && ssh-keygen -e -m PKCS8 -f ${quoted(`${file}.ssh`)} > ${quoted(`${file}.pem`)}`,
  )

export const keyOpenSshPrivate = (file: string): Problem =>
  refused(
    'openssh-private',
    `The key file "${file}" is a private key in OpenSSH's own form.`,
    'kube-apiserver reads "RSA PRIVATE KEY", "EC PRIVATE KEY" and "PRIVATE KEY", and skips this one.',
    `Convert a copy of it: cp -p ${quoted(file)} ${quoted(`${file}.pem`)} && ssh-keygen -p -m PEM -N '' -f ${quoted(`${file}.pem`)}`,
  )

export const keyPrivateGiven = (file: string, openSsh: boolean): Problem =>
  refused(
    'private-given',
    `"${file}" holds a private key, and a public one is needed here.`,
    'Whoever holds the private key can speak for every service account. It must not leave the control plane, and irsa has no use for it.',
    openSsh
      ? `Pass the public half: ssh-keygen -e -m PKCS8 -f ${quoted(file)} > ${quoted(`${file}.pub`)}`
      : `Pass the public half: openssl pkey -in ${quoted(file)} -pubout -out ${quoted(`${file}.pub`)}`,
  )

export const keyPublicGiven = (file: string): Problem =>
  refused(
    'public-given',
    `"${file}" holds a public key, and the private one is needed here.`,
    'Tokens are signed with the private key; its public half only verifies them.',
    `Pass the file with the private key, as in keys/sa-signer.key. ${NEW_KEY_PAIR}`,
  )

export const keyEncrypted = (file: string): Problem =>
  refused(
    'encrypted',
    `The private key in "${file}" is encrypted.`,
    'kube-apiserver cannot ask for a passphrase, so it cannot sign with this file.',
    `Decrypt it where it is used: (umask 077; openssl pkey -in ${quoted(file)} -out ${quoted(`${file}.plain`)})`,
  )

export const keyUnsupportedType = (where: string, type: string): Problem =>
  refused(
    'unsupported-type',
    `The key in "${where}" is of type ${type}.`,
    'kube-apiserver signs tokens with RSA and with the curves P-256, P-384 and P-521, and STS verifies no others.',
    `Use one of those. ${NEW_KEY_PAIR}`,
  )

export const keyTooSmall = (where: string, bits: number): Problem =>
  refused(
    'too-small',
    `The RSA key in "${where}" has ${bits} bits.`,
    'Under 2048 bits an RSA key is no longer safe to sign with; the Go library that kube-apiserver is built on refuses what is under 1024.',
    `Use at least 2048 bits. ${NEW_KEY_PAIR}`,
  )

export const keyUnsupportedBlock = (file: string, number: number, label: string): Problem =>
  refused(
    'unsupported-block',
    `Block ${number} of "${file}" is "${label}", which is not a key.`,
    'kube-apiserver silently skips what it cannot read, so that a missing key would be found out in production.',
    'Leave in the file only blocks "PUBLIC KEY" and "CERTIFICATE".',
  )

export const keyUnreadableBlock = (
  file: string,
  number: number,
  damage: string,
  cause?: unknown,
): Problem =>
  refused(
    'unreadable-block',
    `Block ${number} of "${file}" cannot be read: ${damage}.`,
    'kube-apiserver silently skips what it cannot read, so that a missing key would be found out in production.',
    'Copy the key again from where it came from, whole lines and without indentation, or remove the block.',
    cause,
  )
