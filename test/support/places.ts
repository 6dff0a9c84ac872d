import { workplace, type Workplace } from './cli.ts'

/** A place lent to one test; disposing it gives it back. */
export interface Lent extends AsyncDisposable {
  readonly place: Workplace
}

/**
 * A few workplaces that tests take turns in, so that no more programs run side by side than the
 * machine has room for, and no test waits for a sandbox to start.
 */
export async function places(count: number): Promise<AsyncDisposable & { take(): Promise<Lent> }> {
  const all = await Promise.all(Array.from({ length: count }, () => workplace()))
  const free = [...all]
  const waiting: ((place: Workplace) => void)[] = []
  const giveBack = (place: Workplace): void => {
    place.aws.intercept(undefined)
    const next = waiting.shift()
    if (next) next(place)
    else free.push(place)
  }
  return {
    async take() {
      const place = free.pop() ?? (await new Promise<Workplace>((lend) => waiting.push(lend)))
      return { place, [Symbol.asyncDispose]: async () => giveBack(place) }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((place) => place[Symbol.asyncDispose]()))
    },
  }
}
