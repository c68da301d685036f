import fc from 'fast-check';
import type { Access } from '../../../handler/core/grant/grant';
import type { Location } from '../../../handler/core/grant/location';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { residualStatements } from '../../../handler/core/policy/residual-access';
import { evaluate } from '../../../src/iam/evaluate';
import type { Principal } from '../../../src/iam/request';
import { accesses, OWNER_ACCOUNT, paths, principals } from './arbitraries';
import { at, BUCKET, DEAD_ID, NAMESPACE, role } from './builders';
import { law } from './property';

const ANYTHING = { name: 'identity', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } };

const sessionOf = (arn: string): Principal => {
  const account = arn.split(':')[4] ?? '';
  return { type: 'role-session', account, arn, sessionArn: `arn:aws:sts::${account}:assumed-role/${arn.split('/').at(-1)}/session1` };
};

type Request = { readonly arn: string; readonly statements: readonly Statement[]; readonly version?: string };

/** Whether the bucket's policy lets the role in; its own account lets it do anything, which decides only where the policy delegates. */
const isAllowed = (
  { arn, statements, version }: Request,
  what: { action: string; resource: string; context?: Record<string, string>; owner?: string },
): boolean => {
  const principal = sessionOf(arn);
  const { owner = OWNER_ACCOUNT, ...request } = what;
  const isForeign = principal.type !== 'service' && principal.account !== owner;
  const document = { ...(version === undefined ? {} : { Version: version }), Statement: statements };
  const policies = { identity: isForeign ? [ANYTHING] : [], resource: { name: 'bucket', document } };
  return evaluate({ principal, ...request, resourceAccount: owner }, policies).decision === 'allowed';
};
const object = (key: string) => `arn:aws:s3:::${BUCKET}/${key}`;
const canRead = (request: Request, key: string, owner?: string) =>
  isAllowed(request, { action: 's3:GetObject', resource: object(key), ...(owner === undefined ? {} : { owner }) });
const canList = (request: Request, prefix: string | undefined, owner?: string) =>
  isAllowed(request, {
    action: 's3:ListBucket',
    resource: `arn:aws:s3:::${BUCKET}`,
    ...(prefix === undefined ? {} : { context: { 's3:prefix': prefix } }),
    ...(owner === undefined ? {} : { owner }),
  });

/** The meaning of a location, said without a pattern. */
const holdsKey = ({ shape, path }: Location, key: string): boolean =>
  shape === 'bucket' || (shape === 'folder' ? key.startsWith(path) : key === path || key.startsWith(`${path}/`));
const listsPrefix = ({ shape, path }: Location, prefix: string | undefined): boolean =>
  shape === 'bucket' || prefix?.startsWith(shape === 'folder' ? path : `${path}/`) === true;

/** Keys in a place, at its edges and beside it. */
const keysAround = (path: string): readonly string[] => {
  const bare = path.replace(/\/$/, '');
  return [
    path,
    bare,
    `${bare}/`,
    `${bare}/x`,
    `${bare}/sub/x`,
    `${bare}x`,
    `${bare}-secret/x`,
    `${bare}*`,
    bare.slice(0, -1),
    path.split('/')[0] ?? '',
    `x/${path}`,
  ].filter((key) => key !== '');
};

const versions = fc.constantFrom('2012-10-17', '2008-10-17', undefined);

law(
  'a role reads exactly the keys, and lists exactly the prefixes, of the locations it was given',
  fc.tuple(accesses(8), principals, paths, versions),
  ([given, arn, path, version]) => {
    const statements = compileStatements(given, NAMESPACE);
    const own = given.filter(({ principal }) => principal === arn).map(({ location }) => location);
    const request = { arn, statements, ...(version === undefined ? {} : { version }) };
    for (const key of [path, ...own.slice(0, 1).map((location) => location.path)].flatMap(keysAround)) {
      expect([key, canRead(request, key)]).toEqual([key, own.some((location) => holdsKey(location, key))]);
      expect([key, canList(request, key)]).toEqual([key, own.some((location) => listsPrefix(location, key))]);
    }
    expect(canList(request, undefined)).toBe(own.some((location) => listsPrefix(location, undefined)));
    expect(canList(request, '')).toBe(own.some(({ shape }) => shape === 'bucket'));
    expect(isAllowed(request, { action: 's3:PutObject', resource: object('x') })).toBe(false);
  },
);

law('nobody who was not given access has any', fc.tuple(accesses(8), paths), ([given, path]) => {
  const statements = compileStatements(given, NAMESPACE);
  for (const arn of [role('a2'), role('stranger', OWNER_ACCOUNT)]) {
    expect(keysAround(path).some((key) => canRead({ arn, statements }, key) || canList({ arn, statements }, key))).toBe(false);
  }
});

const READER = role('team/reader');
const patterns = fc.oneof(
  fc.constantFrom('*', 'arn:aws:s3:::*', `arn:*:s3:::${BUCKET}*`, `arn:aws:s3:::${BUCKET}`, 'arn:aws:s3:::acme-other/*', object('*')),
  fc.tuple(paths, fc.constantFrom('', '*', '/*', '?', '${aws:username}/*')).map(([path, end]) => object(`${path}${end}`)),
  paths.map((path) => object(path.replace('u', '?').replace('r', '*'))),
);
const elements = (name: string, values: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom(name, name, name, `Not${name}`), fc.array(values, { minLength: 1, maxLength: 2 }))
    .map(([element, list]) => ({ [element]: list.length === 1 ? list[0] : list }));

/** Valid statements of others that may or may not let the reader in. */
const statements: fc.Arbitrary<Statement> = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    fc.oneof(
      fc.constant({ Principal: '*' }),
      elements(
        'Principal',
        fc.constantFrom(
          READER,
          role('other'),
          '333333333333',
          'arn:aws:iam::333333333333:root',
          '444444444444',
          'arn:aws:sts::333333333333:assumed-role/reader/session1',
          DEAD_ID,
        ),
      ).map((element) => Object.fromEntries(Object.entries(element).map(([name, list]) => [name, { AWS: list }]))),
    ),
    elements(
      'Action',
      fc.constantFrom(
        '*',
        's3:*',
        's3:GetObject',
        'S3:getobject',
        's3:Get*',
        's3:*Object',
        's3:List?ucket',
        's3:ListBucket',
        's3:PutObject',
      ),
    ),
    elements('Resource', patterns),
    fc.option(
      fc.tuple(
        fc.constantFrom('StringLike', 'StringEquals', 'StringNotLike', 'StringLikeIfExists'),
        fc.constantFrom('s3:prefix', 'S3:Prefix'),
        fc.array(
          fc.oneof(
            paths,
            paths.map((path) => `${path}*`),
          ),
          { minLength: 1, maxLength: 2 },
        ),
      ),
      { nil: undefined, freq: 3 },
    ),
  )
  .map(([Effect, principal, action, resource, condition]) => ({
    Effect,
    ...principal,
    ...action,
    ...resource,
    ...(condition === undefined ? {} : { Condition: { [condition[0]]: { [condition[1]]: condition[2] } } }),
  }));

law(
  'whoever can still read or list a location is named as residual access',
  fc.tuple(fc.array(statements, { minLength: 1, maxLength: 3 }), paths, versions),
  ([foreign, path, version]) => {
    const location = at(path);
    const request = { arn: READER, statements: foreign, ...(version === undefined ? {} : { version }) };
    const within = ['x', 'public/x', path, `${path}x`, `${path}/x`, `${path}/runs/x`].filter(
      (key) => key !== '' && holdsKey(location, key),
    );
    const prefixes = [undefined, '', ...within.flatMap((key) => [key, key.slice(0, 3)])].filter((prefix) =>
      within.some((key) => key.startsWith(prefix ?? '')),
    );
    const hasAccess = within.some((key) => canRead(request, key)) || prefixes.some((prefix) => canList(request, prefix));
    if (hasAccess) expect(residualStatements(foreign, { principal: READER, location }).count).toBeGreaterThan(0);
  },
);

test('the draws of residual access include both outcomes', () => {
  const location = at('runs/');
  const drawn = fc.sample(statements, { numRuns: 300, seed: 1 });
  const found = drawn.filter((statement) => residualStatements([statement], { principal: READER, location }).count > 0);
  const open = drawn.filter((statement) => canRead({ arn: READER, statements: [statement] }, 'runs/x'));
  expect(open.length).toBeGreaterThan(20);
  expect(found.length).toBeGreaterThan(open.length);
  expect(found.length).toBeLessThan(280);
});

/** Kept beside the laws: the classic mistake of prefix conditions. */
test('public/ opens nothing of public-secret/', () => {
  const given: readonly Access[] = [{ principal: READER, location: at('public/') }];
  const request = { arn: READER, statements: compileStatements(given, NAMESPACE) };
  expect(['public/x', 'public-secret/x', 'public'].map((key) => canRead(request, key))).toEqual([true, false, false]);
  expect(['public/', 'public', 'public-secret/', ''].map((prefix) => canList(request, prefix))).toEqual([true, false, false, false]);
});
