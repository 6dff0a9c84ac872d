import { shellWord } from '../../core/shell.ts'
import type { ObjectPlace } from '../../core/verify/closed-bucket-place.ts'
import type { Mending } from '../../core/verify/closed-bucket-remedy.ts'
import type { Answered } from '../../core/verify/document.ts'
import { optionsAsGiven } from '../given-options.ts'
import { placeOf } from './place-of.ts'
import type { Walk } from './walk.ts'

/** What can be typed here to open the bucket, with the options that this run was given. */
export async function mendingFor(
  walk: Walk,
  answer: Answered,
  { key, region }: ObjectPlace & { readonly region: string },
): Promise<Mending> {
  const { issuer } = walk.given
  const inRegion = region === '' ? '' : ` --region ${shellWord(region)}`
  const options = `${inRegion}${optionsAsGiven(walk.world, ['profile', 'endpointUrl'])}`
  const common = { issuer, region, options }
  // A jwks_uri may lead to objects that irsa does not write.
  if (!answer.url.startsWith(`${issuer}/`)) return { ...common, prefix: '', rewrite: undefined }
  const path = answer.url.slice(issuer.length + 1)
  const { publish } = await placeOf(walk, answer)
  return { ...common, prefix: key.slice(0, -path.length).replace(/\/$/, ''), rewrite: publish }
}
