import { resolve } from 'node:path'
import { fileMissing } from '../core/problems/files.ts'
import { notAssumedYet, tokenRefused, tokenUnfit } from '../core/problems/role.ts'
import type { RoleWish } from '../core/role-wish.ts'
import { shownServiceAccount, shownSubject } from '../core/service-account.ts'
import { covers } from '../core/subject.ts'
import { readClaims } from '../core/token-claims.ts'
import type { Aws } from '../ports/aws.ts'
import type { World } from '../ports/world.ts'

/** IAM publishes no bound; seconds are usual, and a minute is rare (terraform-provider-aws waits two). */
const PATIENCE_MS = 120_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 8_000

/** STS is given up to so many tries at the issuer: bursts of first calls fail now and then. */
const TRIES_AT_ISSUER = 3

/**
 * Reads a token and checks that it is one for this role. Nobody prints or keeps it.
 * @throws Problem `files/missing`, `role/token-unfit`
 */
export async function readToken(
  { files, cwd, clock, readInput }: Pick<World, 'files' | 'cwd' | 'clock' | 'readInput'>,
  place: string,
  { subjects, audiences }: RoleWish,
  { issuer }: { readonly issuer: string },
): Promise<string> {
  const content = place === '-' ? await readInput() : await files.read(resolve(cwd, place))
  if (content === undefined) throw fileMissing(place, 'A token')
  const token = content.toString('latin1').trim()
  const claims = readClaims(token)
  if (claims === undefined) throw tokenUnfit('It is no JSON Web Token with iss, sub, aud and exp.')
  if (claims.issuer !== issuer) {
    throw tokenUnfit(`It is of the issuer ${claims.issuer}, not of ${issuer}.`)
  }
  if (!subjects.some((subject) => covers(subject, claims.subject))) {
    const wished = subjects.map(shownServiceAccount).join(', ')
    throw tokenUnfit(`It is of ${shownSubject(claims.subject)}, and the role is for ${wished}.`)
  }
  if (!claims.audiences.some((audience) => audiences.includes(audience))) {
    throw tokenUnfit(
      `It is for ${claims.audiences.join(', ') || 'nobody'}, and not for ${audiences.join(', ')}.`,
    )
  }
  if (claims.expires * 1000 < clock.now().getTime()) throw tokenUnfit('It has expired.')
  return token
}

/**
 * Exchanges the token until STS knows the role in every one of its parts.
 * @throws Problem `role/token-refused` when waiting would not help, `role/not-assumed-yet` when it
 *   did not
 */
export async function untilAssumed(
  { clock, progress }: Pick<World, 'clock' | 'progress'>,
  aws: Pick<Aws, 'assume'>,
  { roleArn, token }: { readonly roleArn: string; readonly token: string },
): Promise<void> {
  const ongoing = progress.begin('Waiting until the role can be assumed')
  const began = clock.now().getTime()
  try {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await aws.assume({ roleArn, token, sessionName: 'irsa-create-role' })
      if (answer.kind === 'assumed') {
        return ongoing.done(
          `credentials of ${answer.arn.split(':').at(-1)} until ${answer.expires}`,
        )
      }
      const { code, message } = answer
      if (!mayPass(code, message, attempt)) throw tokenRefused(roleArn, code, message)
      const waited = clock.now().getTime() - began
      if (waited > PATIENCE_MS) {
        throw notAssumedYet(roleArn, Math.round(waited / 1000), `${code}: ${message}`)
      }
      ongoing.reached(`${Math.round(waited / 1000)} s`)
      await clock.sleep(Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS))
    }
  } catch (error) {
    ongoing.failed()
    throw error
  }
}

/**
 * AccessDenied is what STS says of a role, or a trust policy, that it has not heard of yet. What it
 * says of the token itself stays true, but for an issuer or a provider that is new to it.
 */
function mayPass(code: string, message: string, attempt: number): boolean {
  if (code === 'AccessDenied') return true
  const passing =
    ['IDPCommunicationError', 'Throttling'].includes(code) ||
    /verification key|No OpenIDConnect provider/i.test(message)
  return passing && attempt < TRIES_AT_ISSUER
}
