import { locationArn } from '../../../handler/core/grant/location';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { residualStatements, summarizeResidualAccess } from '../../../handler/core/policy/residual-access';
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
    expect(residualStatements([statement], { principal, location: at(path) })).toEqual({
      sentences: [{ statement: expect.any(String), access: `${principal} on ${locationArn(at(path))}` }],
      count: 1,
    });
  });

  const statementsNamed = (...statements: readonly Statement[]) =>
    residualStatements(statements, { principal: READER, location: at('runs/') }).sentences.map(({ statement }) => statement);

  test('is reported by Sid, or by position for statements without one', () => {
    expect(statementsNamed(allow({ Effect: 'Deny' }), allow({}), allow({ Sid: undefined }), allow({ Sid: '' }))).toEqual([
      "statement 'Other'",
      'statement 3 of others',
      'statement 4 of others',
    ]);
  });

  test('is reported with at most 64 printable characters of the Sid', () => {
    expect(statementsNamed(allow({ Sid: 'x'.repeat(64) }), allow({ Sid: 'x'.repeat(65) }), allow({ Sid: 'a\u001b[2J' }))).toEqual([
      `statement '${'x'.repeat(64)}'`,
      `statement '${'x'.repeat(64)}…'`,
      "statement 'a?[2J'",
    ]);
    expect(statementsNamed(allow({ Sid: `${'x'.repeat(63)}😀` }))).toEqual([`statement '${'x'.repeat(63)}?…'`]);
  });

  test('is listed up to a limit, and counted beyond it', () => {
    const statements = Array.from({ length: 25 }, (_, index) => allow({ Sid: `Other${index}` }));
    const named = (limit?: number) =>
      residualStatements(statements, { principal: READER, location: at('runs/'), ...(limit === undefined ? {} : { limit }) });
    expect(named()).toMatchObject({ count: 25, sentences: { length: 20 } });
    expect(named(2)).toMatchObject({ count: 25, sentences: [{ statement: "statement 'Other0'" }, { statement: "statement 'Other1'" }] });
    expect(named(25).sentences).toHaveLength(25);
  });

  test('of ours for another grant of the same place', () => {
    const ours = compileStatements([{ principal: READER, location: at('runs/') }], NAMESPACE);
    expect(residualStatements(ours, { principal: READER, location: at('runs/2026/') }).count).toBe(2);
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
    expect(residualStatements([statement], { principal, location: at(path) })).toEqual({ sentences: [], count: 0 });
  });

  test('the same reader in another folder, as ours do', () => {
    const ours = compileStatements([{ principal: READER, location: at('other/') }], NAMESPACE);
    expect(residualStatements(ours, { principal: READER, location: at('runs/') }).count).toBe(0);
  });
});

describe('a summary of residual access', () => {
  const found = (principals: number, statements: number) =>
    Array.from({ length: principals }, (_, principal) =>
      residualStatements(
        Array.from({ length: statements }, (_, index) => allow({ Sid: `Team${index}`, Principal: '*' })),
        { principal: role(`r${principal}`), location: at('runs/') },
      ),
    );
  const access = (principal: number) => `${role(`r${principal}`)} on arn:aws:s3:::${BUCKET}/runs/`;

  test.each<[string, ReturnType<typeof found>, number | undefined, readonly string[]]>([
    ['no access is empty', found(3, 0), undefined, []],
    ['one access names it', found(1, 1), undefined, [`${access(0)} by statement 'Team0'`]],
    ['three principals names all', found(3, 1), undefined, [`${access(0)}, ${access(1)}, ${access(2)} by statement 'Team0'`]],
    [
      'more principals counts the others',
      found(5, 1),
      undefined,
      [`${access(0)}, ${access(1)}, ${access(2)} and 2 more by statement 'Team0'`],
    ],
    [
      'as many statements as the limit has a line for each',
      found(1, 2),
      2,
      [0, 1].map((index) => `${access(0)} by statement 'Team${index}'`),
    ],
    ['more statements than the limit counts the others', found(2, 3), 1, [`${access(0)}, ${access(1)} by statement 'Team0'`, 'and 4 more']],
  ])('of %s', (_name, residual, limit, lines) => {
    expect(summarizeResidualAccess(residual, limit)).toEqual(lines);
  });

  test('stays small for 40 principals and 70 statements, and counts all of them', () => {
    const lines = summarizeResidualAccess(found(40, 70));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe(`and ${40 * 70 - 40 * 20} more`);
    expect(lines.join('\n').length).toBeLessThan(8_000);
  });
});
