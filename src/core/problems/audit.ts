import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

export const trustChangedMeanwhile = (name: string, cause?: unknown): Problem =>
  new Problem({
    code: 'audit/trust-changed',
    what: `The trust policy of the role ${name} is not the one that was judged any more.`,
    why: 'Somebody changed or deleted it after it was read, and the fix was made for what it said then.',
    fix: `Look at it as it is now (aws iam get-role --role-name ${shellWord(name)}), then run the same command again.`,
    exit: 1,
    cause,
  })
