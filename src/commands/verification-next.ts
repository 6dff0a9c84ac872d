import type { Finding } from '../core/verify/finding.ts'
import type { LinkId, Verification } from '../core/verify/link.ts'
import { shellWord } from '../core/shell.ts'
import { isWildcard } from '../core/subject.ts'
import type { NextCommand, World } from '../ports/world.ts'
import { optionsAsGiven } from '../workflows/given-options.ts'
import type { Given } from '../workflows/verify/walk.ts'

interface Walked {
  readonly given: Given
  /** The command as it was given, to be typed again. */
  readonly again: string
  /** Whether a page was asked for. */
  readonly reported: boolean
}

/** What to type after a verification: what mends it, or what shows more of it. */
export function afterVerification(
  world: Pick<World, 'options'>,
  found: Verification,
  walked: Walked,
): NextCommand[] {
  if (found.ok && found.links.every(({ status }) => status !== 'warn')) {
    return toSeeMore(world, found, walked).slice(0, 3)
  }
  const { again, reported } = walked
  const mending = mendingOf(found, again)
  // To look again in another way may be all that there is to mend.
  const looksAgain = mending?.command.startsWith('irsa verify') === true
  const next = looksAgain ? mending.command : again
  return [
    ...(mending === undefined ? [] : [mending]),
    ...(looksAgain ? [] : [{ command: next, why: 'see whether it holds then' }]),
    ...(reported
      ? []
      : [{ command: `${next} --report chain.html`, why: 'the same as a page to send around' }]),
  ]
}

/** The first command that mends something: what is broken before what is only warned of. */
function mendingOf({ links }: Verification, again: string): NextCommand | undefined {
  const wrongs = links.flatMap(({ id, findings }) =>
    findings.map((finding): readonly [LinkId, Finding] => [id, finding]),
  )
  const mendable = (high: boolean) =>
    wrongs.find(
      ([, { command, looks, severity }]) =>
        command !== undefined &&
        command !== again &&
        looks === undefined &&
        severity !== 'info' &&
        (severity === 'high') === high,
    )
  const [id, finding] = mendable(true) ?? mendable(false) ?? []
  return finding?.command === undefined
    ? undefined
    : { command: finding.command, why: `mends ${id}` }
}

function toSeeMore(
  world: Pick<World, 'options'>,
  { links }: Verification,
  { given, again }: Walked,
): NextCommand[] {
  const { signer, token, asksAws } = given
  const wasSeen = (id: LinkId): boolean =>
    links.some((link) => link.id === id && link.status !== 'skip')
  const workload = workloadFlag(given)
  const canSign = asksAws && signer === undefined && token === undefined && hasPrivateKey(given)
  const account = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  return [
    ...(workload !== '' && (wasSeen('apiserver') || signer !== undefined)
      ? [{ command: `${again}${workload}`, why: 'all of it for one workload' }]
      : []),
    ...(canSign && !wasSeen('sts')
      ? [
          {
            command: `${again}${workload} --sign`,
            why: 'prove the AWS side with a token signed here',
          },
        ]
      : []),
    ...(wasSeen('provider')
      ? [
          {
            command: `irsa audit-roles${account}`,
            why: 'what is wrong with the roles that trust it',
          },
        ]
      : []),
  ]
}

/** The flag for a workload of irsa.yaml, or one to be filled in; nothing where one was given. */
function workloadFlag({ file, serviceAccount }: Given): string {
  if (serviceAccount !== undefined) return ''
  const named = (file?.config.roles ?? [])
    .flatMap(({ serviceAccounts }) => serviceAccounts)
    .find((name) => !isWildcard(name))
  return ` --service-account ${shellWord(named ?? 'NAMESPACE/NAME')}`
}

const hasPrivateKey = ({ file }: Given): boolean =>
  file?.config.keys.some((key) => key.private !== undefined) === true
