import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PutBucketTaggingCommand, type S3Client } from '@aws-sdk/client-s3'
import { CREDENTIALS, moto, requestsDuring, s3In } from './moto.ts'
import type { AwsRequest } from './recording.ts'

const IRSA = fileURLToPath(new URL('../../bin/irsa.js', import.meta.url))

/** What a command left behind. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

// oxlint-disable-next-line typescript/no-explicit-any -- documents are looked at field by field
export type Json = any

/** An empty folder to run commands in, with a region set. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string
  readonly s3: S3Client
  /** Runs `node bin/irsa.js` as a process of its own, without a terminal, until it ends. */
  irsa(...args: readonly string[]): Promise<Ended>
  /** The document of `--output json`. @throws when the command does not end with 0 */
  json(...args: readonly string[]): Promise<Json>
  /** The problem, as JSON, that a command ends with. */
  problem(...args: readonly string[]): Promise<Json>
  /** `init --yes`; afterwards the bucket has the tags that moto drops. */
  init(...args: readonly string[]): Promise<Json>
  text(path: string): Promise<string>
}

export async function openWorkspace(region = 'eu-west-3'): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'irsa-aws-'))
  const s3 = s3In(region)
  const irsa: Workspace['irsa'] = (...args) => run(args, folder, environment(region, folder))
  const json: Workspace['json'] = async (...args) => {
    const { code, stdout, stderr } = await irsa(...args, '--output', 'json')
    if (code !== 0) throw new Error(`irsa ${args.join(' ')} ended with ${code}:\n${stderr}`)
    return JSON.parse(stdout)
  }
  return {
    folder,
    s3,
    irsa,
    json,

    async problem(...args) {
      const { code, stdout, stderr } = await irsa(...args, '--output', 'json')
      const problem: Json = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')
      if (stdout !== '' || problem.exit !== code) throw new Error(`no clean failure: ${stderr}`)
      return problem
    },

    async init(...args) {
      const done: Json[] = []
      const requests = await requestsDuring(async () => {
        done.push(await json('init', '--yes', ...args))
      })
      const [applied] = done
      await tagAsAwsWould(s3, applied.bucket, requests)
      return applied
    },

    text: (path) => readFile(join(folder, path), 'utf8'),

    async [Symbol.asyncDispose]() {
      s3.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Nothing of the machine's own AWS configuration gets in. */
const environment = (region: string, home: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: home,
  AWS_ENDPOINT_URL: moto.endpoint,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_REGION: region,
  AWS_CA_BUNDLE: moto.authorityFile,
  NODE_EXTRA_CA_CERTS: moto.authorityFile,
})

const run = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [IRSA, ...args],
      { cwd, env },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
    child.stdin?.end()
  })

/** The tags that CreateBucket carried, as the TagSet of PutBucketTagging. */
export const tagsInCreation = (bucket: string, requests: readonly AwsRequest[]) => {
  const creation = requests.find(({ what }) => what === `PUT /${bucket}`)
  const tags = creation?.body.matchAll(/<Tag><Key>(.*?)<\/Key><Value>(.*?)<\/Value><\/Tag>/g)
  return [...(tags ?? [])].map(([, Key, Value]) => ({ Key, Value }))
}

/** moto drops the tags of CreateBucket, by which irsa knows its own buckets again. */
async function tagAsAwsWould(s3: S3Client, Bucket: string, requests: readonly AwsRequest[]) {
  const TagSet = tagsInCreation(Bucket, requests)
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
}

/** `update object keys.json`: the changes of a document that are not `none`. */
export const changed = ({ changes }: Json): string[] =>
  changes
    .filter(({ action }: Json) => action !== 'none')
    .map(({ action, resource, id }: Json) => `${action} ${resource} ${id}`)
