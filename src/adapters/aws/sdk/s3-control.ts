// Only what is named here gets into the bundle, and has to be read when S3 Control is used.
export { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control'
