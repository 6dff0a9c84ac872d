/** Of a path on a node, or on this machine, which may be Windows. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** Of a path on a node: the folder a file is in. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
