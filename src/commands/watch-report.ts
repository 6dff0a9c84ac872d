import type { Verification } from '../core/verify/link.ts'
import { shareable } from '../core/verify/shareable.ts'
import type { Idle } from '../ports/progress.ts'
import type { World } from '../ports/world.ts'
import { secondOf } from '../core/times.ts'
import { quietProgress } from '../ui/quiet.ts'
import type { Given } from '../workflows/verify/walk.ts'
import { verifyChain } from '../workflows/verify/verify-chain.ts'
import { type Round, watchChain } from '../workflows/verify/watch-chain.ts'
import type { ReportPage } from './report-page.ts'
import { verificationDocument } from './verification-report.ts'

interface Watch {
  /** Seconds from one round to the next. */
  readonly interval: number
  readonly page: ReportPage | undefined
}

/**
 * Prints the whole chain, and then what becomes of it, until it is interrupted or nobody reads it any
 * more. Answers whether it held when it was last looked at.
 */
export async function reportWatch(
  world: World,
  given: Given,
  { interval, page }: Watch,
): Promise<boolean> {
  const { report, progress, clock } = world
  let idle: Idle | undefined
  let ok = false
  try {
    for await (const round of watchChain(clock, interval, walks(world, given))) {
      idle?.over()
      ok = round.found.ok
      if (round.changes?.length !== 0) await say(world, round, page)
      if (round.changes === undefined) {
        report.note(`\nLooking again every ${interval} s; stop with Ctrl-C.`)
      }
      if (!report.isRead()) break
      idle = progress.idle(`last looked at ${secondOf(round.at)}`)
    }
  } finally {
    idle?.over()
  }
  return ok
}

/** The first walk shows what it is doing; those after it go on behind the scenes. */
function walks(world: World, given: Given): () => Promise<Verification> {
  const rounds = [world]
  const behind = { ...world, progress: quietProgress }
  return () => verifyChain(rounds.pop() ?? behind, given)
}

async function say(
  { report, options }: World,
  { at, found, changes }: Round,
  page: ReportPage | undefined,
): Promise<void> {
  const shown = shareable(found)
  const changed = changes?.map(({ after }) => after.id) ?? []
  await report.entry(
    { ...verificationDocument(shown), at: secondOf(at), changed },
    changes === undefined ? report.verification(shown) : report.changes(at, changes),
  )
  await page?.write(shown)
  if (page !== undefined && changes === undefined) {
    report.note(`\n${options.dryRun ? 'Would be written to' : 'Written to'} ${page.shown}.`)
  }
}
