import * as z from 'zod';
import type { Context } from '../../src/iam/request';
import { isAllowed } from '../authorization';
import { type Call, ServiceError } from '../call';
import type { State } from '../state';
import type { Bucket } from './bucket';
import { isPublic } from './public-access';

export type S3Params = z.infer<typeof s3Params>;
/** A request as `protocol.ts` reads it. */
export const s3Params = z.looseObject({
  Bucket: z.string(),
  Key: z._default(z.string(), ''),
  Body: z._default(z.instanceof(Buffer), Buffer.alloc(0)),
  ContentType: z._default(z.string(), 'binary/octet-stream'),
  ExpectedBucketOwner: z.optional(z.string()),
  ConfirmRemoveSelfBucketAccess: z.optional(z.string()),
});

/** One request to one bucket that exists, in the right Region, of the expected owner. */
export type BucketCall = { readonly state: State; readonly call: Call; readonly bucket: Bucket; readonly params: S3Params };

export const accessDenied = (message = 'Access Denied'): ServiceError => new ServiceError(403, 'AccessDenied', message);

/** `arn:<partition>:s3:::bucket/key`, in the partition of the caller. */
export const s3Arn = ({ call, bucket }: BucketCall, key?: string): string =>
  `arn:${call.caller.arn.split(':')[1]}:s3:::${bucket.name}${key === undefined ? '' : `/${key}`}`;

/** RestrictPublicBuckets: a public policy lets no other account in, whatever else it says. */
const isShutOut = ({ state, call, bucket }: BucketCall): boolean =>
  bucket.publicAccessBlock.restrictPublicBuckets &&
  state.unverified.restrictPublicBuckets === 'shuts-out' &&
  call.caller.account !== bucket.account &&
  bucket.policy !== undefined &&
  isPublic(bucket.policy);

/** Whether identity policies and the bucket's policy let the caller. */
export const mayDo = (
  bucketCall: BucketCall,
  { action, key, context = {} }: { readonly action: string; readonly key?: string; readonly context?: Context },
): boolean => {
  const { state, call, bucket } = bucketCall;
  const resourcePolicy = bucket.policy;
  if (isShutOut(bucketCall)) return false;
  return isAllowed(state, call, { action, resource: s3Arn(bucketCall, key), resourceAccount: bucket.account, context, resourcePolicy });
};
