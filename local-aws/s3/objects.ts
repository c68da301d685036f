import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Context } from '../../src/iam/request';
import { notAuthorized } from '../authorization';
import { type Reply, ServiceError } from '../call';
import type { StoredObject } from './bucket';
import { accessDenied, type BucketCall, mayDo, s3Arn } from './bucket-call';
import { xmlReply } from './protocol';

const refuse = (bucketCall: BucketCall, action: string, key?: string): never => {
  throw accessDenied(notAuthorized(bucketCall.call, { action, resource: s3Arn(bucketCall, key) }));
};

/** A missing key is a 404 only to those who may list the bucket. Source: Amazon S3 API Reference, GetObject, "Permissions". */
export const getObject = (bucketCall: BucketCall): Reply => {
  const { bucket, params, call } = bucketCall;
  const { Key: key } = params;
  if (!mayDo(bucketCall, { action: 's3:GetObject', key })) refuse(bucketCall, 's3:GetObject', key);
  const object = bucket.objects.get(key);
  if (object === undefined) {
    const context: Context = bucketCall.state.unverified.missingKey === 'plain-list' ? {} : { 's3:prefix': key };
    if (!mayDo(bucketCall, { action: 's3:ListBucket', context })) refuse(bucketCall, 's3:ListBucket');
    throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.', { extra: { Key: key } });
  }
  const headers = {
    'content-type': object.contentType,
    'content-length': String(object.body.length),
    etag: object.etag,
    'last-modified': object.modified.toUTCString(),
  };
  return { status: 200, headers, ...(call.operation === 'HeadObject' ? {} : { body: object.body }) };
};

export const objectOf = (body: Buffer, { contentType, modified }: Pick<StoredObject, 'contentType' | 'modified'>): StoredObject => ({
  body: Buffer.from(body),
  contentType,
  etag: `"${createHash('md5').update(body).digest('hex')}"`,
  modified,
});

export const putObject = (bucketCall: BucketCall): Reply => {
  const { bucket, params, call } = bucketCall;
  const { Key: key, Body: body, ContentType: contentType } = params;
  if (!mayDo(bucketCall, { action: 's3:PutObject', key })) refuse(bucketCall, 's3:PutObject', key);
  const object = objectOf(body, { contentType, modified: call.at });
  bucket.objects.set(key, object);
  return { status: 200, headers: { etag: object.etag } };
};

const listing = z.looseObject({
  prefix: z.optional(z.string()),
  delimiter: z.optional(z.string()),
  'max-keys': z._default(z.coerce.number().int().min(0), 1000),
  'continuation-token': z.optional(z.string()),
  'start-after': z.optional(z.string()),
});

/** Keys in the order of their bytes; keys that share the text up to the delimiter are one common prefix. */
const entriesOf = (
  keys: readonly string[],
  prefix: string,
  delimiter: string | undefined,
): readonly { name: string; isPrefix: boolean }[] => {
  const entries = new Map<string, boolean>();
  for (const key of keys.filter((one) => one.startsWith(prefix)).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    entries.set(end < 0 ? key : key.slice(0, end + (delimiter ?? '').length), end >= 0);
  }
  return [...entries].map(([name, isPrefix]) => ({ name, isPrefix }));
};

export const listObjects = (bucketCall: BucketCall): Reply => {
  const { bucket, params } = bucketCall;
  const asked = listing.safeParse(params);
  if (!asked.success) throw new ServiceError(400, 'InvalidArgument', z.prettifyError(asked.error));
  const { prefix, delimiter, 'max-keys': wanted, 'continuation-token': token, 'start-after': startAfter } = asked.data;
  const context = {
    ...(prefix === undefined ? {} : { 's3:prefix': prefix }),
    ...(delimiter === undefined ? {} : { 's3:delimiter': delimiter }),
    ...(params['max-keys'] === undefined ? {} : { 's3:max-keys': String(wanted) }),
  };
  if (!mayDo(bucketCall, { action: 's3:ListBucket', context })) refuse(bucketCall, 's3:ListBucket');

  const after = token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64url').toString('utf8');
  const maxKeys = Math.min(wanted, 1000);
  const rest = entriesOf([...bucket.objects.keys()], prefix ?? '', delimiter).filter(
    ({ name }) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
  );
  const page = rest.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = rest.length > page.length && last !== undefined;
  return xmlReply('ListBucketResult', {
    Name: bucket.name,
    Prefix: prefix ?? '',
    ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
    MaxKeys: maxKeys,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(isTruncated ? { NextContinuationToken: Buffer.from(last.name).toString('base64url') } : {}),
    Contents: page.flatMap(({ name, isPrefix }) => {
      const object = isPrefix ? undefined : bucket.objects.get(name);
      if (object === undefined) return [];
      const { body, etag, modified } = object;
      return [{ Key: name, LastModified: modified.toISOString(), ETag: etag, Size: body.length, StorageClass: 'STANDARD' }];
    }),
    CommonPrefixes: page.flatMap(({ name, isPrefix }) => (isPrefix ? [{ Prefix: name }] : [])),
  });
};
