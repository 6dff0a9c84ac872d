import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import { AwsError, validationError } from '../errors.ts'
import type { Provider } from '../model.ts'
import { connectTo, PATIENCE_MS } from '../outgoing/connect.ts'
import { listOf, required, requiredList, text } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { isoDate } from './dates.ts'
import { alreadyExists, noSuchEntity, overQuota } from './errors.ts'
import { checkClientIds, checkThumbprints, MAX_PROVIDERS, urlOf } from './provider-rules.ts'
import { readTags, tagList, tagPage, withoutTags, withTags } from './tags.ts'

const SCHEME = 'https://'
const byArn = (form: URLSearchParams): string | null => form.get('OpenIDConnectProviderArn')

/** The actions on OIDC providers. */
export function providerActions(cloud: Cloud): Readonly<Record<string, Action>> {
  const on = (
    name: string,
    run: (provider: Provider, form: URLSearchParams) => XmlValue | void,
  ): Action => ({
    resource: byArn,
    run: (query) => run(openProvider(cloud, query, `iam:${name}`), query.form),
  })
  return {
    CreateOpenIDConnectProvider: {
      resource: (form) => form.get('Url'),
      run: (query) => createProvider(cloud, query),
    },
    ListOpenIDConnectProviders: { run: (query) => listProviders(cloud, query) },
    GetOpenIDConnectProvider: on('GetOpenIDConnectProvider', describe),
    DeleteOpenIDConnectProvider: on('DeleteOpenIDConnectProvider', ({ arn }) => {
      cloud.state.providers.delete(arn)
    }),
    AddClientIDToOpenIDConnectProvider: on('AddClientIDToOpenIDConnectProvider', addClientId),
    RemoveClientIDFromOpenIDConnectProvider: on(
      'RemoveClientIDFromOpenIDConnectProvider',
      removeClientId,
    ),
    UpdateOpenIDConnectProviderThumbprint: on(
      'UpdateOpenIDConnectProviderThumbprint',
      (provider, form) => {
        provider.thumbprints = checkThumbprints(requiredList(form, 'ThumbprintList'))
      },
    ),
    TagOpenIDConnectProvider: on('TagOpenIDConnectProvider', (provider, form) => {
      provider.tags = withTags(provider.tags, readTags(form))
    }),
    UntagOpenIDConnectProvider: on('UntagOpenIDConnectProvider', (provider, form) => {
      provider.tags = withoutTags(provider.tags, listOf(form, 'TagKeys') ?? [])
    }),
    ListOpenIDConnectProviderTags: on('ListOpenIDConnectProviderTags', ({ tags }) => tagPage(tags)),
  }
}

async function createProvider(cloud: Cloud, { form, caller, call }: Query): Promise<XmlValue> {
  const { state } = cloud
  const url = urlOf(form)
  const arn = `arn:${state.partition}:iam::${state.account}:oidc-provider/${url.slice(SCHEME.length)}`
  const tags = readTags(form)
  authorize(caller, { action: 'iam:CreateOpenIDConnectProvider', resource: arn })
  if (tags.length > 0) authorize(caller, { action: 'iam:TagOpenIDConnectProvider', resource: arn })
  const clientIds = [...new Set(listOf(form, 'ClientIDList'))]
  checkClientIds(clientIds)
  const given = checkThumbprints(listOf(form, 'ThumbprintList') ?? [])
  const free = (): void => checkFree(cloud, arn, url)
  free()
  const thumbprints = given.length > 0 ? given : [await readThumbprint(cloud, url)]
  // Somebody else may have been here while we were away.
  free()
  state.providers.set(arn, { arn, url, clientIds, thumbprints, tags, created: call.at })
  return { OpenIDConnectProviderArn: arn, Tags: tagList(tags) }
}

function checkFree({ state }: Cloud, arn: string, url: string): void {
  if (state.providers.has(arn)) throw alreadyExists(`Provider with url ${url} already exists.`)
  if (state.providers.size >= MAX_PROVIDERS) {
    throw overQuota('OpenIdConnectProvidersPerAccount', MAX_PROVIDERS)
  }
}

/** IAM goes and looks itself where no thumbprint was passed (since 2024-04-11). */
async function readThumbprint({ trust, closing }: Cloud, url: string): Promise<string> {
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(PATIENCE_MS)])
    const { socket, thumbprint } = await connectTo(new URL(url), { trust: trust(), signal })
    socket.destroy()
    return thumbprint
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const text = `Could not connect to the OpenID Connect identity provider ${url}: ${reason}`
    throw new AwsError(400, 'OpenIdIdpCommunicationError', text)
  }
}

function openProvider({ state }: Cloud, { form, caller }: Query, action: string): Provider {
  const arn = text(form, 'OpenIDConnectProviderArn', [20, 2048])
  if (!/^arn:[\w-]+:iam::\d{12}:oidc-provider\/./.test(arn)) {
    throw validationError(`Invalid ARN: ${arn}`)
  }
  authorize(caller, { action, resource: arn })
  const provider = state.providers.get(arn)
  if (provider) return provider
  throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`)
}

function listProviders({ state }: Cloud, { caller }: Query): XmlValue {
  authorize(caller, { action: 'iam:ListOpenIDConnectProviders', resource: '*' })
  const ours = [...state.providers.keys()].filter((arn) => arn.split(':')[4] === state.account)
  const member = ours.map((arn) => ({ Arn: arn }))
  return { OpenIDConnectProviderList: { member } }
}

/** IAM answers with the URL as it stands in the ARN, without its scheme. */
const describe = (provider: Provider): XmlValue => ({
  Url: provider.url.slice(SCHEME.length),
  ClientIDList: { member: provider.clientIds },
  ThumbprintList: { member: provider.thumbprints },
  CreateDate: isoDate(provider.created),
  Tags: tagList(provider.tags),
})

/** Adding what is there, and removing what is not, are both fine. */
function addClientId(provider: Provider, form: URLSearchParams): void {
  const ids = [...new Set([...provider.clientIds, required(form, 'ClientID')])]
  checkClientIds(ids)
  provider.clientIds = ids
}

function removeClientId(provider: Provider, form: URLSearchParams): void {
  const removed = required(form, 'ClientID')
  provider.clientIds = provider.clientIds.filter((id) => id !== removed)
}
