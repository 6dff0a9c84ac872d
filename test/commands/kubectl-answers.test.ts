import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { type KubectlAnswers, standInKubectl } from '../support/kubectl.ts'
import {
  answersOf,
  BEHIND,
  behind,
  configuration,
  CONFIGURATIONS,
  ODD_ANSWERS,
} from '../support/kubectl-answers.ts'
import { expectProblem } from '../support/problems.ts'
import { verify } from '../support/verified.ts'

const FOREIGN = '--server=http://127.0.0.1:18999'
const ACCOUNT = ['--service-account', 'shop/checkout']

let place: Workplace
let answers: KubectlAnswers

beforeAll(async () => {
  place = await workplace()
  const made = await place.run(['init', '--name', 'prod', '--yes', '-o', 'json'])
  answers = answersOf(made.json<{ issuer: string }>().issuer)
})
afterAll(() => place?.[Symbol.asyncDispose]())
beforeEach(() => rm(join(place.cwd, 'kubectl.log'), { force: true }))

const look = async (odd: KubectlAnswers) =>
  verify(place, ['--no-aws', ...ACCOUNT], await standInKubectl(place.cwd, { ...answers, ...odd }))

const asked = (): Promise<string> =>
  readFile(join(place.cwd, 'kubectl.log'), 'utf8').catch(() => '')

const installed = (names: Parameters<typeof configuration>[0]) => ({
  [CONFIGURATIONS]: { items: [configuration(names)] },
})

test.each([
  ['a Secret that a volume names', { [BEHIND]: behind(FOREIGN) }],
  ['a Secret in an annotation', installed({ secret: FOREIGN })],
  ['a namespace', installed({ namespace: FOREIGN })],
  ['a Service', installed({ name: FOREIGN })],
])('the name of %s never is an option of kubectl', async (_, odd) => {
  const { ended } = await look(odd)
  expect(await asked()).toContain(CONFIGURATIONS)
  expect(await asked()).not.toContain('--server')
  expect(ended.stdout + ended.stderr).not.toContain(FOREIGN)
})

test.each(['verify', 'inspect-token'])('nor is the --pod of irsa %s', async (command) => {
  const env = await standInKubectl(place.cwd, answers)
  const ended = await place.run([command, ...ACCOUNT, `--pod=${FOREIGN}`, '-o', 'json'], env)
  expectProblem(ended, { code: 'workload/pod-invalid', exit: 2, says: ['--pod'] })
  expect(await asked()).toBe('')
})

test('answers of any shape are no bug of irsa', async () => {
  for (const [, odd] of ODD_ANSWERS) {
    const all = Object.keys(answers).filter((call) => call !== 'get --raw /version')
    const found = await look(Object.fromEntries(all.map((call) => [call, JSON.stringify(odd)])))
    expect(found.links.map(({ id }) => id)).toContain('webhook')
  }
})
