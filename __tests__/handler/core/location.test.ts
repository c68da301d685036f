import {
  contains,
  type Location,
  listPattern,
  locationArn,
  locationKey,
  locationOf,
  parseLocation,
  readPatterns,
  readResources,
} from '../../../handler/core/grant/location';

const place = (bucket: string, path: string, partition = 'aws'): Location => locationOf({ partition, bucket, path });

type Shape = { name: string; arn: string; location: Location; key: string; reads: readonly string[]; lists: string };
const shapes: readonly Shape[] = [
  {
    name: 'a folder',
    arn: 'arn:aws:s3:::raw/runs/',
    location: { partition: 'aws', bucket: 'raw', path: 'runs/', shape: 'folder' },
    key: 'raw/runs/',
    reads: ['runs/*'],
    lists: 'runs/*',
  },
  {
    name: 'a folder in a folder',
    arn: 'arn:aws:s3:::raw/runs/2026/',
    location: { partition: 'aws', bucket: 'raw', path: 'runs/2026/', shape: 'folder' },
    key: 'raw/runs/2026/',
    reads: ['runs/2026/*'],
    lists: 'runs/2026/*',
  },
  {
    name: 'a name',
    arn: 'arn:aws:s3:::raw/runs',
    location: { partition: 'aws', bucket: 'raw', path: 'runs', shape: 'name' },
    key: 'raw/runs',
    reads: ['runs', 'runs/*'],
    lists: 'runs/*',
  },
  {
    name: 'a name with a dot',
    arn: 'arn:aws:s3:::raw/a/b.csv',
    location: { partition: 'aws', bucket: 'raw', path: 'a/b.csv', shape: 'name' },
    key: 'raw/a/b.csv',
    reads: ['a/b.csv', 'a/b.csv/*'],
    lists: 'a/b.csv/*',
  },
  {
    name: 'a whole bucket',
    arn: 'arn:aws:s3:::raw',
    location: { partition: 'aws', bucket: 'raw', path: '', shape: 'bucket' },
    key: 'raw',
    reads: ['*'],
    lists: '*',
  },
  {
    name: 'a key that begins with a slash',
    arn: 'arn:aws:s3:::raw//runs/',
    location: { partition: 'aws', bucket: 'raw', path: '/runs/', shape: 'folder' },
    key: 'raw//runs/',
    reads: ['/runs/*'],
    lists: '/runs/*',
  },
  {
    name: 'a path with colons, spaces and other scripts',
    arn: 'arn:aws:s3:::raw/a:b c/é/',
    location: { partition: 'aws', bucket: 'raw', path: 'a:b c/é/', shape: 'folder' },
    key: 'raw/a:b c/é/',
    reads: ['a:b c/é/*'],
    lists: 'a:b c/é/*',
  },
  {
    name: 'a dollar sign that begins no variable',
    arn: 'arn:aws:s3:::raw/a$b/',
    location: { partition: 'aws', bucket: 'raw', path: 'a$b/', shape: 'folder' },
    key: 'raw/a$b/',
    reads: ['a$b/*'],
    lists: 'a$b/*',
  },
  {
    name: 'a character beyond 16 bits',
    arn: 'arn:aws:s3:::raw/🗂/',
    location: { partition: 'aws', bucket: 'raw', path: '🗂/', shape: 'folder' },
    key: 'raw/🗂/',
    reads: ['🗂/*'],
    lists: '🗂/*',
  },
];

describe('an S3 ARN is read as', () => {
  test.each(shapes)('$name: $arn', ({ arn, location, key, reads, lists }) => {
    expect(parseLocation(arn, 'aws')).toEqual(location);
    expect(locationKey(location)).toBe(key);
    expect(locationArn(location)).toBe(arn);
    expect(readPatterns(location)).toEqual(reads);
    expect(readResources(location)).toEqual(reads.map((pattern) => `arn:aws:s3:::raw/${pattern}`));
    expect(listPattern(location)).toBe(lists);
  });

  test.each(['aws-cn', 'aws-us-gov'])('a place of partition %s', (partition) => {
    const arn = `arn:${partition}:s3:::raw/runs/`;
    expect(parseLocation(arn, partition)).toEqual(place('raw', 'runs/', partition));
    expect(locationArn(place('raw', 'runs/', partition))).toBe(arn);
  });

  test('the whole bucket when only a slash follows it', () => {
    expect(parseLocation('arn:aws:s3:::raw/', 'aws')).toEqual(place('raw', ''));
  });

  test.each(['runs/.hidden/', 'runs/a..b/', 'runs/.../', '..runs/', 'runs.'])('the path %s, which has dots and no dot segment', (path) => {
    expect(parseLocation(`arn:aws:s3:::raw/${path}`, 'aws')).toEqual(place('raw', path));
  });

  test.each(['xn-raw', 'raw-x-s3', 'raw.mrap2', 'my-sthree-raw', 's3alias-raw'])('a bucket name that only looks reserved: %s', (bucket) => {
    expect(parseLocation(`arn:aws:s3:::${bucket}/runs/`, 'aws')).toEqual(place(bucket, 'runs/'));
  });

  test('a key of exactly 1,024 bytes', () => {
    expect(parseLocation(`arn:aws:s3:::raw/${'k'.repeat(1023)}/`, 'aws')).toHaveProperty('shape', 'folder');
  });
});

type Refused = { name: string; arn: string; code: 'location-invalid' | 'location-unsupported'; says: string };
const refusals: readonly Refused[] = [
  { name: 'an empty text', arn: '', code: 'location-invalid', says: 'is no S3 ARN' },
  { name: 'an s3:// address', arn: 's3://raw/runs/', code: 'location-invalid', says: 'is no S3 ARN' },
  { name: 'an ARN without a resource', arn: 'arn:aws:s3:::', code: 'location-invalid', says: 'is no S3 ARN' },
  { name: 'what only looks like an ARN', arn: 'urn:aws:s3:::raw/runs/', code: 'location-invalid', says: 'is no S3 ARN' },
  { name: 'an ARN of another service', arn: 'arn:aws:sns:::raw', code: 'location-unsupported', says: 'access point' },
  { name: 'a place that names a Region', arn: 'arn:aws:s3:eu-west-1::raw/runs/', code: 'location-unsupported', says: 'access point' },
  { name: 'a place that names an account', arn: 'arn:aws:s3::222222222222:raw/runs/', code: 'location-unsupported', says: 'access point' },
  { name: 'an ARN cut off', arn: 'arn:aws', code: 'location-invalid', says: 'arn:aws:s3:::bucket/prefix/' },
  {
    name: 'an access point',
    arn: 'arn:aws:s3:eu-west-1:222222222222:accesspoint/ap/object/runs',
    code: 'location-unsupported',
    says: 'access point',
  },
  {
    name: 'a multi-Region access point',
    arn: 'arn:aws:s3::222222222222:accesspoint/m.mrap',
    code: 'location-unsupported',
    says: 'access point',
  },
  {
    name: 'an Outposts bucket',
    arn: 'arn:aws:s3-outposts:eu-west-1:222222222222:outpost/op-1/bucket/raw',
    code: 'location-unsupported',
    says: 'general-purpose bucket',
  },
  {
    name: 'an Object Lambda access point',
    arn: 'arn:aws:s3-object-lambda:eu-west-1:222222222222:accesspoint/ol',
    code: 'location-unsupported',
    says: 'general-purpose bucket',
  },
  {
    name: 'a directory bucket',
    arn: 'arn:aws:s3express:eu-west-1:222222222222:bucket/raw--euw1-az1--x-s3',
    code: 'location-unsupported',
    says: 'directory bucket',
  },
  {
    name: 'a table bucket',
    arn: 'arn:aws:s3tables:eu-west-1:222222222222:bucket/raw',
    code: 'location-unsupported',
    says: 'general-purpose bucket',
  },
  { name: 'another partition', arn: 'arn:aws-cn:s3:::raw/runs/', code: 'location-invalid', says: "partition 'aws-cn'" },
  { name: 'a trailing wildcard', arn: 'arn:aws:s3:::raw/runs/*', code: 'location-invalid', says: "publish 'arn:aws:s3:::raw/runs/'" },
  {
    name: 'a trailing wildcard of the whole bucket',
    arn: 'arn:aws:s3:::raw/*',
    code: 'location-invalid',
    says: "publish 'arn:aws:s3:::raw/'",
  },
  { name: 'a trailing wildcard without a slash', arn: 'arn:aws:s3:::raw/runs*', code: 'location-invalid', says: 'without * ? and ${' },
  { name: 'a wildcard in the middle', arn: 'arn:aws:s3:::raw/*/runs/', code: 'location-invalid', says: 'would widen the grant' },
  { name: 'a wildcard before a trailing one', arn: 'arn:aws:s3:::raw/*/runs/*', code: 'location-invalid', says: 'would widen the grant' },
  { name: 'a question mark', arn: 'arn:aws:s3:::raw/run?/', code: 'location-invalid', says: 'would widen the grant' },
  { name: 'a policy variable', arn: 'arn:aws:s3:::raw/${aws:username}/', code: 'location-invalid', says: 'would widen the grant' },
  { name: 'a wildcard as the bucket', arn: 'arn:aws:s3:::*', code: 'location-invalid', says: 'would widen the grant' },
  { name: 'a bucket name in capitals', arn: 'arn:aws:s3:::Raw/runs/', code: 'location-invalid', says: "'Raw'" },
  { name: 'a bucket name of two letters', arn: 'arn:aws:s3:::ra/runs/', code: 'location-invalid', says: 'no bucket name' },
  { name: 'a bucket name of 64 letters', arn: `arn:aws:s3:::${'r'.repeat(64)}/runs/`, code: 'location-invalid', says: 'no bucket name' },
  { name: 'no bucket name', arn: 'arn:aws:s3:::/runs/', code: 'location-invalid', says: "'' in 'arn:aws:s3:::/runs/' is no bucket name" },
  { name: 'a line break', arn: 'arn:aws:s3:::raw/ru\nns/', code: 'location-invalid', says: "'arn:aws:s3:::raw/ru?ns/'" },
  { name: 'several NUL characters', arn: 'arn:aws:s3:::raw/\0runs\0/', code: 'location-invalid', says: "'arn:aws:s3:::raw/?runs?/'" },
  { name: 'a DEL character', arn: 'arn:aws:s3:::raw/\u007f/', code: 'location-invalid', says: 'control characters' },
  { name: 'a C1 control character', arn: 'arn:aws:s3:::raw/\u0085/', code: 'location-invalid', says: 'control characters' },
  { name: 'half a surrogate pair', arn: 'arn:aws:s3:::raw/\ud83d/', code: 'location-invalid', says: 'broken UTF-16' },
  ...['./', '../', 'runs/./', 'runs/../secret/', 'runs/..', 'runs/.', '..', 'runs//../x'].map((path) => ({
    name: `the dot segment of '${path}'`,
    arn: `arn:aws:s3:::raw/${path}`,
    code: 'location-invalid' as const,
    says: "has '.' or '..' as a segment",
  })),
  ...['xn--raw', 'sthree-raw', 'amzn-s3-demo-raw', 'raw-s3alias', 'raw--ol-s3', 'raw.mrap', 'raw--euw1-az1--x-s3', 'raw--table-s3'].map(
    (bucket) => ({
      name: `the reserved name '${bucket}'`,
      arn: `arn:aws:s3:::${bucket}/runs/`,
      code: 'location-unsupported' as const,
      says: 'a name that S3 reserves',
    }),
  ),
  {
    name: 'an ARN of 2,049 characters',
    arn: 'arn:aws:s3:::raw/'.padEnd(2049, 'k'),
    code: 'location-invalid',
    says: 'has 2049 characters, and no S3 location needs more than 2048',
  },
  {
    name: 'an ARN of 2,048 characters',
    arn: 'arn:aws:s3:::raw/'.padEnd(2048, 'k'),
    code: 'location-invalid',
    says: 'longer than the 1024 bytes',
  },
  {
    name: 'a key of 1,025 bytes',
    arn: `arn:aws:s3:::raw/${'k'.repeat(1024)}/`,
    code: 'location-invalid',
    says: 'longer than the 1024 bytes',
  },
  {
    name: 'a key of 1,025 bytes in 513 characters',
    arn: `arn:aws:s3:::raw/${'é'.repeat(512)}/`,
    code: 'location-invalid',
    says: 'longer than the 1024 bytes',
  },
];

describe('an ARN is refused for', () => {
  test.each(refusals)('$name', ({ arn, code, says }) => {
    expect(parseLocation(arn, 'aws')).toEqual({ kind: 'refused', code, message: expect.stringContaining(says) });
  });
});

type Containment = { name: string; outer: Location; inner: Location; expected: boolean };
const containments: readonly Containment[] = [
  { name: 'a bucket contains its folders', outer: place('raw', ''), inner: place('raw', 'runs/'), expected: true },
  { name: 'a bucket contains itself', outer: place('raw', ''), inner: place('raw', ''), expected: true },
  { name: 'a folder contains itself', outer: place('raw', 'runs/'), inner: place('raw', 'runs/'), expected: true },
  { name: 'a folder contains folders in it', outer: place('raw', 'runs/'), inner: place('raw', 'runs/a/'), expected: true },
  { name: 'a folder contains names in it', outer: place('raw', 'runs/'), inner: place('raw', 'runs/a'), expected: true },
  {
    name: 'a folder does not contain the name without the slash',
    outer: place('raw', 'runs/'),
    inner: place('raw', 'runs'),
    expected: false,
  },
  { name: 'a folder does not contain its neighbour', outer: place('raw', 'runs/'), inner: place('raw', 'runs-secret/'), expected: false },
  { name: 'a folder does not contain the bucket', outer: place('raw', 'runs/'), inner: place('raw', ''), expected: false },
  { name: 'a name contains itself', outer: place('raw', 'runs'), inner: place('raw', 'runs'), expected: true },
  { name: 'a name contains its folder', outer: place('raw', 'runs'), inner: place('raw', 'runs/'), expected: true },
  { name: 'a name contains names below it', outer: place('raw', 'runs'), inner: place('raw', 'runs/a'), expected: true },
  {
    name: 'a name does not contain what merely begins alike',
    outer: place('raw', 'runs'),
    inner: place('raw', 'runs-secret/x'),
    expected: false,
  },
  { name: 'nothing contains a place of another bucket', outer: place('raw', ''), inner: place('raw2', 'runs/'), expected: false },
  {
    name: 'nothing contains a place of another partition',
    outer: place('raw', ''),
    inner: place('raw', 'runs/', 'aws-cn'),
    expected: false,
  },
];

describe('containment', () => {
  test.each(containments)('$name', ({ outer, inner, expected }) => {
    expect(contains(outer, inner)).toBe(expected);
  });
});
