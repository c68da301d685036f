import type { Statement } from '../policy-document';
import { chunks } from './edit-rights';

/** Few enough that a statement, which is never split, leaves a policy room for others. */
const BUCKETS_PER_RIGHT = 25;

/** ARNs of the buckets that operators and auditors may look at, some to a statement. */
export const inspectionRights = (partition: string, buckets: readonly { readonly name: string }[]): readonly (readonly string[])[] =>
  chunks(
    buckets.map(({ name }) => `arn:${partition}:s3:::${name}`),
    BUCKETS_PER_RIGHT,
  );

/** The same as a Terraform expression over `var.buckets`. */
export const inspectionRightsExpression = (partition: string): string =>
  `chunklist([for bucket in var.buckets : "arn:${partition}:s3:::\${bucket.name}"], ${BUCKETS_PER_RIGHT})`;

/** What tells whether a grant can work: the policy, what Block Public Access makes of it, where the bucket is, how it is encrypted. */
export const inspectStatement = (bucketArns: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action: [
    's3:GetBucketLocation',
    's3:GetBucketPolicy',
    's3:GetBucketPolicyStatus',
    's3:GetBucketPublicAccessBlock',
    's3:GetEncryptionConfiguration',
  ],
  Resource: bucketArns,
});
