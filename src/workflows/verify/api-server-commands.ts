import { AUTO } from '../../core/apiserver/names.ts'
import { assertExpected } from '../../core/problems/problem.ts'
import { shellWord } from '../../core/shell.ts'
import type { ApiServerCommands } from '../../core/verify/api-server-case.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { recogniseCluster } from '../detect-cluster.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import type { Walk } from './walk.ts'

/** Where nothing tells how the cluster is run: plain flags, for whoever runs it. */
const FLAGS = 'flags'

/** What mends the API server, with the options of this run. @param platform a value of `--for` */
export function apiServerCommands({ world, given }: Walk, platform: string): ApiServerCommands {
  const { file, issuer } = given
  const account = optionsAsGiven(world, ['config', 'profile', 'endpointUrl'])
  const about =
    file === undefined ? ` --issuer ${shellWord(issuer)}` : optionsAsGiven(world, ['config'])
  const publishes = file !== undefined && file.config.host.type !== 'cluster'
  return {
    flags: (stage, more = []) =>
      `irsa print-apiserver-flags --for ${platform} --stage ${stage}${about}${more
        .map((word) => ` ${shellWord(word)}`)
        .join('')}`,
    publish: publishes ? applyCommand(world) : undefined,
    publishFromCluster: publishes ? `irsa init --jwks-from-cluster${account}` : undefined,
  }
}

/**
 * The findings with the platform in their commands. How the cluster is run takes many questions, and
 * is asked only where it makes a difference.
 */
export async function mendedWith(
  { world }: Walk,
  judge: (platform: string) => readonly Finding[],
): Promise<readonly Finding[]> {
  const findings = judge(AUTO)
  const plain = judge(FLAGS)
  if (findings.every(({ command }, at) => command === plain[at]?.command)) return findings
  try {
    await recogniseCluster(world)
    return findings
  } catch (error) {
    assertExpected(error)
    return plain
  }
}
