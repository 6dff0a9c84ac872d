import { assertExpected, type Problem } from '../../core/problems/problem.ts'
import type { PublicKey } from '../../core/public-key.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { looked, type Link, skipped } from '../../core/verify/link.ts'
import { seeSigners } from './see-signers.ts'
import type { LookAt } from './walk.ts'

/** The key files at hand: whether they can be read, belong together, and are nobody else's to read. */
export const lookAtSignerKey: LookAt = async (walk) => {
  const { file } = walk.given
  try {
    // For the other links a damaged file is one that was not seen; here it is what there is to see.
    const keys = await seeSigners(walk)
    if ('kind' in keys) return skipped('signer-key', keys)
    return keys.length === 0 && file !== undefined ? missing(file.shown) : found(keys)
  } catch (error) {
    assertExpected(error)
    return looked('signer-key', '', { findings: [damaged(error)] })
  }
}

const found = (keys: readonly PublicKey[]): Link =>
  looked('signer-key', keys.map(({ kid }) => `kid ${kid}`).join(', '), {
    evidence: keys.map(({ kid, alg, bits }) => ({ label: kid, text: `${alg}, ${bits} bits` })),
  })

const missing = (shown: string): Link =>
  looked('signer-key', '', {
    findings: [
      {
        id: 'signer-key/missing',
        severity: 'medium',
        summary: `None of the key files that ${shown} names is there`,
        why: 'Without the public key it cannot be seen whether the right one is published.',
        fix: 'Bring the public key here from where it was made, or let irsa look for it in the cluster.',
      },
    ],
  })

const damaged = ({ code, what, why, fix }: Problem): Finding => ({
  id: `signer-key/${code.replace('/', '-')}`,
  severity: 'high',
  summary: what.replace(/\.$/, ''),
  why,
  fix,
})
