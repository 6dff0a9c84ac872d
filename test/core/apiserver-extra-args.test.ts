import { expect, test } from 'vitest'

import { firstOfEach, furtherOnes, namePattern } from '../../src/core/apiserver/extra-args.ts'

const flag = (text: string) => {
  const [name = '', value = ''] = text.split('=')
  return { name, value, why: '' }
}
const ALL = ['issuer=new', 'issuer=old', 'key=a', 'issuer=older', 'audience=x'].map(flag)
const texts = (flags: readonly { name: string; value: string }[]) =>
  flags.map(({ name, value }) => `${name}=${value}`)

test('the first value of each flag stays, and the others keep their order', () => {
  expect(texts(firstOfEach(ALL))).toEqual(['issuer=new', 'key=a', 'audience=x'])
  expect(texts(furtherOnes(ALL))).toEqual(['issuer=old', 'issuer=older'])
})

test.each([
  [['service-account-issuer', 'service-account-issuer'], 'service-account-issuer'],
  [
    ['service-account-issuer', 'service-account-key-file', 'api-audiences'],
    'service-account-(issuer|key-file)|api-audiences',
  ],
  [['api-audiences', 'anonymous-auth'], 'api-audiences|anonymous-auth'],
])('the pattern for %j is %s', (names, pattern) => {
  expect(namePattern(names.map(flag))).toBe(pattern)
})
