import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { kubectlFailed } from '../../src/core/problems/kubectl.ts'
import { hostUnknown } from '../../src/core/problems/network.ts'
import { Problem } from '../../src/core/problems/problem.ts'
import type { World } from '../../src/ports/world.ts'
import { quietProgress } from '../../src/ui/quiet.ts'
import { recogniseCluster } from '../../src/workflows/detect-cluster.ts'
import { verifyChain } from '../../src/workflows/verify/verify-chain.ts'
import type { Given } from '../../src/workflows/verify/walk.ts'
import { answersOf, ODD_ANSWERS, POD } from '../support/kubectl-answers.ts'

const ISSUER = 'https://oidc.example.com'
const ANSWERS = answersOf(ISSUER)
const DRY_RUN = '--dry-run=server'

const gone = () => Promise.reject(hostUnknown({ host: 'oidc.example.com' }, false, new Error()))

/** A kubectl that answers one call oddly; those that it does not know are refused. */
const kubectlWith =
  (odd: string, text: string) =>
  async (args: readonly string[]): Promise<string> => {
    const call = args.join(' ')
    if (call === odd || (odd === DRY_RUN && call.includes(odd))) return text
    const answer = call.includes(DRY_RUN) ? POD : ANSWERS[call]
    const refused = 'Error from server (Forbidden): it may not be read'
    if (answer === undefined) throw kubectlFailed(call, refused, new Error())
    return typeof answer === 'string' ? answer : JSON.stringify(answer)
  }

const worldWith = (kubectl: World['kubectl']): World =>
  ({
    kubectl,
    progress: quietProgress,
    options: { config: 'irsa.yaml' },
    env: {},
    cwd: '/nowhere',
    clock: { now: () => new Date('2026-11-22T12:00:00Z') },
    random: () => 0.5,
    files: { read: async () => undefined },
    addressesOf: async () => [],
    fetch: gone,
    peek: gone,
    readChain: gone,
    takesTls12: gone,
    trusting: gone,
  }) as never

const GIVEN = {
  issuer: parseIssuer(ISSUER),
  serviceAccount: { namespace: 'shop', name: 'checkout' },
  audience: 'sts.amazonaws.com',
  asksAws: false,
  asksCluster: true,
} as Given

describe.each([...Object.keys(ANSWERS), DRY_RUN])('what is answered to %s', (call) => {
  test.each(ODD_ANSWERS)('may be %s', async (_, odd) => {
    const world = worldWith(kubectlWith(call, JSON.stringify(odd)))
    const { links } = await verifyChain(world, GIVEN)
    expect(links.every(({ status }) => ['pass', 'warn', 'fail', 'skip'].includes(status))).toBe(
      true,
    )
    const recognised: unknown = await recogniseCluster(world).catch((error: unknown) => error)
    expect(recognised instanceof Problem || !(recognised instanceof Error)).toBe(true)
  })
})

test('what is no list of webhooks does not say that there is none', async () => {
  const world = worldWith(kubectlWith('get mutatingwebhookconfigurations -o json', '{}'))
  const { links } = await verifyChain(world, GIVEN)
  const webhook = links.find(({ id }) => id === 'webhook')
  expect(webhook?.findings.map(({ id }) => id)).not.toContain('webhook/missing')
})
