import { InvalidArgumentError } from 'commander'
import { flagMissing } from '../core/problems/usage.ts'
import { givenFlags } from './given-flags.ts'
import { option } from './options.ts'
import type { VerifyOptions } from './run-verify.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Everything that can be seen from here: irsa.yaml, the account, kubectl's cluster
  irsa verify

  # All of it for one workload
  irsa verify --service-account shop/checkout --pod checkout-6c9f7

  # As a stranger sees it, without any credentials
  irsa verify --issuer https://oidc.example.com --no-aws --no-cluster

  # The AWS side, before the API server is touched
  irsa verify --sign

  # A page to send around
  irsa verify --report chain.html

  # What becomes of it, while somebody else repairs it
  irsa verify --watch --interval 10

It changes nothing, and ends with 1 where a link is broken; warnings alone are no reason to.
--watch prints the chain once, then a line for each link that changes, until Ctrl-C; it ends with 1
where the chain was broken when it was last looked at. With -o json it prints the whole document
again for each change, one a line, with "at" and the ids that "changed".`

export const define: Define = (command, session) => {
  command
    .addOption(option('--issuer <url>', 'issuer URL (default: that of irsa.yaml or of the token)'))
    .addOption(option('--token <file>', 'token to look at and to exchange, or - for stdin'))
    .addOption(option('--role-arn <arn>', 'role to assume (default: that of the service account)'))
    .addOption(option('--service-account <namespace/name>', 'walk all of it for this workload'))
    .addOption(option('--pod <name>', 'pod of that service account; the token is bound to it'))
    .addOption(option('--audience <audience>', 'audience of the tokens'))
    .addOption(option('--sign', 'sign a token with the private key at hand, and exchange that one'))
    .addOption(option('--signing-key <file>', 'the private key of --sign'))
    .addOption(option('--no-cluster', 'leave the cluster out'))
    .addOption(option('--no-aws', 'leave the AWS account out'))
    .addOption(option('--watch', 'go on, and print what changes'))
    .addOption(
      option('--interval <seconds>', 'how often with --watch, 1 to 86400 (default: 30)').argParser(
        parseInterval,
      ),
    )
    .addOption(
      option('--report <file>', 'also write it as one HTML page').argParser(parseReportFile),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: VerifyOptions) => {
      checkInterval(flags)
      const world = await session.open(command)
      const { runVerify } = await import('./run-verify.ts')
      const holds = await runVerify(world, flags, {
        again: `irsa verify${givenFlags(command)}`,
        version: command.parent?.version() ?? '',
      })
      if (!holds) session.end(1)
    })
}

function checkInterval({ watch, interval }: VerifyOptions): void {
  if (interval !== undefined && watch !== true) {
    throw flagMissing('--watch', '--interval says how long it waits before it looks again.')
  }
}

const DAY = 86_400

function parseInterval(text: string): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > DAY) {
    throw new InvalidArgumentError(`It is a number of seconds, 1 to ${DAY}.`)
  }
  return seconds
}

function parseReportFile(text: string): string {
  if (text !== '' && text !== '-') return text
  throw new InvalidArgumentError('It is the name of a file; standard output has the result.')
}
