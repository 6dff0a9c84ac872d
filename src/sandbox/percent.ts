import { AwsError } from './errors.ts'

/** UriEncode() of AWS's signing rules: everything but RFC 3986's unreserved characters. */
export const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Percent-decodes, with an answer instead of an exception. @throws AwsError `InvalidURI` */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.")
  }
}
