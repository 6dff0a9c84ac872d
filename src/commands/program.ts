import { Command, type Help } from 'commander'
import { addCommonOptions } from './common.ts'
import type { Define, Session } from './session.ts'
import { TOPICS } from './topics.ts'

interface Entry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ define: Define }>
}

/** Every command. Its options are loaded when it is called, so that `--help` loads none of them. */
const GROUPS: Readonly<Record<string, readonly Entry[]>> = {
  'From nothing to a working issuer:': [
    {
      name: 'init',
      summary: 'ask, show the plan, make everything, say what comes next',
      load: () => import('./init.ts'),
    },
    {
      name: 'plan',
      summary: 'compare irsa.yaml with what is there',
      load: () => import('./plan.ts'),
    },
    { name: 'apply', summary: 'bring it in line with irsa.yaml', load: () => import('./apply.ts') },
    {
      name: 'destroy',
      summary: 'take the provider, the documents and the bucket away',
      load: () => import('./destroy.ts'),
    },
  ],
  'Each step alone:': [
    {
      name: 'generate-keypair',
      summary: "make the signer's key pair",
      load: () => import('./generate-keypair.ts'),
    },
    {
      name: 'build-documents',
      summary: 'write the discovery document and the key set into a folder',
      load: () => import('./build-documents.ts'),
    },
    {
      name: 'publish-jwks',
      summary: 'publish both documents, adding keys to those published',
      load: () => import('./publish-jwks.ts'),
    },
    {
      name: 'print-thumbprint',
      summary: 'print the thumbprint of a server as IAM takes it',
      load: () => import('./print-thumbprint.ts'),
    },
    {
      name: 'create-provider',
      summary: 'make the IAM OIDC provider, or bring it in line',
      load: () => import('./create-provider.ts'),
    },
    {
      name: 'print-apiserver-flags',
      summary: 'print what the API server needs, for each way of running it',
      load: () => import('./print-apiserver-flags.ts'),
    },
  ],
  "The cluster's side:": [
    {
      name: 'print-webhook',
      summary: 'print the pod identity webhook: certificate and manifests',
      load: () => import('./print-webhook.ts'),
    },
    {
      name: 'create-role',
      summary: 'make a role for service accounts, or bring it in line, and print their manifests',
      load: () => import('./create-role.ts'),
    },
    {
      name: 'delete-role',
      summary: 'take such a role away again',
      load: () => import('./delete-role.ts'),
    },
    {
      name: 'print-service-account',
      summary: 'print the service account, annotated with its role',
      load: () => import('./print-service-account.ts'),
    },
    {
      name: 'print-test-job',
      summary: 'print a job that proves a role, or patch a workload without the webhook',
      load: () => import('./print-test-job.ts'),
    },
  ],
  'Prove it:': [
    {
      name: 'verify',
      summary: 'walk the chain link by link, and name the broken one',
      load: () => import('./verify.ts'),
    },
    {
      name: 'inspect-token',
      summary: 'read a token: claims, key, what STS would say',
      load: () => import('./inspect-token.ts'),
    },
    {
      name: 'audit-roles',
      summary: 'find what is wrong with the roles that trust a provider',
      load: () => import('./audit-roles.ts'),
    },
  ],
  'Without an AWS account:': [
    {
      name: 'demo',
      summary: 'the whole story on an embedded AWS, in seconds',
      load: () => import('./demo.ts'),
    },
    {
      name: 'sandbox',
      summary: 'leave the embedded AWS running to play with',
      load: () => import('./sandbox.ts'),
    },
  ],
}

const EXAMPLES = `
Examples:
  irsa demo                                              # see it work, with no account
  irsa init --name production --region eu-west-3         # do it

More: irsa help <command>, irsa help ${Object.keys(TOPICS).join(', irsa help ')}`

/** The command tree. Which command was called decides what else is loaded. */
export function buildProgram(version: string, session: Session): Command {
  const program = addCommonOptions(new Command('irsa'))
    .description(
      'IAM Roles for Service Accounts on any Kubernetes cluster: from nothing to pods that hold short-lived AWS credentials.',
    )
    .version(version, '-V, --version', 'print the version')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, optionDescription: plainDescription })
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
  const loaders = new Map<string, Entry['load']>()
  for (const [heading, entries] of Object.entries(GROUPS)) {
    program.commandsGroup(heading)
    for (const { name, summary, load } of entries) {
      program
        .command(name)
        .description(`${sentence(summary)}`)
        .summary(summary)
      loaders.set(name, load)
    }
  }
  program.hook('preSubcommand', async (_program, command) => {
    const module = await loaders.get(command.name())?.()
    module?.define(command, session)
  })
  return program
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** Every option has its IRSA_ variable, which `irsa help environment` explains once for all. */
const plainDescription: Help['optionDescription'] = ({ description, defaultValue, argChoices }) => {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`
  const silent = defaultValue === undefined || typeof defaultValue === 'boolean'
  return `${description}${choices}${silent ? '' : ` (default: ${String(defaultValue)})`}`
}
