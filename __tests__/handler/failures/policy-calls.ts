import { answer, BOTH, connection, type FailingCall } from './failing-call';

/** Of those whose success has no body. */
const unavailable = { ...connection('waiting unavailable'), 'ServiceUnavailable 503': 'waiting unavailable' } as const;

/** Source: the API model, sts/2011-06-15, and the errors common to all its operations. */
export const STS: readonly FailingCall[] = [
  {
    name: 'AssumeRole',
    comes: 'before the write',
    operation: 'AssumeRole',
    journey: 'subscription',
    flows: BOTH,
    cold: true,
    errors: {
      'AccessDenied 403': 'waiting editor-role-unreachable',
      'RegionDisabledException 403': 'waiting editor-role-unreachable',
      'MalformedPolicyDocument 400': 'waiting unavailable',
      'PackedPolicyTooLarge 400': 'waiting unavailable',
      'ExpiredTokenException 400': 'waiting unavailable',
      'Throttling 400': 'waiting throttled',
      'InternalFailure 500': 'waiting unavailable',
      ...unavailable,
      ...answer('waiting unavailable'),
    },
  },
];

/** Source: Amazon S3 API Reference, Error responses; the API model names none for these operations. */
const s3 = {
  'AccessDenied 403': 'waiting editor-role-unreachable',
  'InvalidAccessKeyId 403': 'waiting editor-role-unreachable',
  'ExpiredToken 400': 'waiting unavailable',
  'NoSuchBucket 404': 'waiting bucket-missing',
  'MethodNotAllowed 405': 'waiting bucket-missing',
  'PermanentRedirect 301': 'waiting bucket-missing',
  'AuthorizationHeaderMalformed 400': 'waiting bucket-missing',
  'OperationAborted 409': 'waiting unavailable',
  'SlowDown 503': 'waiting throttled',
  'InternalError 500': 'waiting unavailable',
  ...unavailable,
} as const;
export const S3: readonly FailingCall[] = [
  {
    name: 'GetBucketPolicy',
    comes: 'before the write',
    operation: 'GetBucketPolicy',
    journey: 'subscription',
    flows: BOTH,
    errors: { ...s3, ...answer('waiting unavailable') },
  },
  {
    name: 'PutBucketPolicy',
    comes: 'with the write',
    operation: 'PutBucketPolicy',
    journey: 'subscription',
    flows: BOTH,
    errors: { ...s3, 'MalformedPolicy 400': 'waiting unavailable' },
  },
  {
    name: 'DeleteBucketPolicy',
    comes: 'with the write',
    operation: 'DeleteBucketPolicy',
    journey: 'subscription',
    flows: ['revocation'],
    alone: true,
    errors: s3,
  },
];
