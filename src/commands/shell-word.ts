/** For a shell: as it is where that is safe, else in single quotes (POSIX, 2.2.2). */
export const shellWord = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
