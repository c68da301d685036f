import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { residualStatements } from '../../../handler/core/policy/residual-access';
import { at, BUCKET, DEAD_ID, NAMESPACE, role } from './builders';

const READER = role('team/reader');
const USER = 'arn:aws:iam::333333333333:user/ada';
const OBJECTS = `arn:aws:s3:::${BUCKET}/runs/*`;
const allow = (fields: Statement): Statement => ({
  Sid: 'Other',
  Effect: 'Allow',
  Principal: { AWS: READER },
  Action: 's3:GetObject',
  Resource: OBJECTS,
  ...fields,
});
const listing = (Condition: unknown): Statement => allow({ Action: 's3:ListBucket', Resource: `arn:aws:s3:::${BUCKET}`, Condition });

type Row = { name: string; statement: Statement; principal?: string; path?: string };
const named: readonly Row[] = [
  { name: 'the principal itself', statement: allow({}) },
  { name: 'one of several principals', statement: allow({ Principal: { AWS: [role('x'), READER] } }) },
  { name: 'everyone', statement: allow({ Principal: '*' }) },
  { name: 'everyone of AWS', statement: allow({ Principal: { AWS: ['*'] } }) },
  { name: 'the account', statement: allow({ Principal: { AWS: '333333333333' } }) },
  { name: "the account's root", statement: allow({ Principal: { AWS: 'arn:aws:iam::333333333333:root' } }) },
  { name: 'a session of the role', statement: allow({ Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/reader/morning' } }) },
  {
    name: 'a federated session of the user',
    statement: allow({ Principal: { AWS: 'arn:aws:sts::333333333333:federated-user/x' } }),
    principal: USER,
  },
  { name: 'an account by its canonical id', statement: allow({ Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbaced' } }) },
  { name: 'all but somebody else', statement: allow({ Principal: undefined, NotPrincipal: { AWS: role('x') } }) },
  { name: 'every action', statement: allow({ Action: '*' }) },
  { name: 'every action of S3, in capitals', statement: allow({ Action: 'S3:*' }) },
  { name: 'reading with a wildcard', statement: allow({ Action: ['s3:PutObject', 's3:Get*'] }) },
  { name: 'reading with a wildcard in front', statement: allow({ Action: 's3:*Object' }) },
  { name: 'reading versions', statement: allow({ Action: 's3:GetObjectVersion' }) },
  { name: 'all but an action', statement: allow({ Action: undefined, NotAction: 's3:PutObject' }) },
  { name: 'every resource', statement: allow({ Resource: '*' }) },
  { name: 'the whole bucket', statement: allow({ Resource: [`arn:aws:s3:::${BUCKET}/*`] }) },
  { name: 'buckets that begin alike', statement: allow({ Resource: 'arn:aws:s3:::acme*' }) },
  { name: 'one key in the folder', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/runs/1.png` }) },
  { name: 'a folder in the folder', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/runs/2026/*` }) },
  {
    name: 'a folder in the folder, beside other places',
    statement: allow({ Resource: ['arn:aws:s3:::other/*', `arn:aws:s3:::${BUCKET}/runs/2026/*`] }),
  },
  { name: 'a place that holds the folder', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/r?ns/*` }) },
  { name: 'a place with a variable', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/\${aws:username}/*` }) },
  { name: 'all but a resource', statement: allow({ Resource: undefined, NotResource: 'arn:aws:s3:::x' }) },
  { name: 'the key of a name', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/file` }), path: 'file' },
  { name: 'under a condition, which may be met', statement: allow({ Condition: { StringEquals: { 'aws:PrincipalArn': 'x' } } }) },
  { name: 'listing without a condition', statement: listing(undefined) },
  { name: 'listing under conditions that are nothing', statement: listing(null) },
  { name: 'listing under a condition on nothing', statement: listing({ StringLike: null }) },
  { name: 'listing the folder', statement: listing({ StringLike: { 's3:prefix': ['x/*', 'runs/*'] } }) },
  { name: 'listing what the folder begins with', statement: listing({ StringEquals: { 'S3:Prefix': 'run' } }) },
  { name: 'listing within the folder', statement: listing({ StringEquals: { 's3:prefix': 'runs/2026/' } }) },
  { name: 'listing everything', statement: listing({ StringEquals: { 's3:prefix': '' } }) },
  { name: 'listing by a prefix that is a number', statement: listing({ StringLike: { 's3:prefix': 2026 } }), path: '2026/' },
  { name: 'listing all but a prefix', statement: listing({ StringNotLike: { 's3:prefix': 'x/*' } }) },
  { name: 'listing under a condition on something else', statement: listing({ StringLike: { 's3:delimiter': '/' }, Bool: 'odd' }) },
  { name: 'listing some of a whole bucket', statement: listing({ StringLike: { 's3:prefix': 'x/*' } }), path: '' },
];

describe('access remains by a statement that names', () => {
  test.each(named)('$name', ({ statement, principal = READER, path = 'runs/' }) => {
    expect(residualStatements([statement], { principal, location: at(path) })).toEqual([
      expect.stringContaining(`${principal} on arn:aws:s3:::${BUCKET}`),
    ]);
  });

  test('is told by Sid, or by place for statements without one', () => {
    const statements = [allow({ Effect: 'Deny' }), allow({}), allow({ Sid: undefined }), allow({ Sid: '' })];
    expect(residualStatements(statements, { principal: READER, location: at('runs/') })).toEqual([
      `${READER} on ${`arn:aws:s3:::${BUCKET}/runs/`} by statement 'Other'`,
      expect.stringMatching(/by statement 3 of others$/),
      expect.stringMatching(/by statement 4 of others$/),
    ]);
  });

  test('of ours for another grant of the same place', () => {
    const ours = compileStatements([{ principal: READER, location: at('runs/') }], NAMESPACE);
    expect(residualStatements(ours, { principal: READER, location: at('runs/2026/') })).toHaveLength(2);
  });
});

const others: readonly Row[] = [
  { name: 'a Deny', statement: allow({ Effect: 'Deny' }) },
  { name: 'another role', statement: allow({ Principal: { AWS: role('other') } }) },
  { name: 'another account', statement: allow({ Principal: { AWS: ['444444444444', 'arn:aws:iam::444444444444:root'] } }) },
  { name: 'a session of another role', statement: allow({ Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/reader2/morning' } }) },
  {
    name: 'a session of a role, for a user',
    statement: allow({ Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/ada/x' } }),
    principal: USER,
  },
  { name: 'nobody', statement: allow({ Principal: null }) },
  { name: 'a service', statement: allow({ Principal: { Service: 'logging.s3.amazonaws.com' } }) },
  { name: 'somebody deleted', statement: allow({ Principal: { AWS: DEAD_ID } }) },
  { name: 'writing', statement: allow({ Action: ['s3:PutObject', 's3:DeleteObject'] }) },
  { name: 'no action', statement: allow({ Action: undefined }) },
  { name: 'a neighbouring folder', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/runs-secret/*` }) },
  { name: 'a key beside the folder', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/run` }) },
  { name: 'another bucket', statement: allow({ Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] }) },
  { name: 'another key than the name', statement: allow({ Resource: `arn:aws:s3:::${BUCKET}/file2` }), path: 'file' },
  { name: 'listing exactly another folder', statement: listing({ StringEquals: { 's3:prefix': 'runs-secret/' } }) },
  { name: 'listing another folder', statement: listing({ StringLike: { 's3:prefix': ['x/*', 'runs-secret/*'] } }) },
];

describe('no access remains by a statement that names', () => {
  test.each(others)('$name', ({ statement, principal = READER, path = 'runs/' }) => {
    expect(residualStatements([statement], { principal, location: at(path) })).toEqual([]);
  });

  test('the same reader in another folder, as ours do', () => {
    const ours = compileStatements([{ principal: READER, location: at('other/') }], NAMESPACE);
    expect(residualStatements(ours, { principal: READER, location: at('runs/') })).toEqual([]);
  });
});
