import { bug } from './core/problems/bug.ts'
import { type ExitCode, Problem } from './core/problems/problem.ts'
import { wantsJson } from './output-choice.ts'
import { problemDocument, problemView } from './ui/problem-view.ts'
import { screenOf } from './ui/terminal.ts'
import { themeOf } from './ui/theme.ts'
import type { Edge } from './world.ts'

/** Draws what ended a run on stderr: a problem, or, with its stack, a bug of ours. */
export function drawProblem(error: unknown, argv: readonly string[], edge: Edge): ExitCode {
  const { env } = edge
  const screen = screenOf(edge.stderr, { env, color: !argv.includes('--no-color') })
  const problem = error instanceof Problem ? error : bug(error)
  screen.write(
    wantsJson(argv, env)
      ? problemDocument(problem)
      : problemView(problem, themeOf(screen), screen.width),
  )
  return problem.exit
}
