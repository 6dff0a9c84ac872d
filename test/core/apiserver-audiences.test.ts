import { describe, expect, test } from 'vitest'

import type { Stage } from '../../src/core/apiserver/names.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { MOVE, OLD, problemOf, settle, values } from './apiserver.ts'

describe('the audiences', () => {
  test('are left to their default, the issuer, in a new cluster', () => {
    for (const { name } of PLATFORMS) expect(values(settle({}, name), 'api-audiences')).toEqual([])
  })

  test.each<Stage>(['accept', 'sign', 'finish'])('are pinned to what is in force: %s', (stage) => {
    const input = { ...MOVE, previousIssuers: [OLD, 'older'], stage }
    expect(values(settle(input, 'flags'), 'api-audiences')).toEqual([`${OLD},older`])
    expect(values(settle(input, 'kubeadm'), 'api-audiences')).toEqual([`${OLD},older`])
  })

  test.each(['k3s', 'kops'])('stay alone on %s, where they do not follow the issuers', (name) => {
    expect(values(settle(MOVE, name), 'api-audiences')).toEqual([])
  })

  test('are those that were asked for, where any were', () => {
    const settings = settle({ ...MOVE, apiAudiences: ['a,b', 'a'] })
    expect(values(settings, 'api-audiences')).toEqual(['a,b'])
  })

  test.each([
    'sts.amazonaws.com',
    'api,sts.amazonaws.com',
    'sts.amazonaws.com.cn',
    'https://sts.eu-west-3.amazonaws.com',
    'amazonaws.com',
  ])('are never %s', (audience) => {
    expect(problemOf(() => settle({ apiAudiences: ['kubernetes', audience] }))).toMatchObject({
      code: 'apiserver/sts-audience',
      exit: 2,
    })
  })

  test('may be an issuer in S3', () => {
    const audience = 'https://acme.s3.eu-west-3.amazonaws.com'
    expect(values(settle({ apiAudiences: [audience] }), 'api-audiences')).toEqual([audience])
  })
})
