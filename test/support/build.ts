import { execFileSync } from 'node:child_process'

/** The commands are tested as they are shipped, through bin/irsa.js and the bundle. */
export function setup(): void {
  execFileSync(process.execPath, ['.ci/build.js'], { stdio: 'inherit' })
}
