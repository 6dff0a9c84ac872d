/**
 * The bucket that an issuer's answer says to be gone; undefined where it says nothing of the kind.
 * S3 API reference, ErrorResponses.html: `NoSuchBucket`, 404, which a CDN in front hands on.
 */
export function goneBucket(
  issuer: string,
  { status, body }: { readonly status: number; readonly body: string },
): string | undefined {
  if (status !== 404 || !/<Code>NoSuchBucket<\/Code>/.test(body)) return undefined
  const named = /<BucketName>([a-z0-9.-]{3,63})<\/BucketName>/.exec(body)?.[1]
  return named ?? bucketOf(issuer)
}

/** S3 user guide, VirtualHosting.html: in the host, or first in the path. */
function bucketOf(issuer: string): string {
  const [host = '', first] = issuer.split('/')
  return /^(.+)\.s3[.-]/.exec(host)?.[1] ?? first ?? host
}
