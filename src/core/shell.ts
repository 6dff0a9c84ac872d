/** One word as a POSIX shell wants it (XCU 2.2.2); almost always the text as it is. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
