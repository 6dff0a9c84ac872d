import type { IAMClient } from './sdk/iam.ts'
import { issuerUnreachableForIam, providerLimit } from '../../core/problems/provider.ts'
import type { ProviderStore } from '../../ports/aws.ts'
import { Conflict } from '../../ports/conflict.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'
import { tagList, tagsOf } from './tags.ts'

type Sdk = typeof import('./sdk/iam.ts')

/** One IAM OIDC provider. IAM is one control plane per partition: its calls stay sequential. */
export function iamProvider(clients: Clients, url: string, arn: string): ProviderStore {
  const target = { OpenIDConnectProviderArn: arn }
  const run = providerCalls(clients, url, arn)
  return {
    arn,

    async read() {
      const found = await run(
        'GetOpenIDConnectProvider',
        (iam, sdk) => iam.send(new sdk.GetOpenIDConnectProviderCommand(target)),
        ['NoSuchEntity'],
      )
      if (found === undefined) return undefined
      return {
        audiences: found.ClientIDList ?? [],
        thumbprints: found.ThumbprintList ?? [],
        tags: tagsOf(found.Tags),
      }
    },

    async create({ audiences, thumbprints, tags }) {
      await run('CreateOpenIDConnectProvider', (iam, sdk) =>
        iam.send(
          new sdk.CreateOpenIDConnectProviderCommand({
            Url: url,
            ClientIDList: [...audiences],
            ...(thumbprints.length === 0 ? {} : { ThumbprintList: [...thumbprints] }),
            Tags: tagList(tags),
          }),
        ),
      )
    },

    async addAudience(audience) {
      await run('AddClientIDToOpenIDConnectProvider', (iam, sdk) =>
        iam.send(
          new sdk.AddClientIDToOpenIDConnectProviderCommand({ ...target, ClientID: audience }),
        ),
      )
    },

    async setThumbprints(thumbprints) {
      await run('UpdateOpenIDConnectProviderThumbprint', (iam, sdk) =>
        iam.send(
          new sdk.UpdateOpenIDConnectProviderThumbprintCommand({
            ...target,
            ThumbprintList: [...thumbprints],
          }),
        ),
      )
    },

    async addTags(tags) {
      await run('TagOpenIDConnectProvider', (iam, sdk) =>
        iam.send(new sdk.TagOpenIDConnectProviderCommand({ ...target, Tags: tagList(tags) })),
      )
    },

    async remove() {
      // Documented as idempotent, and yet listed with NoSuchEntity: both are fine.
      await run(
        'DeleteOpenIDConnectProvider',
        (iam, sdk) => iam.send(new sdk.DeleteOpenIDConnectProviderCommand(target)),
        ['NoSuchEntity'],
      )
    },
  }
}

/** The ARNs of all providers of the account: API_ListOpenIDConnectProviders, which has no pages. */
export async function listProviders(clients: Clients): Promise<readonly string[]> {
  const found = await providerCalls(
    clients,
    '',
    '*',
  )('ListOpenIDConnectProviders', (iam, sdk) =>
    iam.send(new sdk.ListOpenIDConnectProvidersCommand({})),
  )
  return (found?.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? [])
}

function providerCalls(clients: Clients, url: string, arn: string) {
  return async <T>(
    operation: string,
    call: (iam: IAMClient, sdk: Sdk) => Promise<T>,
    absent: readonly string[] = [],
  ): Promise<T | undefined> => {
    try {
      const [client, sdk] = await Promise.all([clients.iam(), import('./sdk/iam.ts')])
      return await call(client, sdk)
    } catch (error) {
      const code = codeOf(error)
      if (absent.includes(code)) return undefined
      if (code === 'EntityAlreadyExists' || code === 'NoSuchEntity') {
        throw new Conflict(`${operation}: ${code}`, error)
      }
      if (code === 'OpenIdIdpCommunicationError') throw issuerUnreachableForIam(url, error)
      if (code === 'LimitExceeded') throw providerLimit((error as Error).message, error)
      throw translate(error, { operation, resource: arn })
    }
  }
}
