import type { Screen } from './terminal.ts'
import type { Theme } from './theme.ts'

/** One link of the chain from a pod to its credentials. */
export interface ChainLink {
  readonly id: string
  readonly ok: boolean
  readonly detail: string
}

/** The chain as a picture, top to bottom, each link with what was seen of it. */
export function chainView(
  links: readonly ChainLink[],
  theme: Theme,
  { unicode }: Pick<Screen, 'unicode'>,
): string {
  const width = Math.max(...links.map(({ id }) => id.length))
  const [tee, end] = unicode ? ['├─▶', '└─▶'] : ['|->', '`->']
  const lines = links.map(({ id, ok, detail }, index) => {
    const mark = ok ? theme.good(theme.symbols.done) : theme.bad(theme.symbols.failed)
    return `   ${index === links.length - 1 ? end : tee} ${id.padEnd(width)}  ${mark} ${theme.dim(detail)}`
  })
  return [`  ${theme.strong('pod')}`, ...lines].join('\n')
}
