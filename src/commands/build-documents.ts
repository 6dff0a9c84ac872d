import type { BuildFlags } from '../workflows/build-documents.ts'
import { option, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # public/.well-known/openid-configuration and public/keys.json
  irsa build-documents --issuer https://oidc.example.com --public-key sa.pub --out-dir public

  # Two signers in one key set, as during a rotation
  irsa build-documents --issuer https://oidc.example.com --public-key old.pub --public-key new.pub`

export const define: Define = (command, session) => {
  command
    .addOption(option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'))
    .addOption(repeatablePath('--public-key <file>', 'public key of a signer; repeatable'))
    .addOption(option('--out-dir <folder>', 'where the documents go').default('public'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: BuildFlags) => {
      const world = await session.open(command)
      const [{ buildDocuments }, { reportPlan }, { fieldsView }] = await Promise.all([
        import('../workflows/build-documents.ts'),
        import('./applied-report.ts'),
        import('../ui/fields-view.ts'),
      ])
      const { issuer, keys, files, changes } = await buildDocuments(world, flags)
      if (world.options.dryRun === true) return reportPlan(world, changes)
      await world.report.result(
        { kind: 'Documents', issuer, keys, files },
        fieldsView([
          ['issuer', issuer],
          ['keys', keys.map(({ kid, file }) => `${kid}  ${file}`)],
          ['files', files],
        ]),
      )
    })
}
