import { readFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { S3ControlClient } from '@aws-sdk/client-s3-control'
import { STSClient } from '@aws-sdk/client-sts'
import { inject } from 'vitest'
import { parseRecording, type AwsRequest } from './recording.ts'

const address = inject('moto')

/** Where there is no Python everything is skipped; setup.ts has said so. */
export const withoutMoto = address === null

/** Everybody's account in moto. */
export const ACCOUNT = '123456789012'

/** moto takes any. */
export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'known-to-nobody' }

/** The server that setup.ts started. */
export const moto = { endpoint: '', authorityFile: '', thumbprint: '', ...address }

const agent = new Agent({ ca: address?.authority, keepAlive: true })

const recorded = async (): Promise<readonly AwsRequest[]> =>
  parseRecording(await readFile(address?.recording ?? '', 'utf8').catch(() => ''))

/** What moto was asked while `work` ran, in order. */
export async function requestsDuring(work: () => Promise<unknown>): Promise<readonly AwsRequest[]> {
  const before = await recorded()
  await work()
  return (await recorded()).slice(before.length)
}

/** The same, as far as it was meant to change something. */
export const writesDuring = async (work: () => Promise<unknown>): Promise<readonly string[]> =>
  (await requestsDuring(work)).filter(({ writes }) => writes).map(({ what }) => what)

/** A GET without credentials. */
export const readAnonymously = (
  url: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const ended = response.toArray().then((chunks) => Buffer.concat(chunks).toString())
      ended.then((body) => resolve({ status: response.statusCode, body }), reject)
    })
    request.on('error', reject)
  })

const settings = (region: string) => ({
  endpoint: moto.endpoint,
  region,
  credentials: CREDENTIALS,
  requestHandler: { httpsAgent: agent },
})

/** Clients to look at what the commands did. S3 goes by path, as in the issuer's URL. */
export const s3In = (region: string) => new S3Client({ ...settings(region), forcePathStyle: true })
export const iam = new IAMClient(settings('us-east-1'))
export const sts = new STSClient(settings('us-east-1'))
export const s3Control = new S3ControlClient(settings('us-east-1'))
