import { applyCommand } from '../given-options.ts'
import { shellWord } from '../../core/shell.ts'
import { audienceMiss, type AudienceMiss, nearAudience } from '../../core/verify/audience.ts'
import { type Remedy, remedy } from '../../core/verify/finding.ts'
import { looked, skipped, unseen } from '../../core/verify/link.ts'
import type { AudienceSeen } from '../../core/verify/sights.ts'
import { AUDIENCE_ANNOTATION } from '../../core/annotations.ts'
import { verifyAgain } from './again.ts'
import { wantedAudience } from './audience-wanted.ts'
import { createProvider } from './provider-remedy.ts'
import type { LookAt, Walk } from './walk.ts'

/** Whether the provider takes what the tokens are for, letter by letter. */
export const lookAtAudience: LookAt = async (walk) => {
  const provider = await walk.sights.provider()
  if (provider.kind === 'unseen') return skipped('audience', provider)
  const taken = provider.value.provider?.audiences
  if (taken === undefined) return skipped('audience', NO_PROVIDER)
  const wanted = await wantedAudience(walk)
  const takes = taken.length === 0 ? 'no audience' : taken.join(', ')
  if (wanted === undefined) {
    return looked('audience', `the provider takes ${takes}; nobody says what tokens are for`)
  }
  const { audience, by, from } = wanted
  if (taken.includes(audience)) {
    return looked('audience', `${audience}, as ${from} has it, is taken by the provider`)
  }
  if (taken.length === 0) return skipped('audience', NO_AUDIENCE)
  const miss = { audience, from, taken }
  return looked('audience', '', { findings: [audienceMiss(miss, await remedyFor(walk, miss, by))] })
}

const NO_PROVIDER = unseen(
  'there is no provider that could take any audience',
  'Mend the link provider first.',
)
const NO_AUDIENCE = unseen('the provider takes no audience at all', 'Mend the link provider first.')

/** What is written wrong is put right where it is written; else the provider takes one more. */
async function remedyFor(walk: Walk, miss: AudienceMiss, by: AudienceSeen['by']): Promise<Remedy> {
  const { audience } = miss
  const { file, serviceAccount } = walk.given
  const near = nearAudience(miss)
  if (near !== undefined && by === 'annotation' && serviceAccount !== undefined) {
    const { namespace, name } = serviceAccount
    return {
      fix: 'Have the annotation say what the provider takes, and start its pods again afterwards',
      command: `kubectl -n ${shellWord(namespace)} annotate serviceaccount ${shellWord(name)} ${AUDIENCE_ANNOTATION}=${shellWord(near)} --overwrite`,
    }
  }
  if (file?.config.audiences.includes(audience)) {
    return {
      fix: `Have the provider take it, as ${file.shown} says`,
      command: applyCommand(walk.world),
    }
  }
  if (near !== undefined && by === 'flag') {
    const again = verifyAgain(walk, { audience: near })
    return remedy('Look again with the one that the provider takes', again)
  }
  const listed = file === undefined ? '' : `, and list it under audiences in ${file.shown}`
  const doubt = near === undefined ? '' : `If ${shellWord(near)} was meant, say that. `
  return {
    fix: `${doubt}Have the provider take it as well${listed}`,
    command: await createProvider(walk, audience),
  }
}
