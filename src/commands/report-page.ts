import type { Verification } from '../core/verify/link.ts'
import { assertNoSecrets } from '../core/secrets.ts'
import type { World } from '../ports/world.ts'
import { verificationPage } from '../ui/verification-page.ts'
import { reportPlace } from '../workflows/verify/report-place.ts'

/** The page of `--report`. */
export interface ReportPage {
  /** As the user named it. */
  readonly shown: string
  /** Puts what was found there, in the place of an older page. */
  write(found: Verification): Promise<void>
}

/** Looks at where the page is to be, before anything is asked of anybody. @throws Problem `files/…` */
export async function openReportPage(
  world: World,
  shown: string,
  version: string,
): Promise<ReportPage> {
  const path = await reportPlace(world, shown)
  const css = world.template('report/page.css')
  return {
    shown,
    async write(found) {
      const page = verificationPage(found, { at: world.clock.now(), version, css })
      assertNoSecrets(page, shown)
      if (world.options.dryRun !== true) await world.files.replace(path, page)
    },
  }
}
