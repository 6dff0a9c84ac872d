/**
 * A distinguished name on one line, most specific part first, as in RFC 4514: `CN=…, O=…, C=…`.
 * Node gives one part a line, the least specific first, with commas already escaped; undefined
 * where the name is empty, as the subject of a certificate may be that has alternative names only.
 */
export const oneLine = (name: string | undefined): string =>
  (name ?? '').split('\n').toReversed().join(', ') || '(no name)'
