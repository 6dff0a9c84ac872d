import { Problem } from './problem.ts'

export const issuerUnreachableForIam = (issuer: string, cause: unknown): Problem =>
  new Problem({
    code: 'provider/issuer-unreachable',
    what: `IAM could not connect to ${issuer}.`,
    why: 'Without a thumbprint IAM fetches the certificate of the issuer itself, and from the internet nothing answered there.',
    fix: 'Make the issuer public, then run the same command again; or pass the thumbprint with --thumbprint.',
    exit: 1,
    cause,
  })

export const providerLimit = (said: string, cause: unknown): Problem =>
  new Problem({
    code: 'provider/limit',
    what: 'A limit of IAM was reached.',
    why: `An account holds 100 OIDC providers (adjustable), a provider 100 audiences and 5 thumbprints. IAM said: ${said}`,
    fix: 'Remove what is not needed any more (aws iam list-open-id-connect-providers), or ask AWS for a higher quota.',
    exit: 1,
    cause,
  })

export const audienceInvalid = (audience: string): Problem =>
  new Problem({
    code: 'provider/audience-invalid',
    what: `"${audience}" does not fit as an audience.`,
    why: 'IAM takes 1 to 255 characters per audience.',
    fix: 'Leave --audience out for the usual sts.amazonaws.com.',
    exit: 2,
  })
