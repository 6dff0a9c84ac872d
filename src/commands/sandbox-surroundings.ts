import { devNull } from 'node:os'
import { portUnusable } from '../core/problems/sandbox.ts'
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * What would lead a program past the embedded AWS, or its credentials past ours: settings of the AWS
 * SDKs and Tools Reference Guide, "Environment variables", those that botocore alone knows, proxies,
 * and our own.
 */
const MISLEADING = new RegExp(
  `^(${[
    'AWS_(DEFAULT_)?PROFILE',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_ENDPOINT_URL_.*',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    'AWS_USE_(FIPS|DUALSTACK)_ENDPOINT',
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'IRSA_.*',
    '(https?|all)_proxy',
    '(HTTPS?|ALL)_PROXY',
  ].join('|')})$`,
)

/** Which of the variables that are set lead elsewhere. */
export const misleading = (env: Env): string[] =>
  Object.keys(env).filter((name) => MISLEADING.test(name) && env[name] !== undefined)

/** The variables of the embedded AWS; no profile of the user's counts in it. */
export const variablesOf = ({ env }: Sandbox): Readonly<Record<string, string>> => ({
  ...env,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
})

/** Our environment, turned to the embedded AWS. */
export function surroundings(env: Env, sandbox: Sandbox): Env {
  const kept = Object.entries(env).filter(([name]) => !MISLEADING.test(name))
  return { ...Object.fromEntries(kept), ...variablesOf(sandbox) }
}

/** @throws Problem `sandbox/port` */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  try {
    return await startSandbox(options)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw portUnusable(options.port ?? 0, error)
  }
}
