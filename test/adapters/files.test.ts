import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localFiles } from '../../src/adapters/files.ts'
import { Conflict } from '../../src/ports/conflict.ts'
import { temporaryFolder } from '../support/cli.ts'

const isRoot = process.getuid?.() === 0

describe('create', () => {
  test('makes the file whole, with its folders and its mode', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a/b/sa.key')
    await localFiles.create(path, 'secret\n', 0o600)
    expect(await readFile(path, 'utf8')).toBe('secret\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder.path, 'a/b'))).toEqual(['sa.key'])
  })

  test('never writes over a file, not even an empty one or a dangling link', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'sa.key')
    await writeFile(path, '')
    await expect(localFiles.create(path, 'secret', 0o600)).rejects.toBeInstanceOf(Conflict)
    expect(await readFile(path, 'utf8')).toBe('')
    await symlink(join(folder.path, 'nowhere'), join(folder.path, 'link'))
    const onto = localFiles.create(join(folder.path, 'link'), 'secret', 0o600)
    await expect(onto).rejects.toBeInstanceOf(Conflict)
    expect((await readdir(folder.path)).toSorted()).toEqual(['link', 'sa.key'])
  })

  test('of many at once, one wins and its file is whole', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'sa.key')
    const texts = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(100_000))
    const tries = texts.map((text) => localFiles.create(path, text, 0o600))
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(texts).toContain(await readFile(path, 'utf8'))
    expect(await readdir(folder.path)).toEqual(['sa.key'])
  })
})

test('replace puts a file in the place of whatever is there', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'irsa.yaml')
  await localFiles.replace(path, 'one')
  await localFiles.replace(path, 'two')
  expect(await readFile(path, 'utf8')).toBe('two')
  expect(await readdir(folder.path)).toEqual(['irsa.yaml'])
})

describe('reading', () => {
  test('nothing is undefined, and so is what lies below a file', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'file'), 'text')
    expect(await localFiles.read(join(folder.path, 'nothing'))).toBeUndefined()
    expect(await localFiles.read(join(folder.path, 'file/below'))).toBeUndefined()
    expect((await localFiles.read(join(folder.path, 'file')))?.toString()).toBe('text')
  })

  test('a folder is a problem', async () => {
    await using folder = await temporaryFolder()
    const reading = localFiles.read(folder.path)
    await expect(reading).rejects.toMatchObject({ code: 'files/unreadable', exit: 1 })
  })

  test.each([0o640, 0o604, 0o660, 0o644])('a private key of mode %o is refused', async (mode) => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'sa.key')
    await writeFile(path, 'secret')
    await chmod(path, mode)
    const reading = localFiles.readSecret(path)
    await expect(reading).rejects.toMatchObject({ code: 'signer/readable-by-others' })
    await chmod(path, 0o600)
    expect((await localFiles.readSecret(path))?.toString()).toBe('secret')
  })
})

test.skipIf(isRoot)('a folder that is read-only', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'keys'), { mode: 0o500 })
  const creating = localFiles.create(join(folder.path, 'keys/sa.key'), 'secret', 0o600)
  await expect(creating).rejects.toMatchObject({ code: 'files/not-writable' })
})

test('a file in the way of a folder', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'keys'), '')
  const creating = localFiles.create(join(folder.path, 'keys/sa.key'), 'secret', 0o600)
  await expect(creating).rejects.toMatchObject({ code: 'files/not-writable' })
})

test('removing what is not there is fine', async () => {
  await using folder = await temporaryFolder()
  await expect(localFiles.remove(join(folder.path, 'nothing'))).resolves.toBeUndefined()
})

test.skipIf(isRoot)('removing from a folder that is read-only', async () => {
  await using folder = await temporaryFolder()
  const keys = join(folder.path, 'keys')
  await mkdir(keys)
  await writeFile(join(keys, 'sa.key'), 'secret')
  await chmod(keys, 0o500)
  const removing = localFiles.remove(join(keys, 'sa.key'))
  await expect(removing).rejects.toMatchObject({ code: 'files/not-writable' })
  await chmod(keys, 0o700)
})

test('removing what is a folder', async () => {
  await using folder = await temporaryFolder()
  const removing = localFiles.remove(folder.path)
  await expect(removing).rejects.toMatchObject({ code: 'files/not-writable' })
})

test('of a file without an end only the beginning is read', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'token')
  await writeFile(path, 'token')
  expect((await localFiles.readSome(path, 3))?.toString()).toBe('tok')
  expect((await localFiles.readSome(path, 9))?.toString()).toBe('token')
  expect(await localFiles.readSome(join(folder.path, 'nowhere'), 9)).toBeUndefined()
  await expect(localFiles.readSome(folder.path, 9)).rejects.toMatchObject({
    code: 'files/unreadable',
  })
  expect(await localFiles.readSome('/dev/zero', 70_000)).toHaveLength(70_000)
})
