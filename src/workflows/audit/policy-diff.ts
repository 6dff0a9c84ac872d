import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { policyFile } from '../../core/audit/sarif.ts'

/** What becomes of a role's trust policy, as a unified diff of both, indented by two blanks. */
export function policyDiff(role: { readonly name: string }, before: unknown, after: unknown) {
  const file = policyFile(role)
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, text(before), text(after), '', '', {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
}

const text = (policy: unknown): string => `${JSON.stringify(policy, undefined, 2)}\n`
