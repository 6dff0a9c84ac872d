/**
 * The region that the AWS configuration names. The SDK reads AWS_REGION and the profile; aws-cli
 * users also have AWS_DEFAULT_REGION.
 */
export async function configuredRegion(
  env: Readonly<Record<string, string | undefined>>,
  profile: string | undefined,
): Promise<string | undefined> {
  const fromEnvironment = env['AWS_REGION'] || env['AWS_DEFAULT_REGION']
  if (fromEnvironment) return fromEnvironment
  const { STSClient } = await import('./sdk/sts.ts')
  try {
    return await new STSClient(profile === undefined ? {} : { profile }).config.region()
  } catch {
    return undefined
  }
}
