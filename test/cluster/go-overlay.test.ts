import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/cli.ts'
import { overlay } from './go-overlay.ts'

const change = { from: 'example.com/a', exchange: { '":%d", *port': '"127.0.0.1:%d", *port' } }

test('an overlay changes what is there once', async () => {
  await using draft = await temporaryFolder()
  const option = await overlay('/module', 'listen(":%d", *port)', change, draft.path)
  expect(option).toBe(`-overlay=${draft.path}/overlay.json`)
  const changed = join(draft.path, 'main.go')
  expect(await readFile(changed, 'utf8')).toBe('listen("127.0.0.1:%d", *port)')
  const settings = JSON.parse(await readFile(join(draft.path, 'overlay.json'), 'utf8'))
  expect(settings).toEqual({ Replace: { '/module/main.go': changed } })
})

test.each(['', '":%d", *port ":%d", *port'])('an overlay refuses %j', async (source) => {
  await using draft = await temporaryFolder()
  await expect(overlay('/module', source, change, draft.path)).rejects.toThrow('exactly once')
})
