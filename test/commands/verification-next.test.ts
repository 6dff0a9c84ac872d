import { expect, test } from 'vitest'
import { afterVerification } from '../../src/commands/verification-next.ts'
import type { Remedy } from '../../src/core/verify/finding.ts'
import { looked, verification } from '../../src/core/verify/link.ts'
import type { CommonOptions } from '../../src/ports/world.ts'
import type { Given } from '../../src/workflows/verify/walk.ts'

const AGAIN = 'irsa verify --token tk'
const OPTIONS = { config: 'irsa.yaml', output: 'human', input: true, color: true } as const

/** The commands that are proposed where links are broken that have these remedies. */
function proposed(...remedies: readonly Remedy[]): readonly string[] {
  const links = remedies.map((remedy) => {
    const finding = { id: 'role/x', severity: 'high', summary: 'x', why: 'y', ...remedy } as const
    return looked('role', '', { findings: [finding] })
  })
  const options: CommonOptions = OPTIONS
  // Of what was given nothing is read where something is broken.
  const walked = { given: {} as Given, again: AGAIN, reported: true }
  const found = verification('https://oidc.example.com', links)
  return afterVerification({ options }, found, walked).map(
    ({ command, why }) => `${command} # ${why}`,
  )
}

const LAST = `${AGAIN} # see whether it holds then`

test('the first command that mends something comes before the same run again', () => {
  expect(proposed({ fix: 'By hand.' }, { fix: 'Do it', command: 'irsa apply' })).toEqual([
    'irsa apply # mends role',
    LAST,
  ])
})

test('what only looks mends nothing', () => {
  const looking: Remedy = { fix: 'Name one', command: 'kubectl get pods', looks: true }
  expect(proposed(looking)).toEqual([LAST])
  expect(proposed(looking, { fix: 'Do it', command: 'irsa apply' })).toEqual([
    'irsa apply # mends role',
    LAST,
  ])
})

test('the run itself is not proposed twice', () => {
  expect(proposed({ fix: 'Try again', command: AGAIN })).toEqual([LAST])
})
