import { shareable } from '../core/verify/shareable.ts'
import type { World } from '../ports/world.ts'
import { givenBy, type VerifyFlags } from '../workflows/verify/given.ts'
import { verifyChain } from '../workflows/verify/verify-chain.ts'
import { openReportPage } from './report-page.ts'
import { afterVerification } from './verification-next.ts'
import { reportVerification } from './verification-report.ts'
import { reportWatch } from './watch-report.ts'

/** What to look at, how often, and where to say so. */
export interface VerifyOptions extends VerifyFlags {
  readonly watch?: true
  /** Seconds. */
  readonly interval?: number
  readonly report?: string
}

interface Called {
  /** The command as it was given, to be typed again. */
  readonly again: string
  /** Of irsa. */
  readonly version: string
}

const USUAL_INTERVAL = 30

/** Walks the chain, once or as a watch, and prints it. Answers whether it holds. */
export async function runVerify(
  world: World,
  flags: VerifyOptions,
  { again, version }: Called,
): Promise<boolean> {
  const { watch, interval = USUAL_INTERVAL, report } = flags
  const given = await givenBy(world, flags)
  const page = report === undefined ? undefined : await openReportPage(world, report, version)
  if (watch === true) return reportWatch(world, given, { interval, page })
  const found = await verifyChain(world, given)
  const next = afterVerification(world, shareable(found), {
    given,
    again,
    reported: page !== undefined,
  })
  await reportVerification(world, found, { page, next })
  return found.ok
}
