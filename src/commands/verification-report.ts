import { findingDocument } from '../core/verify/finding.ts'
import type { Verification } from '../core/verify/link.ts'
import { shareable } from '../core/verify/shareable.ts'
import type { NextCommand, World } from '../ports/world.ts'
import type { ReportPage } from './report-page.ts'

interface Beside {
  readonly page: ReportPage | undefined
  readonly next: readonly NextCommand[]
}

/**
 * Prints the chain: what was proved, what is broken, what could not be looked at. The page comes
 * after that, so that a full disk keeps nobody from seeing what was found.
 */
export async function reportVerification(
  world: World,
  found: Verification,
  { page, next }: Beside,
): Promise<void> {
  const { report, options } = world
  const shown = shareable(found)
  await report.result(verificationDocument(shown), report.verification(shown))
  if (page !== undefined) {
    await page.write(shown)
    report.note(`\n${options.dryRun ? 'Would be written to' : 'Written to'} ${page.shown}.`)
  }
  report.next(next)
}

/** As `-o json` prints it. */
export const verificationDocument = ({ issuer, ok, brokenLink, links }: Verification) => ({
  kind: 'Verification',
  issuer,
  ok,
  brokenLink,
  links: links.map(({ findings, ...link }) => ({
    ...link,
    findings: findings.map(findingDocument),
  })),
})
