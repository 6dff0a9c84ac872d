import { Problem } from './problem.ts'

const config = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `config/${code}`, what, why, fix, exit: 2 })

export const configMissing = (file: string): Problem =>
  config(
    'missing',
    `There is no ${file}.`,
    'This command works from the file that irsa init writes.',
    'Run irsa init, go to the folder that holds the file, or name it with --config FILE.',
  )

export const configMalformed = (place: string, detail: string): Problem =>
  config(
    'malformed',
    `${place} is not valid YAML.`,
    detail,
    'Mend the line that is named; irsa help config shows what the file should look like.',
  )

export const configUnknownField = (
  place: string,
  field: string,
  known: readonly string[],
): Problem =>
  config(
    'unknown-field',
    `${place}: irsa knows no field "${field}".`,
    `A misspelt field would be ignored in silence. Known here are: ${known.join(', ')}.`,
    'Correct the name, or remove the field.',
  )

export const configInvalidField = (place: string, field: string, detail: string): Problem =>
  config('invalid-field', `${place}: "${field}" does not fit.`, detail, 'Correct the value.')

export const configNewer = (place: string, found: string): Problem =>
  config(
    'api-version',
    `${place}: apiVersion is "${found}".`,
    'This irsa reads "irsa/v1"; the file was written for another release.',
    'Use a release of irsa that knows it: npx irsa@latest',
  )

export const configOtherIssuer = (
  file: string,
  field: string,
  inFile: string,
  given: string,
): Problem =>
  config(
    'other-issuer',
    `${file} is about another issuer: its ${field} is "${inFile}", not "${given}".`,
    'One file describes one issuer, and its tokens would stop working if this changed under it.',
    `Leave the flag out to keep the issuer, or give the new one a file of its own with --config FILE. If nothing was published for this one yet, remove ${file} and run irsa init again.`,
  )

export const configOtherAccount = (file: string, inFile: string, actual: string): Problem =>
  new Problem({
    code: 'config/other-account',
    what: `These credentials belong to account ${actual}, but ${file} is about account ${inFile}.`,
    why: 'Bucket and provider would be made a second time, in the wrong account.',
    fix: `Use credentials of account ${inFile}, for example with --profile.`,
    exit: 4,
  })
