import { notAuthorized } from '../authorization';
import { notBuilt, type Reply, ServiceError } from '../call';
import { accessDenied, type BucketCall, mayDo, s3Arn } from './bucket-call';
import { xmlReply } from './protocol';
import { isPublic } from './public-access';

/** Actions that are not called like their operations. Source: Service Authorization Reference, Amazon S3. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  GetBucketEncryption: 's3:GetEncryptionConfiguration',
  GetBucketPolicyStatus: 's3:GetBucketPolicyStatus',
};

const encryption = ({ bucket: { kmsKey } }: BucketCall) => ({
  Rule: {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: kmsKey === undefined ? 'AES256' : 'aws:kms',
      // Without a key of its own, a bucket under KMS uses the account's aws/s3.
      ...(kmsKey === undefined || kmsKey === 'aws/s3' ? {} : { KMSMasterKeyID: kmsKey }),
    },
  },
});

/** What inspectors ask of a bucket beside its policy: Block Public Access, whether the policy is public, how objects are encrypted. */
export const replySettings = (bucketCall: BucketCall): Reply => {
  const { call, bucket } = bucketCall;
  const action = ACTIONS[call.operation];
  if (action === undefined) throw notBuilt('s3', call.operation);
  if (!mayDo(bucketCall, { action })) throw accessDenied(notAuthorized(call, { action, resource: s3Arn(bucketCall) }));
  switch (call.operation) {
    case 'GetPublicAccessBlock': {
      const { blockPublicPolicy, restrictPublicBuckets } = bucket.publicAccessBlock;
      return xmlReply('PublicAccessBlockConfiguration', {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: blockPublicPolicy,
        RestrictPublicBuckets: restrictPublicBuckets,
      });
    }
    case 'GetBucketPolicyStatus':
      if (bucket.policy === undefined)
        throw new ServiceError(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { extra: { BucketName: bucket.name } });
      return xmlReply('PolicyStatus', { IsPublic: isPublic(bucket.policy) });
    default:
      return xmlReply('ServerSideEncryptionConfiguration', encryption(bucketCall));
  }
};
