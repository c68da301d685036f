import { BOUNDS } from '../bounds';
import { type Refusal, refused } from '../outcome';
import { isPrintable, printable } from '../printable';

/**
 * A place in S3 that can be granted. *Folder* `b/p/`: every key below it. *Name* `b/n`: the key `n` and every key below `n/`.
 * *Bucket* `b`: every key.
 */
export type Location = {
  readonly partition: string;
  readonly bucket: string;
  readonly shape: 'folder' | 'name' | 'bucket';
  /** Key prefix without the bucket: `p/`, `n`, or empty. */
  readonly path: string;
};

/** S3's longest key, in bytes of UTF-8. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Names that S3 reserves: aliases of access points, directory and table buckets, and its own prefixes. No general-purpose bucket has one.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const RESERVED_NAME = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** S3 takes these literally in a key, and many HTTP clients resolve them: what is read would not be what was granted. */
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/;

export const locationOf = (place: { readonly partition: string; readonly bucket: string; readonly path: string }): Location => ({
  partition: place.partition,
  bucket: place.bucket,
  path: place.path,
  shape: place.path === '' ? 'bucket' : place.path.endsWith('/') ? 'folder' : 'name',
});

/** The text that identifies a location within its partition: `b/p/`, `b/n`, `b`. */
export const locationKey = (location: Location): string =>
  location.shape === 'bucket' ? location.bucket : `${location.bucket}/${location.path}`;

export const locationArn = (location: Location): string => `arn:${location.partition}:s3:::${locationKey(location)}`;

/** Patterns of the keys that may be read. */
export const readPatterns = (location: Location): readonly string[] => {
  switch (location.shape) {
    case 'folder':
      return [`${location.path}*`];
    case 'name':
      return [location.path, `${location.path}/*`];
    case 'bucket':
      return ['*'];
  }
};

/** The same as ARNs, for `Resource`. */
export const readResources = (location: Location): readonly string[] =>
  readPatterns(location).map((pattern) => `arn:${location.partition}:s3:::${location.bucket}/${pattern}`);

/**
 * The value that `s3:prefix` must be like for a listing. Always with the slash: `["public", "public/*"]` would list every key that
 * begins with `public`, `public-secret/…` too.
 */
export const listPattern = (location: Location): string => (location.shape === 'name' ? `${location.path}/*` : `${location.path}*`);

/** Whether the whole of `inner` lies within `outer`. */
export const contains = (outer: Location, inner: Location): boolean => {
  if (outer.partition !== inner.partition || outer.bucket !== inner.bucket) return false;
  switch (outer.shape) {
    // A bucket's path is empty: every path begins with it.
    case 'bucket':
    case 'folder':
      return inner.path.startsWith(outer.path);
    case 'name':
      return inner.path === outer.path || inner.path.startsWith(`${outer.path}/`);
  }
};

/** Reads the ARN of an S3 object collection as its producer published it. */
export const parseLocation = (arn: string, partition: string): Location | Refusal => {
  if (arn.length > BOUNDS.locationArn)
    return refused(
      'location-invalid',
      `'${printable(arn)}' has ${arn.length} characters, and no S3 location needs more than ${BOUNDS.locationArn}; publish a shorter prefix`,
    );
  const [prefix, arnPartition, service, region, account, ...rest] = arn.split(':');
  const resource = rest.join(':');
  const shown = printable(arn);
  if (prefix !== 'arn' || resource === '')
    return refused('location-invalid', `'${shown}' is no S3 ARN; publish the asset with an ARN like arn:${partition}:s3:::bucket/prefix/`);
  if (service !== 's3' || region !== '' || account !== '')
    return refused(
      'location-unsupported',
      `'${shown}' is an access point, directory bucket or other place without a bucket policy of the usual kind; publish the ARN of a general-purpose bucket, arn:${partition}:s3:::bucket/prefix/`,
    );
  if (arnPartition !== partition)
    return refused(
      'location-invalid',
      `'${shown}' lies in partition '${printable(String(arnPartition))}' and the domain in '${partition}'; publish a bucket of the domain's partition`,
    );
  return parsePath(resource, { shown, partition });
};

const parsePath = (resource: string, { shown, partition }: { shown: string; partition: string }): Location | Refusal => {
  const slash = resource.indexOf('/');
  const bucket = slash < 0 ? resource : resource.slice(0, slash);
  const path = slash < 0 ? '' : resource.slice(slash + 1);
  if (resource.endsWith('/*') && !/[*?]|\$\{/.test(resource.slice(0, -1)))
    return refused(
      'location-invalid',
      `'${shown}' ends in a wildcard; publish 'arn:${partition}:s3:::${printable(resource.slice(0, -1))}', which means the same prefix`,
    );
  if (/[*?]|\$\{/.test(resource))
    return refused(
      'location-invalid',
      `'${shown}' holds a wildcard or a policy variable, which would widen the grant; publish the prefix literally, without * ? and \${`,
    );
  if (!BUCKET_NAME.test(bucket))
    return refused(
      'location-invalid',
      `'${printable(bucket)}' in '${shown}' is no bucket name; publish arn:${partition}:s3:::bucket/prefix/`,
    );
  if (RESERVED_NAME.test(bucket))
    return refused(
      'location-unsupported',
      `'${bucket}' in '${shown}' is a name that S3 reserves for access point aliases, directory buckets and table buckets; publish the ARN of a general-purpose bucket, arn:${partition}:s3:::bucket/prefix/`,
    );
  if (DOT_SEGMENT.test(path))
    return refused(
      'location-invalid',
      `the path of '${shown}' has '.' or '..' as a segment, which clients resolve to another path; publish the prefix without it`,
    );
  if (!isPrintable(path))
    return refused('location-invalid', `the path of '${shown}' holds control characters or broken UTF-16; publish a prefix without them`);
  if (new TextEncoder().encode(path).length > LONGEST_KEY)
    return refused(
      'location-invalid',
      `the path of '${shown}' is longer than the ${LONGEST_KEY} bytes of an S3 key; publish a shorter prefix`,
    );
  return locationOf({ partition, bucket, path });
};
