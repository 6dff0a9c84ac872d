import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { CASES, CREATE, KEEP, MOVE, NEW, OLD, of, render } from '../workflows/apiserver.ts'
import { talosWith } from './parsers.ts'
import { withoutParts } from './parts.ts'
import { OURS, shown, THEIRS } from './shown-keys.ts'

const RUNNING = Object.entries(CASES).filter(([label]) => label !== 'new')

/** Versions that a cluster may have been set up with which has Talos 1.14 now. */
const SET_UP_WITH = ['v1.14', 'v1.13', 'v1.12'] as const

const printed = (input: Partial<ApiServerInput>): string =>
  render('talos', of('talos', { ...CREATE, ...input })).text

/** As a person fills in what is not printed. */
function filledIn(text: string): string {
  const block = /^( *(?:- )?)REPLACE-THIS-LINE with (.*)$/gm
  const line = /'REPLACE-THIS-LINE with .* base64 .*'/g
  return text
    .replace(block, (_, indent: string, what: string) => {
      const pem = keyFor(what).trimEnd()
      return pem.replace(/^/gm, indent)
    })
    .replace(line, Buffer.from(OURS.secret).toString('base64'))
}

function keyFor(what: string): string {
  if (what.includes('public half')) return THEIRS.open
  if (what.includes('signs now')) return THEIRS.secret
  return what.endsWith('.pub') ? OURS.open : OURS.secret
}

interface Configuration {
  readonly kind?: string
  readonly issuer?: { readonly issuerURL: string; readonly privateKey: string }
  readonly accepted?: Readonly<Record<string, readonly string[]>>
  readonly cluster?: {
    readonly serviceAccount?: { readonly key: string }
    readonly apiServer?: { readonly extraArgs: Readonly<Record<string, unknown>> }
  }
}

/** What Talos makes of patches that it has to take. */
async function taken(
  patches: readonly string[],
  ...more: [talos: Parameters<typeof talosWith>[1], setUpWith?: string]
) {
  const { configuration, objections } = await talosWith(patches, ...more)
  expect(objections).toBe('')
  const all = parseAllDocuments(configuration).map((one) => one.toJS() as Configuration)
  const service = all.filter(({ kind }) => kind === 'KubeServiceAccountConfig')
  return { service, cluster: all.find(({ cluster }) => cluster !== undefined)?.cluster }
}

/** At the same time: what Talos makes for a new cluster takes a second. */
const forEach = <T>(items: readonly T[], check: (item: T) => Promise<void>) =>
  Promise.all(items.map(check))

const STAGES = ['accept', 'sign', 'finish'] as const

const stage = (name: (typeof STAGES)[number], more: Partial<ApiServerInput> = {}): string =>
  filledIn(printed(shown({ ...MOVE, stage: name, ...more })))

/** The patches that the notes have, for those who need them. */
const notedPatches = (text: string): string[] =>
  [...text.matchAll(/^#\s+--patch '(.+)' \\$/gm)].map(([, patch = '']) => patch)

describe.skipIf(withoutParts)('print-apiserver-flags --for talos, 1.14', () => {
  test.each(SET_UP_WITH)('takes every case where it was set up with %s', async (version) => {
    await forEach(RUNNING, async ([label, input]) => {
      const { service, cluster } = await taken([filledIn(printed(shown(input)))], '1.14', version)
      expect(service, label).toHaveLength(1)
      expect(cluster?.serviceAccount, label).toBeUndefined()
    })
  })

  test('refuses nothing but the key that is still to be filled in', async () => {
    await forEach(Object.entries(CASES), async ([label, input]) => {
      const text = printed(input)
      const { objections } = await talosWith([text], '1.14')
      expect(objections.trim(), label).toMatch(
        /^1 error occurred:\s.* issuer private key is invalid: .*$/,
      )
      await taken([filledIn(text)], '1.14')
    })
  })

  test('a new cluster gets the key, or only the issuer', async () => {
    const { service } = await taken([printed(shown(CREATE))], '1.14')
    expect(service[0]?.issuer).toEqual({ issuerURL: NEW, privateKey: OURS.secret })
    const { service: kept } = await taken([printed({ ...KEEP, previousIssuers: [] })], '1.14')
    expect(kept[0]?.issuer).toEqual({ issuerURL: NEW, privateKey: expect.stringContaining('KEY') })
  })

  test.each(SET_UP_WITH)(
    'the stages add nothing up where it was set up with %s',
    async (version) => {
      const after = async (count: number) => {
        const patches = STAGES.slice(0, count).map((name) => stage(name))
        return (await taken(patches, '1.14', version)).service
      }
      const accepted = (keys: (typeof OURS)[], issuers: string[]) => ({
        ...(keys.length === 0 ? {} : { publicKeys: keys.map(({ open }) => open) }),
        ...(issuers.length === 0 ? {} : { issuers }),
        audiences: [OLD],
      })
      expect(await after(1)).toMatchObject([
        {
          issuer: { issuerURL: OLD, privateKey: THEIRS.secret },
          accepted: accepted([OURS], [NEW]),
        },
      ])
      const signed = { issuerURL: NEW, privateKey: OURS.secret }
      expect(await after(2)).toMatchObject([
        { issuer: signed, accepted: accepted([THEIRS], [OLD]) },
      ])
      const [finished] = await after(3)
      expect(finished?.issuer).toEqual(signed)
      expect(finished?.accepted).toEqual(accepted([THEIRS], []))
    },
  )

  test('flags that were set by hand before 1.14 leave as the notes say', async () => {
    const flags = { 'service-account-issuer': ['a', 'b'], 'api-audiences': 'c', v: '2' }
    const before = JSON.stringify({ cluster: { apiServer: { extraArgs: flags } } })
    const text = stage('sign')
    const noted = notedPatches(text)
    expect(noted).toHaveLength(2)
    const { cluster } = await taken([before, ...noted, text], '1.14', 'v1.13')
    expect(cluster?.apiServer?.extraArgs).toEqual({ v: '2' })
  })

  test('documents that the API server serves want another patch where there is cluster.apiServer', async () => {
    const documents = stage('sign', { servesDocuments: true }).split(/^---\n/m)
    const until = (end: number): string => documents.slice(0, end).join('---\n')
    // The last one is for kubectl, and the two before it are those that differ.
    const [keys, text] = [until(-3), until(-1)]
    await taken([text], '1.14')
    expect((await talosWith([text], '1.14', 'v1.13')).objections).toContain('.cluster.apiServer')
    const uri = { 'service-account-jwks-uri': `${NEW}/openid/v1/jwks`, 'anonymous-auth': 'true' }
    const instead = JSON.stringify({ cluster: { apiServer: { extraArgs: uri } } })
    const { cluster } = await taken([keys, instead], '1.14', 'v1.13')
    expect(cluster?.apiServer?.extraArgs).toEqual(uri)
  })
})

describe.skipIf(withoutParts)('print-apiserver-flags --for talos, before 1.14', () => {
  test.each([
    ['1.13', '1.13', undefined],
    ['1.12', '1.12', undefined],
    ['1.13', '1.14', 'v1.13'],
  ] as const)('the form of %s in %s, set up with %s', async (platformVersion, talos, setUpWith) => {
    await forEach(Object.entries(CASES), async ([label, input]) => {
      const text = printed({ ...input, platformVersion })
      await taken([filledIn(text)], talos, setUpWith)
      if (!text.includes('REPLACE-THIS-LINE')) return
      expect((await talosWith([text], talos, setUpWith)).objections, label).toContain('base64')
      await taken([printed({ ...shown(input), platformVersion })], talos, setUpWith)
    })
  })

  test('the stages add nothing up', async () => {
    const patches = STAGES.map((name) => stage(name, { platformVersion: '1.13' }))
    const { cluster } = await taken(patches.slice(0, 2), '1.13')
    const issuers = cluster?.apiServer?.extraArgs['service-account-issuer']
    expect(issuers).toEqual([NEW, OLD])
    const { cluster: finished } = await taken(patches, '1.13')
    expect(finished?.apiServer?.extraArgs['service-account-issuer']).toEqual(NEW)
    const key = Buffer.from(finished?.serviceAccount?.key ?? '', 'base64').toString()
    expect(key).toBe(OURS.secret)
  })
})
