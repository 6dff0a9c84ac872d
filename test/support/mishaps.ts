import type { Interception } from '../../src/sandbox/http/gateway.ts'
import type { CallName } from './signed-calls.ts'

/** Something that goes wrong at a call, a few times, and that a run gets over by itself. */
export interface Mishap {
  readonly what: string
  readonly interception: Interception
  readonly times: number
  readonly calls: readonly CallName[]
}

/** An answer of AWS that stands in the place of the right one. */
export const answer = (status: number, code: string, message = 'Please try again.') =>
  ({ kind: 'error', status, code, message }) as const

const isOfS3 = (call: CallName): boolean => !/Provider|Identity|Role/.test(call)

/** The call is carried out, and nobody hears of it: what is sent again meets its own doing. */
export const lostAnswer = (calls: readonly CallName[]): Mishap => ({
  what: 'a lost answer',
  calls,
  times: 1,
  interception: { kind: 'drop-after' },
})

/** What may happen to every call. Each service has its own word for too many requests. */
export const everydayMishaps = (calls: readonly CallName[]): readonly Mishap[] => [
  lostAnswer(calls),
  { what: 'a 500', calls, times: 1, interception: answer(500, 'InternalError') },
  {
    what: 'a 503 SlowDown',
    calls: calls.filter(isOfS3),
    times: 1,
    interception: answer(503, 'SlowDown', 'Please reduce your request rate.'),
  },
  {
    what: 'a Throttling',
    calls: calls.filter((call) => !isOfS3(call)),
    times: 1,
    interception: answer(400, 'Throttling', 'Rate exceeded'),
  },
]

/** One line per kind of mishap, and the sum: `30 of 30: a lost answer 10, a 500 10, …`. */
export function tally(kinds: readonly { what: string; calls: readonly CallName[] }[]) {
  const done: string[] = []
  const expected = kinds.reduce((sum, { calls }) => sum + calls.length, 0)
  return {
    expected,
    count: (what: string) => void done.push(what),
    reached: () => done.length,
    line: () =>
      `${done.length} of ${expected}: ${kinds
        .map(({ what }) => `${what} ${done.filter((one) => one === what).length}`)
        .join(', ')}`,
  }
}
