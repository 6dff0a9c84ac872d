import type { Writable } from 'node:stream'

/** One output stream, as far as drawing goes. */
export interface Screen {
  write(text: string): void
  /** False once the reader is gone, as that of `irsa … | head -1`. */
  readonly isOpen: boolean
  readonly isTerminal: boolean
  /** Columns; 80 where nobody says. */
  readonly width: number
  readonly color: boolean
  /** Whether ✓ and its like can be shown. */
  readonly unicode: boolean
}

export interface ScreenOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** False with `--no-color`. */
  readonly color: boolean
}

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** Looks at a stream once, so that nothing else has to ask whether it is a terminal. */
export function screenOf(stream: Stream, { env, color }: ScreenOptions): Screen {
  const isTerminal = stream.isTTY === true
  // Standard streams are never destroyed, so that they do not say it themselves.
  let isOpen = true
  stream.once('error', () => {
    isOpen = false
  })
  return {
    write: (text) => void stream.write(text),
    get isOpen() {
      return isOpen
    },
    isTerminal,
    get width() {
      return stream.columns || 80
    },
    color: color && wantsColor(env, isTerminal),
    unicode: /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''),
  }
}

/** no-color.org; FORCE_COLOR and TERM=dumb as other tools read them. */
function wantsColor(env: ScreenOptions['env'], isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
  return isTerminal && env['TERM'] !== 'dumb'
}
