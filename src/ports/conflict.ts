/**
 * Somebody else changed the thing between our read and our write, or a lost answer hid that our own
 * write went through. Whoever catches it reads again, compares again, and then decides.
 */
export class Conflict extends Error {
  override readonly name = 'Conflict'

  constructor(what: string, cause?: unknown) {
    super(what, { cause })
  }
}
