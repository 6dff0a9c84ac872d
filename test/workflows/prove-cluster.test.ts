import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { hostUnknown } from '../../src/core/problems/network.ts'
import { interrupted } from '../../src/core/problems/usage.ts'
import { parseThumbprintChoice } from '../../src/core/thumbprint.ts'
import type { World } from '../../src/ports/world.ts'
import type { Reach } from '../../src/workflows/cluster-reach.ts'
import { proveCluster } from '../../src/workflows/prove-cluster.ts'
import { fastClock, noProgress } from './small-resources.ts'

const ISSUER = parseIssuer('https://api.example.com')
const DOCUMENTS: Readonly<Record<string, object>> = {
  [`${ISSUER}/.well-known/openid-configuration`]: {
    issuer: ISSUER,
    jwks_uri: `${ISSUER}/openid/v1/jwks`,
  },
  [`${ISSUER}/openid/v1/jwks`]: { keys: [] },
}

interface Surroundings {
  readonly addresses?: readonly string[]
  readonly env?: World['env']
  readonly thumbprint?: string
  readonly reach?: () => Promise<Reach>
}

const SERVED = async (): Promise<Reach> => ({
  chain: { chain: [], trust: { kind: 'public' } },
  byOwnCa: false,
  fetch: async (url) => ({ status: 200, body: JSON.stringify(DOCUMENTS[url]) }),
})

/** Proves an issuer, and answers what was warned of. */
async function prove({
  addresses = ['8.8.8.8'],
  env = {},
  thumbprint = 'auto',
  reach = SERVED,
}: Surroundings): Promise<string[]> {
  const warnings: string[] = []
  const world = {
    clock: fastClock(),
    progress: { ...noProgress, warn: (text: string) => void warnings.push(text) },
    addressesOf: async () => addresses,
    options: {},
    env,
  } as unknown as World
  const choice = parseThumbprintChoice([thumbprint])
  await proveCluster(world, { issuer: ISSUER, thumbprint: choice, signers: [] }, reach)
  return warnings
}

describe('the address of the API server', () => {
  test.each([[['8.8.8.8']], [['2001:4860:4860::8888', '8.8.8.8']], [[]]])(
    '%j is fine',
    async (addresses) => {
      expect(await prove({ addresses })).toEqual([])
    },
  )

  test.each([
    [['10.1.2.3'], '10.1.2.3 (private)'],
    [['100.64.0.1'], "100.64.0.1 (behind a provider's NAT)"],
    [['fd00::1', '192.168.1.7'], 'fd00::1 (unique local), 192.168.1.7 (private)'],
  ])('%j is refused before anybody connects', async (addresses, named) => {
    const reach = () => Promise.reject(new Error('was connected to'))
    await expect(prove({ addresses, reach })).rejects.toMatchObject({
      code: 'cluster/private-address',
      what: expect.stringContaining(named),
    })
  })

  test.each<[string, Surroundings]>([
    ['where the internet may see another', { addresses: ['10.1.2.3', '8.8.8.8'] }],
    ['where IAM is to look itself', { addresses: ['10.1.2.3'], thumbprint: 'none' }],
    ['where the thumbprint is known', { addresses: ['10.1.2.3'], thumbprint: 'a'.repeat(40) }],
    [
      'where an emulator plays AWS',
      { addresses: ['10.1.2.3'], env: { AWS_ENDPOINT_URL: 'https://localhost:4566' } },
    ],
  ])('is only warned of %s', async (_, surroundings) => {
    expect(await prove(surroundings)).toEqual([
      expect.stringMatching(/at 10\.1\.2\.3 \(private\), where AWS itself cannot/),
    ])
  })
})

describe('an API server that is not there', () => {
  test('is told as not serving yet, with the reason', async () => {
    const reach = () => Promise.reject(hostUnknown({ host: 'api.example.com' }, false, undefined))
    await expect(prove({ addresses: [], reach })).rejects.toMatchObject({
      code: 'cluster/not-served-yet',
      why: expect.stringContaining('could not be resolved'),
    })
  })

  test('but not where the person interrupts', async () => {
    const reach = () => Promise.reject(interrupted())
    await expect(prove({ reach })).rejects.toMatchObject({ code: 'interrupted' })
  })

  test.each(['<html>', '[]', '{"keys":'])('something else at its name: %s', async (body) => {
    const fetch = async () => ({ status: 200, body })
    const reach = async () => ({ ...(await SERVED()), fetch })
    await expect(prove({ reach })).rejects.toMatchObject({ code: 'cluster/not-served-yet' })
  })
})
