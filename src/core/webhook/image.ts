import { flagsConflict } from '../problems/usage.ts'
import { imageDigestInvalid, imageInvalid } from '../problems/webhook.ts'

/**
 * The newest release of aws/amazon-eks-pod-identity-webhook in AWS's own registry; the one on Docker
 * Hub ended with v0.6.7 (issue 273 there).
 */
export const DEFAULT_IMAGE = 'public.ecr.aws/eks/amazon-eks-pod-identity-webhook:v0.6.17'

/** The grammar of the distribution project, reference/reference.go, for SHA-256 alone. */
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[A-Fa-f0-9:]+\])(?::\d+)?`
const DIGEST = /^sha256:[0-9a-f]{64}$/
const REFERENCE = new RegExp(
  String.raw`^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*(?<tag>:\w[\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$`,
)

export interface Image {
  /** As a pod names it. */
  readonly reference: string
  /** Whether it is the same image tomorrow, as far as its name can say. */
  readonly pinned: boolean
}

/** Reads an image, and the digest that is to be appended to it. @throws Problem `webhook/image…` */
export function readImage(image: string, digest: string | undefined): Image {
  const groups = REFERENCE.exec(image)?.groups
  if (groups === undefined) throw imageInvalid(image)
  if (digest === undefined) {
    const { tag, digest: own } = groups
    return { reference: image, pinned: own !== undefined || !['', ':latest'].includes(tag ?? '') }
  }
  if (!DIGEST.test(digest)) throw imageDigestInvalid(digest)
  if (groups['digest'] !== undefined) {
    throw flagsConflict('--image', '--image-digest', `${image} names a digest itself.`)
  }
  return { reference: `${image}@${digest}`, pinned: true }
}
