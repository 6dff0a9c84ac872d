import { takesTokens, type Test } from '../../trust-statement.ts'
import { isLoose, isPositive } from '../bounds.ts'
import type { Door } from '../door.ts'
import { acting, type Edit, hasTest, replacing } from '../edits.ts'
import { readTokenKey, sameIssuer } from '../providers.ts'
import { shortlist } from '../../words.ts'
import type { DoorRule, Found } from './rule.ts'

const ACTION = 'sts:AssumeRoleWithWebIdentity'

/** What keeps everybody out, whatever was meant: actions and condition keys. */
export const KEY_RULES: readonly DoorRule[] = [
  {
    id: 'trust/action',
    severity: 'medium',
    title: 'The action is not the one for tokens',
    help: 'STS takes tokens by sts:AssumeRoleWithWebIdentity. A statement for an OIDC provider that allows other actions only lets nobody in.',
    look: wrongAction,
  },
  {
    id: 'trust/key-scheme',
    severity: 'medium',
    title: 'A condition key begins with https://',
    help: 'Condition keys name the issuer without its scheme. With https:// in front IAM takes the key for one that the request does not have, and a test of it is never met.',
    look: (door) => tokenKeys(door).flatMap(([test, key]) => withScheme(door, test, key)),
  },
  {
    id: 'trust/key-unknown',
    severity: 'medium',
    title: 'A condition key that no token of the issuer has',
    help: 'A condition key has to name the issuer exactly as the provider does, slash and all, and one of the claims that STS passes on: aud, oaud, sub, amr or email. A test of any other key is never met.',
    look: (door) => tokenKeys(door).flatMap(([test, key]) => unknownKey(door, test, key)),
  },
]

function wrongAction({ statement }: Door): readonly Found[] {
  if (takesTokens(statement)) return []
  const { notAction, actions } = statement
  return [
    {
      severity: 'medium',
      summary: `It ${notAction ? 'leaves out' : 'allows'} ${shortlist(actions)}, and tokens are exchanged by ${ACTION}`,
      why: 'No token gets in by this statement.',
      fix: `Allow ${ACTION}.`,
      advice: notAction ? undefined : acting(ACTION),
      closes: true,
    },
  ]
}

type Key = NonNullable<ReturnType<typeof readTokenKey>>

const tokenKeys = ({ statement }: Door): readonly (readonly [Test, Key])[] =>
  statement.tests.flatMap((test) => {
    const key = readTokenKey(test.key)
    return key === undefined ? [] : [[test, key] as const]
  })

/** A test of a key that is not there: most are never met, and some always. */
const consequence = (test: Test): Pick<Found, 'why' | 'closes'> =>
  isPositive(test) && !isLoose(test)
    ? { why: 'No token has that key, so the test is never met and nobody gets in.', closes: true }
    : { why: 'No token has that key, so the test is always met and bounds nothing.' }

function withScheme(door: Door, test: Test, { scheme, issuer, claim }: Key): readonly Found[] {
  if (scheme === '') return []
  const key = `${sameIssuer(issuer.replace(/\/$/, ''), door.provider.issuer) ? door.provider.issuer : issuer}:${claim}`
  return [
    {
      severity: 'medium',
      summary: `The condition key ${test.key} begins with ${scheme}`,
      ...consequence(test),
      fix: `Write it as ${key}.`,
      advice: renamedKey(door, test, key),
    },
  ]
}

function unknownKey(
  door: Door,
  test: Test,
  { scheme, issuer, claim, exists }: Key,
): readonly Found[] {
  const { provider } = door
  const same = sameIssuer(issuer, provider.issuer)
  if (scheme !== '' || (same && exists)) return []
  const meant = `${provider.issuer}:${claim}`
  return [
    {
      severity: 'medium',
      summary: same
        ? `The condition key ${test.key} is about the claim ${claim}, which STS does not pass on`
        : `The condition key ${test.key} is not about tokens of ${provider.issuer}`,
      ...consequence(test),
      fix:
        same || !exists
          ? `Test ${provider.issuer}:sub and ${provider.issuer}:aud.`
          : `Write it as ${meant}, or name the provider that it is about.`,
      advice: same || !exists || !door.alone ? undefined : renamedKey(door, test, meant),
    },
  ]
}

/** Nothing where the right key is tested already: what was meant then nobody knows. */
const renamedKey = ({ raw }: Door, test: Test, key: string): Edit | undefined =>
  hasTest(raw, test.written, key) ? undefined : replacing(test, { key })
