import { type Command, InvalidArgumentError } from 'commander'
import { DEFAULT_TOKEN_EXPIRATION, MIN_TOKEN_EXPIRATION } from '../core/web-identity.ts'
import { AUDIENCE_FLAGS, option } from './options.ts'

/** The options that say which role the pods get, and with which tokens. */
export const addRoleOptions = (command: Command): Command =>
  command
    .argument('<namespace/name>', 'the service account')
    .addOption(option('--role-arn <arn>', 'ARN of the role (default: the one in irsa.yaml)'))
    .addOption(option(AUDIENCE_FLAGS, 'audience of the tokens (default: sts.amazonaws.com)'))
    .addOption(
      option(
        '--token-expiration <seconds>',
        'how long a token is valid, 600 to 86400 (default: 86400)',
      ).argParser(parseTokenExpiration),
    )

/** No longer than the webhook's default: the kubelet renews every token within a day anyway. */
function parseTokenExpiration(text: string): number {
  const seconds = Number(text)
  const fits = seconds >= MIN_TOKEN_EXPIRATION && seconds <= DEFAULT_TOKEN_EXPIRATION
  if (!/^\d+$/.test(text) || !fits) {
    throw new InvalidArgumentError(
      `It is a number of seconds, ${MIN_TOKEN_EXPIRATION} to ${DEFAULT_TOKEN_EXPIRATION}.`,
    )
  }
  return seconds
}
