import { parsePolicy, type Statement, withStatements } from '../../../handler/core/policy/policy-document';
import { awsPrincipals, isDeadPrincipal, meaningOf, sameStatements } from '../../../handler/core/policy/policy-equality';
import { deploymentOf, isSuperseded, statementOwners } from '../../../handler/core/policy/sid-namespace';
import { DEAD_ID, document, foreign, NAMESPACE, OTHER_DEPLOYMENT, role } from './builders';

const base: Statement = {
  Sid: 'One',
  Effect: 'Allow',
  Principal: { AWS: [role('a'), role('b')] },
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: ['arn:aws:s3:::raw/x/*', 'arn:aws:s3:::raw/y/*'],
  Condition: { StringLike: { 's3:prefix': ['x/*', 'y/*'] }, Bool: { 'aws:SecureTransport': 'true' } },
};
const like = (fields: Statement): Statement => ({ ...base, ...fields });
const one = (fields: Statement): Statement => like({ Principal: { AWS: role('a') }, Action: 's3:GetObject', ...fields });

type Row = { name: string; left: Statement; right: Statement };
const same: readonly Row[] = [
  { name: 'elements in another order', left: base, right: Object.fromEntries(Object.entries(base).reverse()) },
  { name: 'principals in another order', left: base, right: like({ Principal: { AWS: [role('b'), role('a')] } }) },
  { name: 'a principal twice', left: base, right: like({ Principal: { AWS: [role('a'), role('b'), role('a')] } }) },
  { name: 'one principal in a list', left: one({}), right: one({ Principal: { AWS: [role('a')] } }) },
  {
    name: 'an account and its root',
    left: one({ Principal: { AWS: '111111111111' } }),
    right: one({ Principal: { AWS: ['arn:aws:iam::111111111111:root'] } }),
  },
  { name: 'everyone, short and long', left: one({ Principal: '*' }), right: one({ Principal: { AWS: '*' } }) },
  {
    name: 'kinds of principals in another order',
    left: one({ Principal: { AWS: role('a'), Service: 's' } }),
    right: one({ Principal: { Service: ['s'], AWS: role('a') } }),
  },
  { name: 'NotPrincipal as a list', left: { NotPrincipal: { AWS: role('a') } }, right: { NotPrincipal: { AWS: [role('a')] } } },
  { name: 'actions in another order and case', left: base, right: like({ Action: ['s3:listbucket', 's3:GETOBJECT'] }) },
  { name: 'one NotAction in a list', left: { NotAction: 's3:GetObject' }, right: { NotAction: ['s3:getobject'] } },
  { name: 'resources in another order', left: base, right: like({ Resource: ['arn:aws:s3:::raw/y/*', 'arn:aws:s3:::raw/x/*'] }) },
  { name: 'one NotResource in a list', left: { NotResource: 'x' }, right: { NotResource: ['x'] } },
  {
    name: 'operators in another order',
    left: base,
    right: like({ Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringLike: { 's3:prefix': ['y/*', 'x/*'] } } }),
  },
  {
    name: 'condition keys in another case',
    left: one({ Condition: { StringEquals: { 'S3:prefix': 'x', 'aws:b': 'y' } } }),
    right: one({ Condition: { StringEquals: { 'aws:B': ['y'], 's3:Prefix': 'x' } } }),
  },
  {
    name: 'booleans and numbers as texts',
    left: one({ Condition: { Bool: { k: true }, NumericEquals: { n: 5 } } }),
    right: one({ Condition: { Bool: { k: 'true' }, NumericEquals: { n: ['5'] } } }),
  },
];

const different: readonly Row[] = [
  { name: 'one principal more', left: base, right: like({ Principal: { AWS: [role('a'), role('b'), role('c')] } }) },
  { name: 'one principal less', left: base, right: like({ Principal: { AWS: [role('a')] } }) },
  { name: 'principals of another kind', left: one({ Principal: { AWS: '1' } }), right: one({ Principal: { CanonicalUser: '1' } }) },
  { name: 'Principal and NotPrincipal', left: { Principal: '*' }, right: { NotPrincipal: '*' } },
  { name: 'a role and one of the same name under a path', left: one({}), right: one({ Principal: { AWS: role('path/a') } }) },
  { name: 'roles that differ in case', left: one({}), right: one({ Principal: { AWS: role('A') } }) },
  { name: 'one action more', left: one({}), right: one({ Action: ['s3:GetObject', 's3:PutObject'] }) },
  { name: 'Action and NotAction', left: { Action: 's3:*' }, right: { NotAction: 's3:*' } },
  {
    name: 'one resource more',
    left: base,
    right: like({ Resource: ['arn:aws:s3:::raw/x/*', 'arn:aws:s3:::raw/y/*', 'arn:aws:s3:::raw/z/*'] }),
  },
  { name: 'resources that differ in case', left: one({ Resource: 'arn:aws:s3:::raw/x' }), right: one({ Resource: 'arn:aws:s3:::raw/X' }) },
  { name: 'Allow and Deny', left: base, right: like({ Effect: 'Deny' }) },
  { name: 'another Sid', left: base, right: like({ Sid: 'Two' }) },
  { name: 'a condition less', left: base, right: like({ Condition: { StringLike: { 's3:prefix': ['x/*', 'y/*'] } } }) },
  {
    name: 'a condition value more',
    left: base,
    right: like({ Condition: { StringLike: { 's3:prefix': ['x/*', 'y/*', 'z/*'] }, Bool: { 'aws:SecureTransport': 'true' } } }),
  },
  {
    name: 'condition values that differ in case',
    left: one({ Condition: { StringLike: { k: 'x' } } }),
    right: one({ Condition: { StringLike: { k: 'X' } } }),
  },
  {
    name: 'another operator',
    left: one({ Condition: { StringLike: { k: 'x' } } }),
    right: one({ Condition: { StringEquals: { k: 'x' } } }),
  },
  {
    name: 'a key twice, in two spellings, and once',
    left: one({ Condition: { StringLike: { k: 'x', K: 'y' } } }),
    right: one({ Condition: { StringLike: { k: 'x' } } }),
  },
  {
    name: 'an operator without keys',
    left: one({ Condition: { StringLike: 'x' } }),
    right: one({ Condition: { StringLike: { k: 'x' } } }),
  },
  { name: 'a condition that is none', left: one({ Condition: 'x' }), right: one({ Condition: {} }) },
];

describe('two statements mean the same with', () => {
  test.each(same)('$name', ({ left, right }) => {
    expect(meaningOf(left)).toBe(meaningOf(right));
    expect(sameStatements([left, foreign('Other')], [foreign('Other'), right])).toBe(true);
  });
});

describe('two statements do not mean the same with', () => {
  test.each(different)('$name', ({ left, right }) => {
    expect(sameStatements([left], [right])).toBe(false);
  });
});

describe('lists of statements', () => {
  test.each([
    { name: 'differ if one is part of the other', left: [base], right: [base, base] },
    { name: 'differ if one is empty', left: [base], right: [] },
  ])('$name', ({ left, right }) => {
    expect(sameStatements(left, right)).toBe(false);
    expect(sameStatements(right, left)).toBe(false);
  });
});

describe('the AWS principals of a statement', () => {
  test.each([
    { name: 'one', principal: { AWS: role('a') }, expected: [role('a')] },
    { name: 'several', principal: { AWS: [role('b'), role('a')] }, expected: [role('a'), role('b')] },
    { name: 'everyone', principal: '*', expected: ['*'] },
    { name: 'services are none', principal: { Service: 's3.amazonaws.com' }, expected: [] },
    { name: 'none', principal: undefined, expected: [] },
  ])('$name', ({ principal, expected }) => {
    expect(awsPrincipals({ Principal: principal })).toEqual(expected);
  });

  test.each([
    [DEAD_ID, true],
    ['AIDA5XMPLDELETEDUSER1', true],
    [role('a'), false],
    ['*', false],
    ['333333333333', false],
    ['AROA', false],
  ])('%s stands for somebody deleted: %s', (principal, expected) => {
    expect(isDeadPrincipal(principal)).toBe(expected);
  });
});

describe('a statement is', () => {
  const ours = { Sid: NAMESPACE.sid('R', 'group01'), Effect: 'Deny' };
  const theirs = { Sid: OTHER_DEPLOYMENT.sid('R', 'group01') };
  const old = { Sid: ours.Sid.replace('DZS3F1', 'DZS3F0') };

  test('ours by its Sid, whatever it contains; of another deployment; or of somebody else', () => {
    const owners = statementOwners(document(foreign('DZS3F'), ours, theirs, { Effect: 'Allow' }, old, { Sid: 7 }), NAMESPACE);
    expect(owners.ours).toEqual([ours, old]);
    expect(owners.foreign).toEqual([foreign('DZS3F'), theirs, { Effect: 'Allow' }, { Sid: 7 }]);
    expect(owners.otherDeployments).toEqual([OTHER_DEPLOYMENT.deployment]);
    expect(statementOwners(undefined, NAMESPACE)).toEqual({ ours: [], foreign: [], otherDeployments: [] });
    expect(deploymentOf(ours)).toBe(NAMESPACE.deployment);
  });

  test('superseded if it is of another format of ours', () => {
    expect([ours, old, foreign('A'), {}].map(isSuperseded)).toEqual([false, true, false, false]);
  });
});

describe('the text of a policy', () => {
  test.each([
    {
      name: 'a single statement counts as a list',
      text: '{"Id":"i","Statement":{"Sid":"A"}}',
      expected: { Id: 'i', Statement: [{ Sid: 'A' }] },
    },
    {
      name: 'a list of statements',
      text: '{"Version":"2008-10-17","Statement":[{"Sid":"A"}]}',
      expected: { Version: '2008-10-17', Statement: [{ Sid: 'A' }] },
    },
    { name: 'an answer cut off is none', text: '{"Statement":[{"Sid":"A"', expected: undefined },
    { name: 'a list is none', text: '[]', expected: undefined },
    { name: 'null is none', text: 'null', expected: undefined },
    { name: 'an object without statements is none', text: '{"Version":"2012-10-17"}', expected: undefined },
    { name: 'a statement that is no object makes it none', text: '{"Statement":["x"]}', expected: undefined },
  ])('$name', ({ text, expected }) => {
    expect(parsePolicy(text)).toEqual(expected === undefined ? { kind: 'not-a-policy' } : { kind: 'policy', document: expected });
  });

  test('is gone when no statement is left, and keeps its Version and Id otherwise', () => {
    expect(withStatements({ Version: '2008-10-17', Id: 'i', Statement: [base] }, [])).toBeUndefined();
    expect(withStatements({ Version: '2008-10-17', Id: 'i', Statement: [] }, [base])).toEqual({
      Version: '2008-10-17',
      Id: 'i',
      Statement: [base],
    });
    expect(withStatements(undefined, [base])).toEqual({ Version: '2012-10-17', Statement: [base] });
  });
});

describe('two policies', () => {
  const other = like({ Sid: 'Two' });

  test('are the same in any order of their statements, and only if all of them are', () => {
    expect(sameStatements([base, other], [other, base])).toBe(true);
    expect(sameStatements([base, other], [base, like({ Sid: 'Three' })])).toBe(false);
    expect(sameStatements([base, other], [base])).toBe(false);
    expect(sameStatements([base], [base, base])).toBe(false);
    expect(sameStatements([], [])).toBe(true);
  });

  test.each([
    ['Condition', null],
    ['Condition', 'odd'],
    ['Condition', { StringLike: null }],
    ['Principal', null],
  ])('may have a %s that is %j, which is like itself alone', (element, value) => {
    expect(sameStatements([like({ [element]: value })], [like({ [element]: value })])).toBe(true);
    expect(sameStatements([like({ [element]: value })], [base])).toBe(false);
  });
});
