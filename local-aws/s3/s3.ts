import { notAuthorized } from '../authorization';
import { type Call, type Reply, ServiceError } from '../call';
import type { State } from '../state';
import type { Bucket } from './bucket';
import { accessDenied, type BucketCall, mayDo, type S3Params, s3Arn, s3Params } from './bucket-call';
import { getObject, listObjects, putObject } from './objects';
import { canonicalPolicy } from './policy-canonical';
import { checkedPolicy } from './policy-validation';
import { xmlReply } from './protocol';
import { isPublic } from './public-access';
import { replySettings } from './settings';

/**
 * The three policy calls want permission first (403) and then the owner's account (405).
 * Source: Amazon S3 API Reference, GetBucketPolicy.
 */
const requireOwner = (bucketCall: BucketCall): void => {
  const { call, bucket } = bucketCall;
  const action = `s3:${call.operation}`;
  if (!mayDo(bucketCall, { action })) throw accessDenied(notAuthorized(call, { action, resource: s3Arn(bucketCall) }));
  if (call.caller.account !== bucket.account) {
    throw new ServiceError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
};

/** What a read may show instead of what is there. */
type Shown = { readonly stale: boolean; readonly shows?: { readonly policy: Bucket['policy'] } };

const storedPolicy = ({ state, call, bucket }: BucketCall, { stale, shows }: Shown): Reply => {
  const stored = shows === undefined ? (stale ? bucket.previousPolicy : bucket.policy) : shows.policy;
  if (stored === undefined) {
    throw new ServiceError(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', { extra: { BucketName: bucket.name } });
  }
  const partition = call.caller.arn.split(':')[1] ?? 'aws';
  return { status: 200, headers: { 'content-type': 'application/json' }, body: canonicalPolicy(stored, state.identities, partition) };
};

const CONFLICT = 'A conflicting conditional operation is currently in progress against this resource. Please try again.';

/** A write of a policy that meets another one under way is aborted, or the last wins. @returns what to call when the write is done. */
export const enterPolicyWrite = ({ buckets, unverified }: State, { operation, params }: Call): (() => void) => {
  const bucket = buckets.get(String(params['Bucket']));
  if (bucket === undefined || (operation !== 'PutBucketPolicy' && operation !== 'DeleteBucketPolicy')) return () => undefined;
  if (bucket.writes > 0 && unverified.overlappingWrites === 'aborted') throw new ServiceError(409, 'OperationAborted', CONFLICT);
  bucket.writes += 1;
  return () => {
    bucket.writes -= 1;
  };
};

/**
 * What S3 does not store: a public policy where those are blocked, and one that takes its writer's right to write the next.
 * Source: Amazon S3 User Guide, "Blocking public access"; API Reference, PutBucketPolicy, `ConfirmRemoveSelfBucketAccess`.
 */
const requireAcceptable = (bucketCall: BucketCall, policy: NonNullable<Bucket['policy']>): void => {
  const { state, call, bucket, params } = bucketCall;
  const action = 's3:PutBucketPolicy';
  const refusal = (why: string) => accessDenied(`${notAuthorized(call, { action, resource: s3Arn(bucketCall) })} because ${why}`);
  if (bucket.publicAccessBlock.blockPublicPolicy && isPublic(policy))
    throw refusal('public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.');
  const confirmed = params.ConfirmRemoveSelfBucketAccess === 'true' || state.unverified.selfLockout === 'accepted';
  if (!confirmed && !mayDo({ ...bucketCall, bucket: { ...bucket, policy } }, { action }))
    throw refusal('the new policy would not let its writer write the next one.');
};

const putPolicy = (bucketCall: BucketCall): Reply => {
  const { state, bucket, params } = bucketCall;
  const policy = checkedPolicy(params.Body.toString('utf8'), bucket.name, state);
  requireAcceptable(bucketCall, policy);
  return replacePolicy(bucket, policy);
};

const replacePolicy = (bucket: Bucket, policy: Bucket['policy']): Reply => {
  bucket.previousPolicy = bucket.policy;
  bucket.policy = policy;
  return { status: 204 };
};

const bucketOf = (state: State, call: Call, { Bucket: name, ExpectedBucketOwner: expected }: S3Params): Bucket => {
  const bucket = state.buckets.get(name);
  if (bucket === undefined) {
    throw new ServiceError(404, 'NoSuchBucket', 'The specified bucket does not exist', { extra: { BucketName: name } });
  }
  if (bucket.region !== call.region && call.operation !== 'GetBucketLocation') {
    throw new ServiceError(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint.',
      {
        headers: { 'x-amz-bucket-region': bucket.region },
        extra: { Bucket: name, Endpoint: `s3.${bucket.region}.amazonaws.com` },
      },
    );
  }
  if (expected !== undefined && expected !== bucket.account) throw accessDenied();
  return bucket;
};

/** `stale`: GetBucketPolicy answers with the policy before the last write, as S3's eventual consistency allows; `shows`: with that one. */
export const replyS3 = (state: State, call: Call, shown: Shown): Reply => {
  const params = s3Params.parse(call.params);
  const bucket = bucketOf(state, call, params);
  const bucketCall = { state, call, bucket, params };
  switch (call.operation) {
    case 'GetObject':
    case 'HeadObject':
      return getObject(bucketCall);
    case 'PutObject':
      return putObject(bucketCall);
    case 'ListObjectsV2':
      return listObjects(bucketCall);
    case 'GetBucketPolicy':
      requireOwner(bucketCall);
      return storedPolicy(bucketCall, shown);
    case 'PutBucketPolicy':
      requireOwner(bucketCall);
      return putPolicy(bucketCall);
    case 'DeleteBucketPolicy':
      requireOwner(bucketCall);
      return replacePolicy(bucket, undefined);
    case 'HeadBucket':
      if (!mayDo(bucketCall, { action: 's3:ListBucket' }))
        throw new ServiceError(403, 'AccessDenied', 'Access Denied', { headers: { 'x-amz-bucket-region': bucket.region } });
      return { status: 200, headers: { 'x-amz-bucket-region': bucket.region } };
    case 'GetBucketLocation':
      if (!mayDo(bucketCall, { action: 's3:GetBucketLocation' })) throw accessDenied();
      return xmlReply('LocationConstraint', { '#text': bucket.region === 'us-east-1' ? '' : bucket.region });
    default:
      return replySettings(bucketCall);
  }
};
