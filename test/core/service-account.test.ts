import { expect, test } from 'vitest'
import { parseServiceAccount, subjectOf } from '../../src/core/service-account.ts'

test.each([
  ['shop/checkout', 'system:serviceaccount:shop:checkout'],
  ['kube-system/aws-node', 'system:serviceaccount:kube-system:aws-node'],
  ['a/b', 'system:serviceaccount:a:b'],
  ['ns1/with.dots.in-it', 'system:serviceaccount:ns1:with.dots.in-it'],
  [
    `${'n'.repeat(63)}/${'a'.repeat(253)}`,
    `system:serviceaccount:${'n'.repeat(63)}:${'a'.repeat(253)}`,
  ],
])('%s is %s', (text, subject) => {
  expect(subjectOf(parseServiceAccount(text))).toBe(subject)
})

test.each([
  '',
  'checkout',
  'shop/',
  '/checkout',
  'shop/checkout/x',
  'Shop/checkout',
  'shop/Checkout',
  'shop.eu/checkout',
  '-shop/checkout',
  'shop/checkout-',
  'shop/a..b',
  'shop/.a',
  'shop/*',
  'shop:checkout',
  ' shop/checkout',
  'shop/checkout\n',
  `${'n'.repeat(64)}/a`,
  `n/${'a'.repeat(254)}`,
])('%j is refused', (text) => {
  expect(() => parseServiceAccount(text)).toThrow(
    expect.objectContaining({ code: 'usage/service-account', exit: 2 }),
  )
})
