/** Does something when it is first asked for, and answers the same ever after. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** The same for each of several names. */
export function onceEach<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, () => T>()
  return (name) => {
    const known = made.get(name) ?? once(() => make(name))
    made.set(name, known)
    return known()
  }
}
