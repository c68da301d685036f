import { XMLBuilder } from 'fast-xml-parser';
import { type Asked, type HttpRequest, notBuilt, type Reply, type ServiceError } from '../call';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const xml = new XMLBuilder({ ignoreAttributes: false });

export const xmlReply = (root: string, content: Record<string, unknown>): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xml.build({ [root]: { '@_xmlns': NAMESPACE, ...content } }),
});

export const s3Error = ({ status, code, message, more }: ServiceError): Reply => ({
  status,
  headers: { 'content-type': 'application/xml', ...more.headers },
  body: xml.build({ Error: { Code: code, Message: message, ...more.extra, RequestId: 'LOCAL', HostId: 'local' } }),
});

/** Sub-resources and parameters each operation takes; anything else is another operation, or a feature that is not built. */
const OPERATIONS: readonly {
  readonly name: string;
  readonly method: string;
  readonly on: 'bucket' | 'key';
  readonly marker?: string;
  readonly query: readonly string[];
}[] = [
  { name: 'GetObject', method: 'GET', on: 'key', query: [] },
  { name: 'HeadObject', method: 'HEAD', on: 'key', query: [] },
  { name: 'PutObject', method: 'PUT', on: 'key', query: [] },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    marker: 'list-type',
    query: ['prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after'],
  },
  { name: 'GetBucketPolicy', method: 'GET', on: 'bucket', marker: 'policy', query: [] },
  { name: 'PutBucketPolicy', method: 'PUT', on: 'bucket', marker: 'policy', query: [] },
  { name: 'DeleteBucketPolicy', method: 'DELETE', on: 'bucket', marker: 'policy', query: [] },
  { name: 'HeadBucket', method: 'HEAD', on: 'bucket', query: [] },
  { name: 'GetPublicAccessBlock', method: 'GET', on: 'bucket', marker: 'publicAccessBlock', query: [] },
  { name: 'GetBucketPolicyStatus', method: 'GET', on: 'bucket', marker: 'policyStatus', query: [] },
  { name: 'GetBucketEncryption', method: 'GET', on: 'bucket', marker: 'encryption', query: [] },
  { name: 'GetBucketLocation', method: 'GET', on: 'bucket', marker: 'location', query: [] },
];

/** Bodies sent while being signed come in chunks: `<hex size>;chunk-signature=…`, and trailers after the last, empty one. */
const unchunked = ({ headers, body }: HttpRequest): Buffer => {
  if (!String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) return body;
  const chunks: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(chunks);
};

/**
 * Reads a path-style request: `/bucket/key?sub-resource`.
 * @throws ServiceError 501 for what is not built, named by the SDK's `x-id` where it sends one.
 */
export const readS3 = (request: HttpRequest): Asked => {
  const { method, path, query, headers } = request;
  const [, bucket = '', ...rest] = path.split('/');
  const key = rest.map(decodeURIComponent).join('/');
  const on = key === '' ? 'bucket' : 'key';
  const asked = [...query.keys()].filter((name) => name !== 'x-id');
  const operation = OPERATIONS.find(
    (one) =>
      one.method === method &&
      one.on === on &&
      (one.marker === undefined || query.has(one.marker)) &&
      asked.every((name) => name === one.marker || one.query.includes(name)),
  );
  if (bucket === '' || operation === undefined || headers['x-amz-copy-source'] !== undefined) {
    throw notBuilt('s3', query.get('x-id') ?? `${method} ${on} ${asked.join(' ')}`.trim());
  }
  return {
    operation: operation.name,
    params: {
      Bucket: decodeURIComponent(bucket),
      ...(on === 'key' ? { Key: key } : {}),
      ...Object.fromEntries(operation.query.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : []))),
      ...(method === 'PUT' ? { Body: unchunked(request) } : {}),
      ...(headers['content-type'] === undefined ? {} : { ContentType: headers['content-type'] }),
      ...(headers['x-amz-confirm-remove-self-bucket-access'] === undefined
        ? {}
        : { ConfirmRemoveSelfBucketAccess: headers['x-amz-confirm-remove-self-bucket-access'] }),
      ...(headers['x-amz-expected-bucket-owner'] === undefined ? {} : { ExpectedBucketOwner: headers['x-amz-expected-bucket-owner'] }),
    },
  };
};
