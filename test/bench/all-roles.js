// What a script would do: every role of the account, by the SDK's own paginator. Prints how many.
import { IAMClient, paginateGetAccountAuthorizationDetails } from '@aws-sdk/client-iam'

const client = new IAMClient({ region: process.env.AWS_REGION })
const roles = []
const pages = paginateGetAccountAuthorizationDetails(
  { client, pageSize: 1000 },
  { Filter: ['Role', 'LocalManagedPolicy'] },
)
for await (const { RoleDetailList = [] } of pages) roles.push(...RoleDetailList)
console.log(roles.length)
