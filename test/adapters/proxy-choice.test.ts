import { expect, test } from 'vitest'
import { proxyFor, shownProxy } from '../../src/adapters/proxy-choice.ts'

const choose = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href

test.each([
  ['none is set', 'https://a.example', {}, undefined],
  ['one is set to nothing', 'https://a.example', { HTTPS_PROXY: '' }, undefined],
  ['https', 'https://a.example', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['https, not http', 'http://a.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['http', 'http://a.example', { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
  ['http, not https', 'https://a.example', { HTTP_PROXY: 'http://p:1' }, undefined],
  ['all', 'https://a.example', { ALL_PROXY: 'http://p:1' }, 'http://p:1/'],
  [
    'its own before all',
    'https://a.example',
    { all_proxy: 'http://all:1', HTTPS_PROXY: 'http://own:1' },
    'http://own:1/',
  ],
  [
    'lower case before upper case',
    'https://a.example',
    { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' },
    'http://lower:1/',
  ],
  ['a proxy without scheme', 'https://a.example', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128/'],
  ['a proxy over TLS', 'https://a.example', { HTTPS_PROXY: 'https://p:1' }, 'https://p:1/'],
])('the proxy: %s', (_, url, env, expected) => expect(choose(url, env)).toBe(expected))

test.each([
  ['*', 'https://a.example', true],
  ['a.example', 'https://a.example', true],
  ['A.Example', 'https://a.example', true],
  ['a.example', 'https://b.a.example', true],
  ['.a.example', 'https://b.a.example', true],
  ['*.a.example', 'https://b.a.example', true],
  ['a.example', 'https://ba.example', false],
  ['example', 'https://a.example.org', false],
  ['a.example:443', 'https://a.example', true],
  ['a.example:8443', 'https://a.example', false],
  ['x.example, a.example', 'https://a.example', true],
  ['x.example a.example', 'https://a.example', true],
  ['127.0.0.1', 'https://127.0.0.1:8443', true],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  ['10.0.0.0/8', 'https://a.example', false],
  ['::1', 'https://[::1]:8443', true],
  ['[::1]:8443', 'https://[::1]:8443', true],
  ['[::1]:443', 'https://[::1]:8443', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['fd00::/8', 'https://10.1.2.3', false],
  [' , ,', 'https://a.example', false],
])('NO_PROXY=%s keeps the proxy away from %s: %s', (list, url, kept) => {
  const env = { HTTPS_PROXY: 'http://p:1' }
  expect(choose(url, { ...env, NO_PROXY: list }) === undefined).toBe(kept)
  expect(choose(url, { ...env, no_proxy: list }) === undefined).toBe(kept)
})

test.each([
  ['not a URL', 'http://:1:2'],
  ['another kind of proxy', 'socks5://user:secret@p:1'],
  ['a password that is not encoded', 'http://user:secret%zz@p:1'],
])('a proxy that cannot be used is a problem without its password: %s', (_, HTTPS_PROXY) => {
  const choosing = () => choose('https://a.example', { HTTPS_PROXY })
  expect(choosing).toThrow(expect.objectContaining({ code: 'network/proxy-invalid', exit: 2 }))
  expect(choosing).not.toThrow(/secret/)
})

test('a proxy is shown without user name and password', () => {
  expect(shownProxy(new URL('http://user:secret@p.example:3128/'))).toBe('http://p.example:3128')
})
