import { roleArnInvalid } from './problems/role.ts'

/** A role, as its ARN names it. */
export interface RoleArn {
  readonly arn: string
  /** `aws`, `aws-cn`, … */
  readonly partition: string
  /** Twelve digits. */
  readonly account: string
  /** Starts and ends with a slash; `/` alone is the top. */
  readonly path: string
  readonly name: string
}

/** IAM API reference, `Arn`, `Path` and `RoleName` of API_CreateRole.html. */
const ROLE_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):role(\/|\/[\u0021-\u007e]+\/)([\w+=,.@-]{1,64})$/

/** Reads the ARN of a role. @throws Problem `role/arn-invalid` */
export function parseRoleArn(text: string): RoleArn {
  const [, partition = '', account = '', path = '', name = ''] = ROLE_ARN.exec(text) ?? []
  if (name === '') throw roleArnInvalid(text)
  return { arn: text, partition, account, path, name }
}

/** The ARN of a role: `arn:aws:iam::111122223333:role/irsa/shop-checkout`. */
export const roleArnOf = ({ partition, account, path, name }: Omit<RoleArn, 'arn'>): string =>
  `arn:${partition}:iam::${account}:role${path}${name}`
