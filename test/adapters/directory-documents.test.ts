import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryDocuments } from '../../src/adapters/directory-documents.ts'
import { localFiles } from '../../src/adapters/files.ts'
import { Conflict } from '../../src/ports/conflict.ts'
import { temporaryFolder } from '../support/cli.ts'

const BODY = '{"keys":[]}\n'

test('writes only over what was read, and nothing that is private', async () => {
  await using folder = await temporaryFolder()
  const store = directoryDocuments(localFiles, folder.path)
  expect(await store.read('keys.json')).toBeUndefined()
  await store.write('keys.json', BODY, undefined)
  const seen = await store.read('keys.json')
  expect(seen?.body).toBe(BODY)
  await expect(store.write('keys.json', BODY, undefined)).rejects.toBeInstanceOf(Conflict)

  await store.write('keys.json', '{"keys": []}\n', seen)
  await expect(store.write('keys.json', BODY, seen)).rejects.toBeInstanceOf(Conflict)
  expect(await readFile(join(folder.path, 'keys.json'), 'utf8')).toBe('{"keys": []}\n')

  const secret = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'a', n: 'x', e: 'AQAB', d: 'x' }] })
  const writing = store.write('other.json', secret, undefined)
  await expect(writing).rejects.toMatchObject({ code: 'documents/private-member' })
  expect(await store.read('other.json')).toBeUndefined()
})

test('folders below are made, and removing is for good', async () => {
  await using folder = await temporaryFolder()
  const store = directoryDocuments(localFiles, folder.path)
  await store.write('.well-known/openid-configuration', '{}\n', undefined)
  await writeFile(join(folder.path, 'index.html'), '')
  await store.remove('.well-known/openid-configuration')
  await store.remove('.well-known/openid-configuration')
  expect(await store.read('.well-known/openid-configuration')).toBeUndefined()
  expect(await readFile(join(folder.path, 'index.html'), 'utf8')).toBe('')
})
