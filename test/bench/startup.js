import { inTurn, median, shown, timed } from './figures.js'
import { inFreshFolder, IRSA, run } from './programs.js'
import { atMost } from './table.js'

const ROUNDS = 30
const LIMIT = 1.25

/** @type {import('./run.js').Part} */
export const startUp = {
  needs: [],
  measure: () =>
    inFreshFolder(async (cwd) => {
      const node = (...args) => timed(() => void run(process.execPath, args, { cwd }))
      const contenders = [
        ['-e', '0'],
        [IRSA, '--version'],
        [IRSA, '--help'],
      ]
      const [bare, version, help] = await inTurn(
        ROUNDS,
        contenders.map((args) => () => node(...args)),
      )
      return [...rows('irsa --version', version, bare), ...rows('irsa --help', help, bare)]
    }),
}

const minimum = (values) => Math.min(...values)

function rows(what, ours, bare) {
  return Object.entries({ median, minimum }).map(([name, of]) => {
    const ratio = of(ours) / of(bare)
    return {
      what: `${what}, ${name} of ${ROUNDS}`,
      figure: shown(of(ours)),
      baseline: `${shown(of(bare))}  node -e 0`,
      ratio,
      ...atMost(ratio, LIMIT),
    }
  })
}
