import manifest from '../package.json' with { type: 'json' }

/** As `irsa --version` prints it. */
export const VERSION: string = manifest.version
