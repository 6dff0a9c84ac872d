/** The partition of a region, as ARNs spell it: AWS SDK endpoint rules, partitions.json. */
export function partitionOf(region: string): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/^cn-/, 'aws-cn'],
    [/^us-gov-/, 'aws-us-gov'],
    [/^eusc-/, 'aws-eusc'],
    [/^us-iso-/, 'aws-iso'],
    [/^us-isob-/, 'aws-iso-b'],
    [/^eu-isoe-/, 'aws-iso-e'],
    [/^(us|eu)-isof-/, 'aws-iso-f'],
  ]
  return known.find(([pattern]) => pattern.test(region))?.[1] ?? 'aws'
}
