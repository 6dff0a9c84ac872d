import type { Finding } from './finding.ts'
import { atTheServer, isSelfSigned, type ServerSeen, shortName, shown } from './tls-server.ts'

/** How a chain is put together; positions count from 0. */
export interface Shape {
  /** From the leaf up by signatures, as far as it goes within what is presented. */
  readonly path: readonly number[]
  /** Each that comes again, with where it came first. */
  readonly repeated: readonly (readonly [position: number, first: number])[]
  /** Those that are neither of the path nor repeated. */
  readonly strays: readonly number[]
}

/** Takes a chain apart. Cross signatures leave a choice; the next one presented is preferred. */
export function shapeOf({ chain, signedBy }: Pick<ServerSeen, 'chain' | 'signedBy'>): Shape {
  const firstOf = (position: number): number =>
    chain.findIndex(({ sha1 }) => sha1 === chain[position]?.sha1)
  const climb = (path: readonly number[], end: number): readonly number[] => {
    const above = (signedBy[end] ?? []).map(firstOf).filter((one) => !path.includes(one))
    const next = above.includes(end + 1) ? end + 1 : above[0]
    return next === undefined ? path : climb([...path, next], next)
  }
  const path = climb([0], 0)
  const positions = chain.map((_, position) => position)
  return {
    path,
    repeated: positions
      .map((position) => [position, firstOf(position)] as const)
      .filter(([position, first]) => position !== first),
    strays: positions.filter((one) => !path.includes(one) && firstOf(one) === one),
  }
}

/** Whether the issuer of the last certificate of the path has to be known already. */
const leadsOut = (server: ServerSeen, { path }: Shape): boolean =>
  !isSelfSigned(server, path.at(-1)!)

/** IAM user guide, id_roles_providers_create_oidc.html: what a chain has to look like. */
const DEMANDED =
  'IAM demands the certificate of the server first, then each issuer once, up to the root where that is sent at all. Browsers and Node put up with other chains; AWS does not, and finds the signature wrong.'

/** What is wrong with the way a chain is put together, for AWS: order, repetitions, gaps, strangers. */
export function shapeFindings(server: ServerSeen, issuer: string): readonly Finding[] {
  const shape = shapeOf(server)
  const gap =
    shape.strays.length > 0 && server.trust.kind === 'untrusted' && leadsOut(server, shape)
  const fix = atTheServer(
    'Serve the file that your CA or ACME client calls the full chain, unchanged.',
    issuer,
  )
  const faults = [
    ...disorder(server, shape),
    ...repetitions(server, shape),
    ...(gap ? [gapAfter(server, shape)] : strangers(server, shape)),
  ]
  return faults.map((fault) => ({ severity: 'high', fix, ...fault }))
}

type Fault = Pick<Finding, 'id' | 'summary' | 'why'>

function disorder(server: ServerSeen, { path }: Shape): Fault[] {
  if (path.every((position, index) => index === 0 || position > path[index - 1]!)) return []
  const named = (positions: readonly number[]): string =>
    positions.map((position) => shortName(server.chain[position]?.subject ?? '')).join(' > ')
  return [
    {
      id: 'tls/chain-order',
      summary: `The server presents its chain in the wrong order: ${numbers(path)} would be the right one`,
      why: `${DEMANDED}\npresented: ${named(path.toSorted((one, other) => one - other))}\nin order:  ${named(path)}`,
    },
  ]
}

const numbers = (path: readonly number[]): string => path.map((position) => position + 1).join(', ')

const repetitions = (server: ServerSeen, { repeated }: Shape): Fault[] =>
  repeated.slice(0, 1).map(([position, first]) => ({
    id: 'tls/chain-duplicate',
    summary: `The server presents a certificate twice: ${shown(server, position)} is certificate ${first + 1} again`,
    why: DEMANDED,
  }))

const strangers = (server: ServerSeen, { strays }: Shape): Fault[] =>
  strays.slice(0, 1).map((position) => ({
    id: 'tls/chain-extra',
    summary: `The server presents a certificate that is not of its chain: ${shown(server, position)}`,
    why: DEMANDED,
  }))

function gapAfter(server: ServerSeen, { path, strays }: Shape): Fault {
  const end = path.at(-1)!
  return {
    id: 'tls/intermediate-missing',
    summary: `The server leaves an intermediate certificate out: ${shortName(server.chain[end]?.issuer ?? '')} issued ${shown(server, end)}, and ${shown(server, strays[0]!)} is another one`,
    why: DEMANDED,
  }
}
