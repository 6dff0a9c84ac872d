import { audienceInvalid } from './problems/provider.ts'

/**
 * IAM, API_CreateOpenIDConnectProvider: `ClientIDList`, 1 to 255 characters each, whatever they are.
 * @throws Problem `provider/audience-invalid`
 */
export function checkAudience(audience: string): void {
  if (audience.length === 0 || audience.length > 255) throw audienceInvalid(audience)
}

/** Each one once. @throws Problem `provider/audience-invalid` */
export function checkAudiences(audiences: readonly string[]): readonly string[] {
  for (const audience of audiences) checkAudience(audience)
  return [...new Set(audiences)]
}
