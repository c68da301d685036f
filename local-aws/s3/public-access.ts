import type { Condition } from '../../src/iam/condition';
import { inIpRange } from '../../src/iam/ip-range';
import { parsePolicy, type Statement } from '../../src/iam/policy';

/** Settings of Block Public Access on a bucket; S3 switches all on for a new one. Those about ACLs concern nothing here. */
export type PublicAccessBlock = {
  /** PutBucketPolicy refuses a public policy. */
  readonly blockPublicPolicy: boolean;
  /** A public policy lets in nobody but the owner's account and AWS's services. */
  readonly restrictPublicBuckets: boolean;
};

export const ALL_BLOCKED: PublicAccessBlock = { blockPublicPolicy: true, restrictPublicBuckets: true };

/** Keys whose fixed value makes a grant to everyone one to somebody. */
const NARROWING = [
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceip',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
];
const POSITIVE = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase', 'ArnEquals', 'ArnLike', 'IpAddress'];

/** A range wider than these counts as everywhere. */
const isNarrowRange = (range: string): boolean => {
  const [network = '', length] = range.split('/');
  const bits = network.includes(':') ? 32 : 8;
  return inIpRange(network, range) === true && (length === undefined || Number(length) >= bits);
};

const narrows = ({ operator, ifExists, quantifier, key, values }: Condition): boolean => {
  if (ifExists || quantifier === 'ForAllValues' || !POSITIVE.includes(operator) || !NARROWING.includes(key.toLowerCase())) return false;
  if (operator === 'IpAddress') return values.every(isNarrowRange);
  return values.every((value) => !/[*?]|\$\{/.test(value));
};

const isPublicStatement = ({ effect, principal, conditions }: Statement): boolean => {
  if (effect !== 'Allow' || principal === undefined) return false;
  const everyone = principal.negated || principal.entries.some(({ kind, value }) => kind === 'AWS' && value === '*');
  return everyone && !conditions.some(narrows);
};

/**
 * Whether a bucket policy is public: one statement that lets everyone in, with no condition that fixes who.
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of 'public'".
 */
export const isPublic = (policy: unknown): boolean => parsePolicy(policy, 'resource').statements.some(isPublicStatement);
