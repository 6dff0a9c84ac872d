import { shellWord } from '../shell.ts'
import { Problem } from './problem.ts'

const invalid = (code: string, what: string, why: string, fix: string): Problem =>
  new Problem({ code: `workload/${code}`, what, why, fix, exit: 2 })

export const workloadInvalid = (text: string): Problem =>
  invalid(
    'malformed',
    `"${text}" does not name a workload.`,
    'It is KIND/NAME, with one slash between a kind and a name that Kubernetes allows; its namespace is that of the service account.',
    'Pass it as kubectl shows it, such as --patch deployment/checkout.',
  )

export const unknownWorkloadKind = (
  kind: string,
  nearest: string,
  known: readonly string[],
): Problem =>
  invalid(
    'unknown-kind',
    `irsa cannot patch the kind "${kind}".`,
    `The nearest one is "${nearest}"; there are ${known.join(', ')}. Custom resources are not among them, as Kubernetes merges lists by name in its own kinds only.`,
    `Pass one of these, such as --patch ${nearest}/checkout; for a custom resource, print one of them and copy the pod's part.`,
  )

export const workloadFrozen = (kind: string): Problem =>
  invalid(
    'frozen',
    `A ${kind} that exists cannot be patched.`,
    'The API server lets nobody change the volumes and variables of its pods, once it is made.',
    `Add --kustomize, which patches the manifest before it is applied, and make the ${kind} anew.`,
  )

export const containerMissing = (workload: string): Problem =>
  invalid(
    'container-missing',
    `It is not said which containers of ${workload} get the role.`,
    'A patch finds containers by their names, and irsa does not look into the cluster for them.',
    `Add --container NAME for each; kubectl get ${shellWord(workload)} -o yaml shows the names.`,
  )

export const containerInvalid = (name: string): Problem =>
  invalid(
    'container-invalid',
    `"${name}" cannot be the name of a container.`,
    'Such names have lower-case letters, digits and hyphens, at most 63.',
    'Pass the name that stands in the manifest, such as --container app.',
  )

export const podInvalid = (name: string): Problem =>
  invalid(
    'pod-invalid',
    `"${name}" cannot be the name of a pod.`,
    'Such names have lower-case letters, digits, hyphens and dots, and begin and end with a letter or a digit.',
    'Pass the name alone, as kubectl get pods shows it, with --pod.',
  )

export const testBucketInvalid = (bucket: string, rule: string): Problem =>
  invalid(
    'bucket-invalid',
    `"${bucket}" cannot be the name of a bucket.`,
    `S3 wants otherwise: ${rule}.`,
    'Pass the name alone, such as --bucket acme-test, without s3:// and without a key.',
  )

export const roleOfOtherPartition = (roleArn: string, region: string, partition: string): Problem =>
  invalid(
    'other-partition',
    `The role "${roleArn}" cannot be had in ${region}.`,
    `The region belongs to the partition ${partition}, and the credentials of one partition are worth nothing in another.`,
    "Pass a region of the role's partition with --region, or another role with --role-arn.",
  )

export const partitionNeedsRegion = (roleArn: string): Problem =>
  invalid(
    'region-missing',
    `There is no region for the role "${roleArn}".`,
    'Outside of the partition aws, the SDKs have no STS to ask when nobody tells them the region.',
    'Add --region with a region of that partition.',
  )
