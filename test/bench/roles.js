import { execFile } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { shown } from './figures.js'
import { throughLatency } from './latency.js'
import { IRSA } from './programs.js'
import { REQUEST } from './requests.js'
import { envOf, onFreshAws } from './sandbox.js'
import { atLeast, atMost } from './table.js'

const COUNT = 200

/** The bucket that `irsa init --name bench` makes in the embedded AWS. */
const BUCKET = 'irsa-bench-111122223333-eu-west-3-an'

const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
const PolicyDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
})
const Statement = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
}
const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })

/** IAM of a partition is in one region: from another continent it takes five times as long. */
const LATENCY_MS = 20

/**
 * 200 roles of irsa.yaml, each with a managed and an inline policy, against a script that makes the
 * same calls of the SDK one after the other, both with 20 ms to AWS. In the script's favour, it is
 * not charged for starting, or for comparing what it reads.
 * @type {import('./run.js').Part}
 */
export const manyRoles = {
  needs: [],
  async measure() {
    const far = (work) =>
      onFreshAws((sandbox, cwd) =>
        throughLatency(sandbox.plainUrl, LATENCY_MS, (plainUrl) =>
          work({ ...sandbox, plainUrl }, cwd),
        ),
      )
    const [first, again] = await far(byIrsa)
    const [made, read] = await far(bySdk)
    return [
      row(`${COUNT} roles from nothing`, first, made, 4),
      row(`${COUNT} roles, nothing to do`, again, read, 10),
      requestRow(`requests for ${COUNT} roles from nothing`, first, made, 3 * COUNT + 20),
      requestRow(`requests for ${COUNT} roles, nothing to do`, again, read, 20),
    ]
  },
}

/**
 * @typedef {object} Figures
 * @property {number} time milliseconds
 * @property {number} requests signed ones
 */

/** @returns {Promise<[Figures, Figures]>} from nothing, and again; the issuer is there already */
async function byIrsa(sandbox, cwd) {
  const surroundings = { cwd, env: envOf(sandbox, 'http', cwd) }
  // Documents are served over https only.
  const issuer = `${sandbox.url}/${BUCKET}`
  await irsa(['init', '--name', 'bench', '--issuer', issuer, '--yes'], surroundings)
  writeFileSync(join(cwd, 's3.json'), PolicyDocument)
  const roles = Array.from({ length: COUNT }, (_, at) => ({
    serviceAccounts: [`shop/app-${at}`],
    policyArns: [PolicyArn],
    policyFiles: ['s3.json'],
  }))
  appendFileSync(join(cwd, 'irsa.yaml'), `roles: ${JSON.stringify(roles)}\n`)
  const apply = async () => {
    const started = performance.now()
    const said = await irsa(['apply', '--yes', '--debug'], surroundings)
    return { time: performance.now() - started, requests: said.match(REQUEST)?.length ?? 0 }
  }
  return [await apply(), await apply()]
}

/** What it says on standard error; not `runIrsa`, since this process has to pass requests on. */
const irsa = async (args, surroundings) =>
  (await promisify(execFile)(process.execPath, [IRSA, ...args], surroundings)).stderr

/** @returns {Promise<[Figures, Figures]>} */
async function bySdk({ env, plainUrl }) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  const credentials = { accessKeyId, secretAccessKey }
  const iam = new IAMClient({ endpoint: plainUrl, region: env.AWS_REGION, credentials })
  const each = async (work) => {
    const started = performance.now()
    let requests = 0
    const send = (command) => {
      requests += 1
      return iam.send(command)
    }
    for (let at = 0; at < COUNT; at += 1) await work(send, `by-hand-${at}`)
    return { time: performance.now() - started, requests }
  }
  return [await each(make), await each(look)]
}

async function make(send, RoleName) {
  await send(new GetRoleCommand({ RoleName })).catch(() => undefined)
  await send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  await send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  await send(new PutRolePolicyCommand({ RoleName, PolicyName: 's3', PolicyDocument }))
}

async function look(send, RoleName) {
  await send(new GetRoleCommand({ RoleName }))
  await send(new ListAttachedRolePoliciesCommand({ RoleName }))
  await send(new ListRolePoliciesCommand({ RoleName }))
  await send(new GetRolePolicyCommand({ RoleName, PolicyName: 's3' }))
}

function row(what, ours, theirs, limit) {
  const ratio = theirs.time / ours.time
  const baseline = `${shown(theirs.time)}  one after the other`
  return { what, figure: shown(ours.time), baseline, ratio, ...atLeast(ratio, limit) }
}

function requestRow(what, ours, theirs, limit) {
  if (ours.requests === 0) throw new Error('No request was seen in what --debug says.')
  const ratio = ours.requests / theirs.requests
  const baseline = `${theirs.requests}  one after the other`
  return { what, figure: String(ours.requests), baseline, ratio, ...atMost(ours.requests, limit) }
}
