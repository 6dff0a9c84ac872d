import { Problem } from './problem.ts'

export const serviceAccountInvalid = (text: string): Problem =>
  new Problem({
    code: 'service-account/invalid',
    what: `"${text}" does not name a service account.`,
    why: 'It is NAMESPACE/NAME: two names that Kubernetes allows, of lower-case letters, digits and hyphens (and dots in the second), with one slash between them.',
    fix: 'Pass it as kubectl shows it, such as shop/checkout.',
    exit: 2,
  })
