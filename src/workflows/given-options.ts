import { shellWord } from '../core/shell.ts'
import type { World } from '../ports/world.ts'

const FLAGS = {
  config: '--config',
  region: '--region',
  profile: '--profile',
  endpointUrl: '--endpoint-url',
} as const

/** Brings everything in line with irsa.yaml, which names the region, and is not for any other. */
export const applyCommand = (world: Pick<World, 'options'>): string =>
  `irsa apply${optionsAsGiven(world, ['config', 'profile', 'endpointUrl'])}`

/** The options of this run that the next command needs as well, each with a blank in front. */
export function optionsAsGiven(
  { options }: Pick<World, 'options'>,
  names: readonly (keyof typeof FLAGS)[],
): string {
  return names
    .map((name) => {
      const value = options[name]
      const silent = value === undefined || value === 'irsa.yaml'
      return silent ? '' : ` ${FLAGS[name]} ${shellWord(value)}`
    })
    .join('')
}
