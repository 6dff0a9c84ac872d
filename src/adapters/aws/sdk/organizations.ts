// Only what is named here gets into the bundle, and has to be read when Organizations is used.
export { DescribeEffectivePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
