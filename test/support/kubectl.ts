import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a cluster answers to each command line; anything else is refused as the API server does. */
export type KubectlAnswers = Readonly<Record<string, string | object>>

/**
 * Puts a program called kubectl below a folder. Answers the variables that make irsa find it; what
 * it was asked is in `kubectl.log` of the folder, a line each.
 */
export async function standInKubectl(
  folder: string,
  answers: KubectlAnswers,
  refusal = 'Error from server (Forbidden): it may not be read',
): Promise<{ readonly PATH: string }> {
  const bin = join(folder, 'bin')
  await mkdir(bin, { recursive: true })
  const cases = await Promise.all(
    Object.entries(answers).map(async ([args, answer], index) => {
      const file = join(bin, `answer-${index}`)
      await writeFile(file, typeof answer === 'string' ? answer : JSON.stringify(answer))
      return `'${args}') cat '${file}' ;;`
    }),
  )
  const script = [
    '#!/bin/sh',
    `echo "$*" >> '${folder}/kubectl.log'`,
    'case "$*" in',
    ...cases,
    `*) echo '${refusal}' >&2; exit 1 ;;`,
    'esac',
  ]
  await writeFile(join(bin, 'kubectl'), `${script.join('\n')}\n`)
  await chmod(join(bin, 'kubectl'), 0o755)
  return { PATH: `${bin}:${process.env['PATH']}` }
}
