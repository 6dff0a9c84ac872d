// Only what is named here gets into the bundle, and has to be read when STS is used.
export {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
export { defaultProvider } from '@aws-sdk/credential-provider-node'
