import type { Link, Verification } from '../core/verify/link.ts'
import { visible, visibleLine } from '../core/visible.ts'
import { type ChainLink, chainView } from './chain-view.ts'
import { fieldsView } from './fields-view.ts'
import { findingView, part, remedyView, roomOf } from './finding-view.ts'
import type { Surface } from './report.ts'
import { verdictOf } from './verdict.ts'
import { wrap, wrapLines } from './wrap.ts'

/**
 * What `irsa verify` found: the chain, below it what is wrong with how to mend it, what was noted,
 * what could not be looked at, and last the verdict. Elsewhere than on a terminal every link is a
 * line that begins with its status.
 */
export function verificationView(found: Verification, surface: Surface): string {
  const { screen, theme } = surface
  const { links } = found
  const paint = found.ok ? theme.good : theme.bad
  return [
    screen.isTerminal ? chainView(links.map(inPicture), theme, screen) : columns(links),
    ...links.flatMap(({ id, findings }) =>
      findings
        .filter(({ severity }) => severity !== 'info')
        .map((finding) => findingView(id, finding, surface)),
    ),
    ...notes(links, surface),
    ...openLinks(links).map((group) => openView(group, surface)),
    paint(theme.strong(verdictOf(found))),
  ].join('\n\n')
}

/** The reasons are below, once for all links that share them. */
const inPicture = (link: Link): ChainLink =>
  link.status === 'skip' ? { ...link, summary: 'not looked at' } : link

const columns = (links: readonly Link[]): string => {
  const width = Math.max(...links.map(({ id }) => id.length))
  return fieldsView(
    links.map(({ id, status, summary }) => [
      status,
      `${id.padEnd(width)}  ${visibleLine(summary)}`,
    ]),
  ).trimEnd()
}

/** What was seen and breaks nothing. */
function notes(links: readonly Link[], surface: Surface): string[] {
  const { theme } = surface
  const lines = links.flatMap(({ id, findings }) =>
    findings
      .filter(({ severity }) => severity === 'info')
      .flatMap((finding) => {
        const text = `${id}: ${sentence(visibleLine(finding.summary))} ${visibleLine(finding.why)}`
        const words = wrap(text, roomOf(surface))
        return [...part('noted', words, surface), ...remedyView(finding, surface)].map((line) =>
          theme.dim(line),
        )
      }),
  )
  return lines.length === 0 ? [] : [lines.join('\n')]
}

type Group = readonly [Link, ...Link[]]

/** The links that were left out, those together that share the reason. */
function openLinks(links: readonly Link[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const link of links.filter(({ status }) => status === 'skip')) {
    const reason = `${link.summary}\n${link.fix}`
    groups.set(reason, [...(groups.get(reason) ?? []), link] as unknown as Group)
  }
  return [...groups.values()]
}

function openView(group: Group, surface: Surface): string {
  const { screen, theme } = surface
  const [{ summary, fix }] = group
  const sign = screen.isTerminal ? theme.dim(theme.symbols.skipped) : 'skip'
  const room = roomOf(surface)
  return [
    `${sign} ${group.map(({ id }) => id).join(', ')}: not looked at`,
    ...part('why', wrapLines(sentence(visible(summary)), room), surface),
    ...part('takes', wrapLines(visible(fix), room), surface),
  ].join('\n')
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
