import { listed } from '../core/words.ts'
import type { Link, Verification } from '../core/verify/link.ts'

/** What came of the walk, in one sentence. */
export function verdictOf({ links }: Pick<Verification, 'links'>): string {
  const [broken, ...further] = idsOf(links, 'fail')
  if (broken !== undefined) {
    const also = further.length === 0 ? '' : `, and further on at ${listed(further)}`
    return `The chain is broken at ${broken}${also}.`
  }
  const open = idsOf(links, 'skip').length
  if (open === links.length)
    return 'The chain was not walked: none of its links could be looked at.'
  return `The chain holds${open === 0 ? '' : ', as far as it was walked'}: ${countsOf(links)}.`
}

function countsOf(links: readonly Link[]): string {
  const warned = idsOf(links, 'warn').length
  const open = idsOf(links, 'skip').length
  const proved = links.length - open - warned
  return [
    open + warned === 0
      ? `all ${links.length} links proved`
      : `${proved} of ${links.length} links proved`,
    ...(warned === 0 ? [] : [`${warned} with a warning`]),
    ...(open === 0 ? [] : [`${open} not looked at`]),
  ].join(', ')
}

const idsOf = (links: readonly Link[], status: Link['status']): string[] =>
  links.filter((link) => link.status === status).map(({ id }) => id)
