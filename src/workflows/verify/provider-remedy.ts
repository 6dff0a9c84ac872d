import { shellWord } from '../../core/shell.ts'
import type { Remedy } from '../../core/verify/finding.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import type { Walk } from './walk.ts'

/** The command that makes the provider, or adds audiences to it; flags say what irsa.yaml does not. */
export async function createProvider(walk: Walk, audience: string | undefined): Promise<string> {
  const { world, given, sights } = walk
  const opened = await sights.aws()
  // Where irsa.yaml or the URL named the region, the next command has to be told.
  const region =
    given.file === undefined && world.options.region === undefined && opened.kind === 'seen'
      ? ` --region ${shellWord(opened.value.region)}`
      : ''
  const options = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  const taken = audience === undefined ? '' : ` --audience ${shellWord(audience)}`
  const issuer = shellWord(given.issuer)
  return `irsa create-provider --issuer ${issuer}${taken}${region}${options}`
}

/** The provider for the issuer as it is written, in this account. */
export async function makeProvider(
  walk: Walk,
  { account, audience }: { readonly account: string; readonly audience: string | undefined },
): Promise<Remedy> {
  const { world, given } = walk
  const home = given.file?.config.providers[0]?.account
  if (home === account) {
    return { fix: 'Have it made as irsa.yaml says', command: applyCommand(world) }
  }
  if (home !== undefined) {
    // irsa.yaml is about one account, and irsa does not work against it.
    const audiences = audience === undefined ? '' : ` --client-id-list ${shellWord(audience)}`
    const options = optionsAsGiven(world, ['profile', 'endpointUrl'])
    const command = `aws iam create-open-id-connect-provider --url ${shellWord(given.issuer)}${audiences}${options}`
    return { fix: `Make one in account ${account} as well`, command }
  }
  const usual =
    audience === undefined
      ? ' for sts.amazonaws.com, or for what the tokens are for with --audience (kops: amazonaws.com)'
      : ''
  return { fix: `Make it${usual}`, command: await createProvider(walk, audience) }
}
