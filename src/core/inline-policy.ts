import { isObject } from './jwk.ts'
import { policySize, type PolicyDocument, statementsOf } from './policy-document.ts'
import { policyMalformed, policyTooLarge } from './problems/policy.ts'
import { shortened } from './role.ts'

/** IAM user guide, reference_iam-quotas.html: all inline policies of a role together. */
export const MAX_INLINE = 10_240

/** By it our inline policies are known among those of others, on a role that irsa made. */
export const INLINE_PREFIX = 'irsa-'

/** On another role a tag for each says that irsa wrote it: this, and the policy's name. */
export const INLINE_RECORD = 'irsa:inline:'

/** IAM user guide, id_tags.html: a tag's key is as long as a name may be (API_PutRolePolicy.html). */
const MAX_NAME = 128 - INLINE_RECORD.length

/** IAM API reference, API_PutRolePolicy.html: `PolicyDocument`. */
const STRANGE = /[^\t\n\r\u0020-\u00ff]/

/**
 * The name under which the policy of a file is kept: `policies/s3.json` is `irsa-s3`. A tag can hold
 * every character of it.
 */
export function inlineName(file: string): string {
  const base = file.replace(/^.*[/\\]/, '').replace(/\.json$/i, '')
  return shortened(`${INLINE_PREFIX}${base.replace(/[^\w+=.@-]/g, '-')}`, MAX_NAME)
}

/**
 * Reads a policy for a role as far as no service has to be known for it; what its actions mean is
 * IAM's to judge. `file` is only its name for messages.
 *
 * @throws Problem `policy/malformed`
 */
export function parseInlinePolicy(text: string, file: string): PolicyDocument {
  const policy = parseJson(text.replace(/^\ufeff/, ''), file)
  const strange = STRANGE.exec(text.replace(/^\ufeff/, ''))
  if (strange !== null) {
    const where = placeOf(file, text, strange.index)
    throw policyMalformed(where, `IAM does not take the character "${strange[0]}" in a policy.`)
  }
  if (!isObject(policy)) throw policyMalformed(file, 'A policy is a JSON object.')
  if (policy['Statement'] === undefined) throw policyMalformed(file, 'It has no Statement.')
  const flaw = statementsOf(policy)
    .map(flawOf)
    .find((one) => one !== undefined)
  if (flaw !== undefined) throw policyMalformed(file, flaw)
  return policy as PolicyDocument
}

/** @throws Problem `policy/too-large` */
export function checkInlineSize(role: string, policies: Readonly<Record<string, unknown>>): void {
  const size = Object.values(policies).reduce<number>((sum, one) => sum + policySize(one), 0)
  if (size > MAX_INLINE) throw policyTooLarge(role, size)
}

function parseJson(text: string, file: string): unknown {
  const flaw = jsonFlaw(text)
  if (flaw === undefined) return JSON.parse(text)
  const [reason = ''] = flaw.message.split(
    / (?:in|after) JSON at position|, .*is not valid JSON| \(line/s,
  )
  throw policyMalformed(placeOf(file, text, positionIn(text)), `It is not JSON: ${reason}.`, flaw)
}

function jsonFlaw(text: string): Error | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error as Error
  }
}

/**
 * Where a text stops being JSON. V8 says it for some flaws only; but a beginning without the flaw
 * lacks no more than its end, so it is found by halving.
 */
function positionIn(text: string): number {
  let [good, bad] = [0, text.length + 1]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (lacksItsEnd(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return Math.min(good, text.length)
}

function lacksItsEnd(text: string): boolean {
  const { message } = jsonFlaw(text) ?? {}
  if (message === undefined || /end of JSON input|Unterminated/.test(message)) return true
  return Number(/at position (\d+)/.exec(message)?.[1]) === text.length
}

function placeOf(file: string, text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

/** What no policy of a role can be without, or with. */
function flawOf(statement: unknown, index: number): string | undefined {
  const which = `Its statement number ${index + 1}`
  if (!isObject(statement)) return `${which} is not an object.`
  const { Effect } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny') return `${which} has no Effect of Allow or Deny.`
  for (const member of ['Action', 'Resource']) {
    if (statement[member] === undefined && statement[`Not${member}`] === undefined) {
      return `${which} has no ${member}.`
    }
  }
  const principal = 'Principal' in statement || 'NotPrincipal' in statement
  return principal ? `${which} has a Principal, which here is the role itself.` : undefined
}
