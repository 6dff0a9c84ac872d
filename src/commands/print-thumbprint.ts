import { option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  irsa print-thumbprint https://oidc.example.com

  # Every certificate that the server presents, leaf first
  irsa print-thumbprint https://oidc.example.com --chain`

export const define: Define = (command, session) => {
  command
    .argument('<url>', 'the issuer, or any https URL')
    .addOption(option('--chain', 'show the whole chain'))
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, flags: { chain?: true }) => {
      const world = await session.open(command)
      const [{ inspectCertificate }, { chainView }] = await Promise.all([
        import('../workflows/inspect-certificate.ts'),
        import('../ui/certificates-view.ts'),
      ])
      const { thumbprint, chain, trust } = await inspectCertificate(world, url)
      await world.report.result(
        { kind: 'Thumbprint', url, thumbprint, trusted: trust.kind !== 'untrusted', chain },
        flags.chain === true ? chainView(chain, thumbprint) : thumbprint,
      )
    })
}
