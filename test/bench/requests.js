import { AWS_CALLS } from './by-hand.js'
import { runIrsa } from './programs.js'
import { envOf, onFreshAws } from './sandbox.js'
import { atMost } from './table.js'

/** `debug: s3 PutObject 200 4 ms`, one line for every signed request. */
export const REQUEST = /^debug: (?:sts|iam|s3|s3-control) \w+ \S+ \d+ ms$/gm

/** @type {import('./run.js').Part} */
export const signedRequests = {
  needs: [],
  measure: () =>
    onFreshAws((sandbox, cwd) => {
      const surroundings = { cwd, env: envOf(sandbox, 'https', cwd) }
      const count = () => {
        const args = ['init', '--name', 'bench', '--yes', '--debug']
        const said = runIrsa(args, surroundings).stderr.toString()
        return said.match(REQUEST)?.length ?? 0
      }
      const [first, again] = [count(), count()]
      return [
        row('signed requests of a first init', first, `${AWS_CALLS}  by hand`, 12),
        row('signed requests of a second init', again, `${first}  the first`, 8),
      ]
    }),
}

function row(what, count, baseline, limit) {
  if (count === 0) throw new Error('No request was seen in what --debug says.')
  const ratio = count / Number.parseInt(baseline, 10)
  return { what, figure: String(count), baseline, ratio, ...atMost(count, limit) }
}
