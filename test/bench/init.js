import { join } from 'node:path'
import { BUCKET, byHand, NEEDS } from './by-hand.js'
import { inTurn, median, shown, timed } from './figures.js'
import { runIrsa } from './programs.js'
import { envOf, onFreshAws } from './sandbox.js'
import { atLeast } from './table.js'
import { mustWork } from './working.js'

const ROUNDS = 5

/** @type {{ http: number, https: number }} how many times faster `irsa init` has to be */
const LIMITS = { http: 7, https: 5 }

/** The bucket that `irsa init --name bench` makes in the embedded AWS. */
const OURS = 'irsa-bench-111122223333-eu-west-3-an'

/** @type {Record<string, Recipe>} */
const RECIPES = {
  irsa: {
    bucket: OURS,
    key: 'keys/sa-signer.key',
    follow: ({ issuer, ...place }) =>
      void runIrsa(['init', '--name', 'bench', '--yes', '--issuer', issuer.href], place),
  },
  byHand: { bucket: BUCKET, key: 'sa-signer.key', follow: byHand },
}

/**
 * @typedef {object} Recipe
 * @property {string} bucket
 * @property {string} key where it leaves the private key
 * @property {typeof byHand} follow
 */

/** @type {import('./run.js').Part} */
export const initAgainstByHand = {
  needs: NEEDS,
  async measure() {
    const rows = []
    for (const scheme of /** @type {const} */ (['http', 'https'])) rows.push(await compare(scheme))
    return rows
  },
}

/** @param {'http' | 'https'} scheme of the AWS API */
async function compare(scheme) {
  const contenders = Object.values(RECIPES).map((recipe) => () => once(recipe, scheme))
  const [ours, theirs] = (await inTurn(ROUNDS, contenders)).map(median)
  const ratio = theirs / ours
  return {
    what: `irsa init over ${scheme}, median of ${ROUNDS}`,
    figure: shown(ours),
    baseline: `${shown(theirs)}  by hand`,
    ratio,
    ...atLeast(ratio, LIMITS[scheme]),
  }
}

/**
 * @param {Recipe} recipe
 * @param {'http' | 'https'} scheme
 */
const once = ({ bucket, key, follow }, scheme) =>
  onFreshAws(async (sandbox, cwd) => {
    const issuer = new URL(`${sandbox.url}/${bucket}`)
    const env = envOf(sandbox, scheme, cwd)
    const time = timed(() => follow({ issuer, cwd, env }))
    await mustWork(sandbox, issuer, join(cwd, key))
    return time
  })
