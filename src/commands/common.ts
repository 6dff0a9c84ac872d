import type { Command } from 'commander'
import { option } from './options.ts'

/** The options that every command knows; they may stand before or after its name. */
export function addCommonOptions(program: Command): Command {
  return program
    .addOption(option('--config <file>', 'the file that describes the issuer').default('irsa.yaml'))
    .addOption(option('--profile <name>', 'AWS profile, as for aws-cli'))
    .addOption(option('--region <region>', 'AWS region, as for aws-cli'))
    .addOption(option('--endpoint-url <url>', 'AWS endpoint other than the default'))
    .addOption(
      option('-o, --output <format>', 'form of the result')
        .choices(['human', 'json', 'yaml'])
        .default('human'),
    )
    .addOption(option('-y, --yes', 'do it without asking'))
    .addOption(option('--dry-run', 'show what would be done, and change nothing'))
    .addOption(option('--no-input', 'never ask; a missing answer is an error'))
    .addOption(option('--quiet', 'print only the result and problems'))
    .addOption(option('--no-color', 'print without colours'))
    .addOption(option('--debug', 'print every request to AWS'))
}
