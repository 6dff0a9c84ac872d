import { USUAL_KEY_PAIR } from '../core/key-file.ts'
import { join } from 'node:path'
import { DEFAULT_AUDIENCE } from '../core/config.ts'
import { DISCOVERY_PATH, KEY_SET_PATH } from '../core/issuer.ts'
import { readPrivateKey } from '../core/private-key.ts'
import { Problem } from '../core/problems/problem.ts'
import { type ServiceAccount, shownServiceAccount, subjectOf } from '../core/service-account.ts'
import { signToken } from '../core/token.ts'
import type { Exchange } from '../ports/aws.ts'
import type { Progress } from '../ports/progress.ts'
import type { World } from '../ports/world.ts'
import type { Applied } from './applied.ts'
import { connect, readIssuer } from './connect.ts'
import { createRole } from './create-role.ts'
import { destroy } from './destroy.ts'
import { apply, init } from './init.ts'
import { givenBy } from './verify/given.ts'
import { verifyChain } from './verify/verify-chain.ts'

/** One thing that happened in the demo. */
export interface DemoStep {
  readonly id: string
  readonly status: 'pass' | 'fail'
  readonly summary: string
}

/** The story, and the links of the chain as they held before the demo broke one. */
export interface Demo {
  readonly steps: readonly DemoStep[]
  readonly links: readonly DemoStep[]
}

export interface DemoContext {
  /** A world whose AWS is the embedded one, in a folder of its own. */
  readonly world: World
  /** Where the steps are shown; what happens within them is not. */
  readonly progress: Progress
  /** A UUID, different in every run. */
  readonly tokenId: string
  /** Does what a well-meant clean-up does: takes the bucket's policy away. */
  readonly breakPolicy: (bucket: string) => void
}

type Summary = readonly [good: boolean, summary: string]

const NAME = 'demo'
const WHO: ServiceAccount = { namespace: 'shop', name: 'checkout' }
const TOKEN_SECONDS = 3600

/** An issuer, a role, a token, credentials; a link broken, noticed and mended; the issuer removed. */
export async function tellDemo(context: DemoContext): Promise<Demo> {
  const { world, breakPolicy } = context
  const yes = async () => true
  const { steps, tell } = teller(context.progress)

  let made: Applied | undefined
  await tell('init', `irsa init --name ${NAME}`, async () => {
    made = await init(world, { name: NAME }, yes)
    return [true, `${made.changes.length} things made, both documents public`]
  })
  if (made === undefined) return { steps, links: [] }
  const { aws } = await connect(world, made.region)
  const roleArn = await makeRole(context, tell)
  const token = await makeToken(context, made, tell)
  const exchange = (): Promise<Exchange> => aws.assume({ roleArn, token, sessionName: NAME })

  await tell('exchange', 'the pod gives its token to STS', async () => assumed(await exchange()))
  const bucket = made.bucket ?? ''
  await tell('break', 'somebody removes the bucket policy', async () => {
    breakPolicy(bucket)
    return refused(await exchange())
  })
  await tell('notice', 'irsa verify --sign', () => noticed(world, roleArn))
  await tell('mend', 'irsa apply', async () => {
    await apply(world, yes)
    return assumed(await exchange())
  })
  await tell('destroy', `irsa destroy --confirm ${NAME}`, async () => {
    const { left } = await destroy(world, { confirm: NAME }, async () => true)
    return left.length === 0
      ? [true, 'provider, documents and bucket are gone']
      : [false, `left: ${left.map(({ resource, why }) => `${resource}: ${why}`).join('; ')}`]
  })
  return { steps, links: chainOf(made, roleArn, steps) }
}

type Tell = (id: string, title: string, act: () => Promise<Summary>) => Promise<void>

/** Runs the steps and keeps what came of them; after one has failed the others are not tried. */
function teller(progress: Progress): { steps: DemoStep[]; tell: Tell } {
  const steps: DemoStep[] = []
  const tell: Tell = async (id, title, act) => {
    if (steps.some(({ status }) => status === 'fail')) return
    const ongoing = progress.begin(title)
    const [good, summary] = await act().catch((error: unknown) => {
      if (error instanceof Problem && error.code !== 'interrupted') return problemSummary(error)
      ongoing.failed()
      throw error
    })
    if (good) ongoing.done(summary)
    else ongoing.failed()
    steps.push({ id, status: good ? 'pass' : 'fail', summary })
  }
  return { steps, tell }
}

const problemSummary = ({ what, why, fix }: Problem): Summary => [false, `${what} ${why} ${fix}`]

/** STS walks the whole chain before it answers with credentials: that proves every link of it. */
function chainOf(made: Applied, roleArn: string, steps: readonly DemoStep[]): Demo['links'] {
  const exchange = steps.find(({ id }) => id === 'exchange')
  const status = exchange?.status ?? 'fail'
  const link = (id: string, summary = ''): DemoStep => ({ id, status, summary })
  return [
    link('signer-key', `kid ${made.keys[0]?.kid}`),
    link('discovery', `${made.issuer}/${DISCOVERY_PATH}`),
    link('jwks', `${made.issuer}/${KEY_SET_PATH}`),
    link('provider', made.providerArn ?? ''),
    link('audience', DEFAULT_AUDIENCE),
    link('token', subjectOf(WHO)),
    link('role', roleArn),
    link('sts', exchange?.summary),
  ]
}

async function makeRole({ world }: DemoContext, tell: Tell): Promise<string> {
  const account = shownServiceAccount(WHO)
  let roleArn = ''
  await tell('role', `irsa create-role ${account}`, async () => {
    const made = await createRole(world, [account], {}, async () => true)
    roleArn = made.roleArn
    return [true, roleArn]
  })
  return roleArn
}

async function makeToken(
  { world, tokenId }: DemoContext,
  { issuer, keys }: Applied,
  tell: Tell,
): Promise<string> {
  const shown = USUAL_KEY_PAIR.private
  let token = ''
  await tell('token', 'a token, signed as kube-apiserver does', async () => {
    const text = await world.files.readSecret(join(world.cwd, shown))
    token = await signToken(await readPrivateKey(text?.toString('latin1') ?? '', shown), {
      issuer: readIssuer(world, issuer),
      serviceAccount: WHO,
      audience: DEFAULT_AUDIENCE,
      issuedAt: world.clock.now(),
      lifetimeSeconds: TOKEN_SECONDS,
      id: tokenId,
    })
    return [true, `kid ${keys[0]?.kid}`]
  })
  return token
}

const assumed = (answer: Exchange): Summary =>
  answer.kind === 'assumed'
    ? [true, `credentials of ${answer.arn.split(':').at(-1)} until ${answer.expires}`]
    : [false, `STS refused: ${answer.code}: ${answer.message}`]

const refused = (answer: Exchange): Summary =>
  answer.kind === 'refused'
    ? [true, `STS refuses the token: ${answer.code}`]
    : [false, 'STS accepted a token whose issuer nobody can read']

/** What the one on call would find. */
async function noticed(world: World, roleArn: string): Promise<Summary> {
  const flags = { sign: true, serviceAccount: shownServiceAccount(WHO), roleArn } as const
  const given = await givenBy(world, { ...flags, cluster: false, aws: true })
  const { brokenLink, links } = await verifyChain(world, given)
  const broken = links.find(({ id }) => id === brokenLink)?.findings[0]?.id ?? 'nothing'
  return [broken === 'discovery/not-public-policy', `names what is broken: ${broken}`]
}
