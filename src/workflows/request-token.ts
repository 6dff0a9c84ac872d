import { tokenNotPrinted } from '../core/problems/token.ts'
import type { ServiceAccount } from '../core/service-account.ts'
import { shellWord } from '../core/shell.ts'
import { looksLikeToken } from '../core/token-anatomy.ts'
import type { World } from '../ports/world.ts'

export interface TokenWish {
  readonly account: ServiceAccount
  readonly audience: string
  /** The pod that the token is bound to; it has to run as the service account. */
  readonly pod?: string | undefined
}

/**
 * Asks the cluster for a token, as the kubelet does for a pod (TokenRequest). Nobody prints or keeps
 * it.
 * @throws Problem `kubectl/…`, `token/not-printed`
 */
export async function requestToken(
  { kubectl }: Pick<World, 'kubectl'>,
  wish: TokenWish,
): Promise<string> {
  const text = (await kubectl(callFor(wish))).trim()
  if (!looksLikeToken(text)) throw tokenNotPrinted(tokenCommand(wish))
  return text
}

/** The same for somebody to type. */
export const tokenCommand = (wish: TokenWish): string =>
  ['kubectl', ...callFor(wish).map(shellWord)].join(' ')

function callFor({ account, audience, pod }: TokenWish): readonly string[] {
  const call = ['create', 'token', account.name, '-n', account.namespace, '--audience', audience]
  return pod === undefined
    ? call
    : [...call, '--bound-object-kind', 'Pod', '--bound-object-name', pod]
}
