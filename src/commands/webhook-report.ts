import { join } from 'node:path'
import type { Command } from 'commander'
import { dayOf } from '../core/webhook/authorities.ts'
import type { NextCommand, World } from '../ports/world.ts'
import { manifestStream } from '../workflows/manifests.ts'
import type { WebhookFlags, WebhookManifests } from '../workflows/webhook/print-webhook.ts'
import { writeManifests } from '../workflows/webhook/write-manifests.ts'
import { reportPlan } from './applied-report.ts'
import { givenFlags } from './given-flags.ts'
import { reportManifests } from './manifests-report.ts'
import { shellWord } from '../core/shell.ts'

/** Prints the manifests, or writes them into a folder, and says what to type next. */
export async function reportWebhook(
  world: World,
  printed: WebhookManifests,
  flags: WebhookFlags,
  command: Command,
): Promise<void> {
  const { documents } = printed
  const stream = manifestStream(documents.map(({ text }) => text))
  const { outDir, kustomize = false, renew = false } = flags
  if (outDir === undefined) {
    if (world.onScreen && documents.some(({ secret }) => secret)) {
      world.progress.warn(
        'A private key is on this screen, in the Secret. Pipe the output into kubectl, or let --out-dir write it.',
      )
    }
    await reportManifests(world, stream)
  } else {
    const folder = { outDir, kustomize: kustomize && !renew, replace: renew }
    const changes = await writeManifests(world, documents, folder)
    if (world.options.dryRun === true) return reportPlan(world, changes)
    // The folder is the result; what is private in it is not said a second time.
    const files = changes.map(({ id }) => id)
    const text = files.map((file) => `${file}\n`).join('')
    await world.report.result({ kind: 'Manifests', text, ...named(stream), files }, text)
  }
  world.report.next(afterWebhook(world, printed, flags, command))
}

const named = ({ resources }: ReturnType<typeof manifestStream>) => ({ resources })

/** What to type once the manifests are printed: apply them, wait, and renew in time. */
function afterWebhook(
  { onScreen }: World,
  printed: WebhookManifests,
  flags: WebhookFlags,
  command: Command,
): NextCommand[] {
  const { namespace, name, expires, first } = printed
  const { outDir, renew } = flags
  const apply =
    outDir === undefined
      ? onScreen && `irsa print-webhook${givenFlags(command)} | kubectl apply -f -`
      : applyFolder(printed, outDir, flags)
  const rollout = `kubectl -n ${namespace} rollout status deployment/${name}`
  const again = givenFlags(command, RENEWED_WITH)
  return [
    ...(apply === false ? [] : [{ command: apply, why: 'give them to the cluster' }]),
    ...(renew === true ? [] : [{ command: rollout, why: 'wait until it runs' }]),
    ...(expires === undefined
      ? []
      : [
          {
            command: `irsa print-webhook --renew${again} | kubectl apply -f -`,
            why: `${first === undefined ? 'installed already? then instead; and ' : ''}before ${dayOf(expires)}, when the certificate expires`,
          },
        ]),
  ]
}

/** A renewal reads the rest from the cluster. */
const RENEWED_WITH = ['--namespace', '--name', '--secret-name', '--certificate-days']

/**
 * Where a certificate is replaced, the Secret is applied only once the API server trusts it: within
 * one command, kubectl goes on after a refusal, and with -k it puts the Secret first.
 */
function applyFolder(
  { documents, first }: WebhookManifests,
  outDir: string,
  { kustomize, renew }: WebhookFlags,
): string {
  const apply = (path: string, flag = '-f') => `kubectl apply ${flag} ${shellWord(path)}`
  const all = apply(outDir, kustomize === true ? '-k' : '-f')
  if (first === undefined) return all
  const others = documents.filter(({ file }) => file !== first)
  const rest = renew === true ? others.map(({ file }) => apply(join(outDir, file))) : [all]
  return [apply(join(outDir, first)), ...rest].join(' && ')
}
