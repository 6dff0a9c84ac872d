import type { Test } from '../../trust-statement.ts'
import { comparesLiterally } from '../bounds.ts'
import type { Door } from '../door.ts'
import { testing } from '../edits.ts'
import type { Ground } from '../ground.ts'
import { shortlist } from '../../words.ts'
import type { DoorRule, Found } from './rule.ts'

/** For whom tokens have to be. */
export const AUDIENCE_RULES: readonly DoorRule[] = [
  {
    id: 'trust/no-audience',
    severity: 'medium',
    title: 'No condition on the audience',
    help: 'Without a test of the aud claim a token for any audience of the provider will do, also one that was made for another service and handed to it. Test it with StringEquals.',
    look: noAudience,
  },
]

function noAudience(door: Door, _: unknown, { providers }: Ground): readonly Found[] {
  const { firm, loose, key } = door.aud
  if (firm.some((test) => !takesAnything(test)) || loose.length > 0) return []
  const audiences = providers?.get(door.provider.arn)?.audiences ?? []
  const known = audiences.length > 0
  return [
    {
      severity: 'medium',
      summary: 'A token for any audience of the provider will do',
      why: `${firm.length > 0 ? 'Nothing but a wildcard' : 'No condition'} tests ${key}${known ? `, and the provider accepts ${shortlist(audiences)}` : ''}. Whatever is accepted later gets in as well.`,
      fix: `Test ${key} for ${known ? shortlist(audiences) : 'the audience of the tokens, such as sts.amazonaws.com'}.`,
      mend: known && door.alone ? testing('StringEquals', key, audiences) : undefined,
    },
  ]
}

const takesAnything = (test: Test): boolean =>
  !comparesLiterally(test) && test.values.some((value) => /^[*?]*\*[*?]*$/.test(value))
