import { describe, expect, test } from 'vitest'

import { asArguments, CASES, linesOf, MOVE, OLD, of, render } from './apiserver.ts'

describe('flags', () => {
  test.each(Object.entries(CASES))('%s: every line is a comment or one flag', (_, input) => {
    const printed = render('flags', input)
    expect(linesOf(printed.text)).toEqual(asArguments(printed))
  })

  test('values that a shell would read differently are quoted', () => {
    const { text } = render('flags', { previousIssuers: ["it's$HOME"] })
    expect(text).toContain(`--service-account-issuer='it'\\''s$HOME'\n`)
  })
})

describe('systemd', () => {
  test.each(Object.entries(CASES))(
    '%s: every line goes on, and the last is for the other unit where its key changes',
    (label, input) => {
      const printed = render('systemd', of('systemd', input))
      const lines = linesOf(printed.text)
      expect(lines.every((line) => line.startsWith('  --') && line.endsWith(' \\'))).toBe(true)
      const values = lines.map((line) => line.slice(2, -2))
      const manager = values.filter((value) => value.includes('private-key-file'))
      expect(values).toEqual([...asArguments(printed), ...manager])
      expect(manager).toHaveLength(['own-key', 'accept'].includes(label) ? 0 : 1)
    },
  )

  test('goes on verifying with the certificate that the guide has for a key', () => {
    const { flags } = render('systemd', { ...of('systemd', MOVE), stage: 'accept' })
    expect(flags).toContainEqual({
      name: 'service-account-key-file',
      value: '/var/lib/kubernetes/service-accounts.crt',
    })
  })

  test.each([
    ['a%20b', 'a%%20b'],
    ['a$b', 'a$$b'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ["it's", `"it's"`],
  ])('the issuer %s is written as %s', (issuer, written) => {
    const { text } = render('systemd', { previousIssuers: [issuer] })
    expect(text).toContain(`  --service-account-issuer=${written} \\\n`)
  })
})

describe('MicroK8s', () => {
  test.each(Object.entries(CASES))('%s: lines for its file, in order', (_, input) => {
    const printed = render('microk8s', of('microk8s', input))
    expect(linesOf(printed.text)).toEqual(asArguments(printed))
  })

  test('takes out every line that comes anew, and no other', () => {
    const { text } = render('microk8s', { ...of('microk8s', MOVE), stage: 'sign' })
    const [, pattern = ''] = /sed -i -E '\/(.+)\/d' \\\n#\s+\S+kube-apiserver/.exec(text) ?? []
    const taken = (line: string) => new RegExp(pattern).test(line)
    expect(taken("--service-account-issuer='https://kubernetes.default.svc'")).toBe(true)
    expect(taken('--service-account-key-file=${SNAP_DATA}/certs/serviceaccount.key')).toBe(true)
    expect(taken('--service-account-signing-key-file ${SNAP_DATA}/certs/x.key')).toBe(true)
    expect(taken('--api-audiences=a')).toBe(true)
    expect(taken('--service-account-lookup=true')).toBe(false)
    expect(taken('--tls-private-key-file=a')).toBe(false)
  })

  test.each(["it's", '$HOME', '"a"'])(
    'refuses the issuer %s, which its file cannot hold',
    (issuer) => {
      expect(() => render('microk8s', { previousIssuers: [issuer] })).toThrow('cannot go into')
    },
  )

  test('says that it runs already, unless that is known', () => {
    expect(render('microk8s').warnings.join()).toContain('from its installation on')
    expect(render('microk8s', { previousIssuers: [OLD] }).warnings.join()).not.toContain(
      'from its installation on',
    )
  })
})
