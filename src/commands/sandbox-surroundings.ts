import type { Sandbox } from '../sandbox/sandbox.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What would lead a program past the embedded AWS, or its credentials past ours. */
const MISLEADING =
  /^(AWS_PROFILE|AWS_SESSION_TOKEN|AWS_ENDPOINT_URL_.*|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS|AWS_ROLE_ARN|AWS_WEB_IDENTITY_TOKEN_FILE|IRSA_.*|https?_proxy|HTTPS?_PROXY|all_proxy|ALL_PROXY)$/

/** Which of the variables that are set lead elsewhere. */
export const misleading = (env: Env): string[] =>
  Object.keys(env).filter((name) => MISLEADING.test(name) && env[name] !== undefined)

/** Our environment, turned to the embedded AWS. */
export function surroundings(env: Env, sandbox: Sandbox): Env {
  const kept = Object.entries(env).filter(([name]) => !MISLEADING.test(name))
  return { ...Object.fromEntries(kept), ...sandbox.env }
}
