import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { inTurn, median, shown } from './figures.js'
import { inFreshFolder, IRSA, ROOT } from './programs.js'
import { REQUEST } from './requests.js'
import { envOf } from './sandbox.js'
import { atMost } from './table.js'

const COUNT = 2000
const ROUNDS = 5
const PAGINATOR = fileURLToPath(new URL('all-roles.js', import.meta.url))

/** Tells the most memory that a process ever held, in KiB, as its last word. */
const TELL_PEAK =
  "--import=data:text/javascript,process.on('exit',()=>process.stderr.write('peak%20'+process.resourceUsage().maxRSS+'\\n'))"

/**
 * `irsa audit-roles` on 2,000 roles, some of which trust a cluster, or all of them, against a script
 * that only reads them, by the paginator of the SDK. Both start a process and read the same pages.
 * @type {import('./run.js').Part}
 */
export const auditOfRoles = {
  needs: [],
  measure: () =>
    inFreshFolder(async (folder) => {
      const rows = []
      for (const trusting of [0, 20, COUNT]) {
        const sandbox = await sandboxWithRoles(folder, trusting)
        try {
          rows.push(...(await measureOn(sandbox, folder, trusting)))
        } finally {
          await sandbox.close()
        }
      }
      return rows
    }),
}

async function measureOn(sandbox, cwd, trusting) {
  const surroundings = { cwd, env: { ...envOf(sandbox, 'http', cwd), NODE_OPTIONS: TELL_PEAK } }
  const args = ['audit-roles', '--no-cluster', '--fail-on', 'never', '-o', 'json', '--debug']
  const [ours, theirs] = await inTurn(ROUNDS, [
    () => measured([IRSA, ...args], surroundings),
    () => measured([PAGINATOR], surroundings),
  ])
  mustAudit(ours[0], trusting)
  const what = `${COUNT} roles, ${trusting} trust a cluster`
  const requests = ours[0].stderr.match(REQUEST)?.length ?? 0
  const [pages, count] = [Math.ceil(COUNT / 1000), Number(theirs[0].stdout)]
  if (count !== COUNT) throw new Error(`The paginator saw ${count} roles.`)
  return [
    row(`${what}: time`, shown, ours, theirs, 'time', 2.5),
    row(`${what}: peak memory`, megabytes, ours, theirs, 'peak', 1.5),
    {
      what: `${what}: requests`,
      figure: String(requests),
      baseline: `${pages}  the SDK's paginator`,
      ratio: requests / pages,
      ...atMost(requests, pages + 3),
    },
  ]
}

const megabytes = (kilobytes) => `${Math.round(kilobytes / 1024)} MiB`

function row(what, show, ours, theirs, name, limit) {
  const [one, other] = [ours, theirs].map((runs) => median(runs.map((run) => run[name])))
  const baseline = `${show(other)}  the SDK's paginator`
  return { what, figure: show(one), baseline, ratio: one / other, ...atMost(one / other, limit) }
}

/** Not `spawnSync`, since this process is the AWS. */
async function measured(args, { cwd, env }) {
  const started = performance.now()
  const options = { cwd, env, maxBuffer: 2 ** 28 }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options)
  const time = performance.now() - started
  return { time, peak: Number(/^peak (\d+)$/m.exec(stderr)?.[1]), stdout, stderr }
}

function mustAudit({ stdout }, trusting) {
  const { read, roles } = JSON.parse(stdout)
  const found = roles.flatMap(({ findings }) => findings).length
  if (read === COUNT && roles.length === trusting && found >= trusting) return
  throw new Error(`It read ${read} roles and found ${found} faults in ${roles.length}.`)
}

/** An account has more roles than can be made one by one, so they are put into the state. */
async function sandboxWithRoles(folder, trusting) {
  const { startSandbox } = await bundled(folder)
  const sandbox = await startSandbox({ directory: join(folder, 'aws'), plainHttp: true })
  const issuer = `${sandbox.url.slice('https://'.length)}/oidc`
  const provider = `arn:aws:iam::${sandbox.account}:oidc-provider/${issuer}`
  const created = new Date(0)
  sandbox.state.providers.set(provider, {
    arn: provider,
    url: `https://${issuer}`,
    clientIds: ['sts.amazonaws.com'],
    thumbprints: [],
    tags: [],
    created,
  })
  for (let at = 0; at < COUNT; at += 1) {
    const name = `role-${String(at).padStart(4, '0')}`
    sandbox.state.roles.set(name, {
      name,
      path: '/',
      arn: `arn:aws:iam::${sandbox.account}:role/${name}`,
      id: 'AROAEXAMPLE',
      created,
      description: undefined,
      maxSessionDuration: 3600,
      tags: [],
      boundary: undefined,
      instanceProfiles: new Set(),
      trustPolicy: trustPolicy(at < trusting ? { provider, issuer } : undefined, at),
      attached: new Set(['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']),
      inline: new Map([['app', INLINE]]),
    })
  }
  return sandbox
}

/** Of the usual size: some 600 characters. */
const INLINE = JSON.stringify({
  Version: '2012-10-17',
  Statement: Array.from({ length: 5 }, (_, at) => ({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: `arn:aws:s3:::bucket-${at}/*`,
  })),
})

/** Each that trusts a cluster lacks its audience, and lets in a whole namespace. */
function trustPolicy(cluster, at) {
  const statement =
    cluster === undefined
      ? { Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }
      : {
          Principal: { Federated: cluster.provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringLike: { [`${cluster.issuer}:sub`]: `system:serviceaccount:team-${at}:*` },
          },
        }
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
}

/** The embedded AWS as a module that this version of Node can read. */
async function bundled(folder) {
  const outfile = join(folder, 'sandbox.mjs')
  await build({
    entryPoints: [join(ROOT, 'src/sandbox/sandbox.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
    },
  })
  return import(pathToFileURL(outfile).href)
}
