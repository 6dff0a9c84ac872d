import { expect, test } from 'vitest'
import { countActions, isChange, type Action, type Change } from '../../src/core/change.ts'
import { isOurs, ownershipTags } from '../../src/core/setup.ts'

const change = (action: Action): Change => ({ action, resource: 'object', id: 'keys.json' })

test('counts each action', () => {
  expect(countActions([])).toEqual({ create: 0, update: 0, delete: 0, none: 0 })
  const changes = (['create', 'none', 'create', 'update', 'delete'] as const).map(change)
  expect(countActions(changes)).toEqual({ create: 2, update: 1, delete: 1, none: 1 })
  expect(changes.filter(isChange)).toHaveLength(4)
})

test('irsa knows its own things by their tags', () => {
  expect(ownershipTags('blue')).toEqual({ 'managed-by': 'irsa', 'irsa:name': 'blue' })
  expect(ownershipTags(undefined)).toEqual({ 'managed-by': 'irsa' })
  expect(isOurs(ownershipTags('blue'))).toBe(true)
  expect(isOurs({})).toBe(false)
  expect(isOurs({ 'managed-by': 'terraform' })).toBe(false)
})
