import { evaluate } from '../../src/iam/evaluate';
import { parsePolicy } from '../../src/iam/policy';
import { PolicyError } from '../../src/iam/policy-error';
import { accountCases } from './cases/accounts';
import { boundaryCases } from './cases/boundaries';
import { conditionCases } from './cases/conditions';
import { elementCases } from './cases/elements';
import { ownerCases } from './cases/owners';
import { allow, deny, OWNER, ownRole, policy, read, roleIn } from './policy-case';

const cases = [...accountCases, ...boundaryCases, ...elementCases, ...conditionCases, ...ownerCases];

describe('evaluate decides as the AWS documentation says', () => {
  test.each(cases)('$name → $expected ($source)', ({ request, policies, expected }) => {
    expect(evaluate(request, policies).decision).toBe(expected);
  });

  test('each case says where AWS says so', () => {
    for (const { source } of cases) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });

  test('each case has a name of its own, and each outcome occurs', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(new Set(cases.map(({ expected }) => expected)).size).toBe(3);
  });
});

describe('evaluate says which statement decided', () => {
  const request = read(roleIn(OWNER));

  test('a grant of the resource policy, by Sid and index', () => {
    const resource = policy(allow({ Principal: { AWS: `${ownRole}2` } }), allow({ Sid: 'Readers', Principal: { AWS: ownRole } }));
    expect(evaluate(request, { identity: [], resource }).by).toEqual({ policy: 'policy', sid: 'Readers', index: 1 });
  });

  test('a deny, before any grant', () => {
    const identity = [
      { ...policy(allow()), name: 'one' },
      { ...policy(deny()), name: 'two' },
    ];
    expect(evaluate(request, { identity })).toEqual({ decision: 'explicitly-denied', by: { policy: 'two', sid: undefined, index: 0 } });
  });

  test('nothing, when nothing applied', () => {
    expect(evaluate(request, { identity: [] })).toEqual({ decision: 'implicitly-denied' });
  });
});

describe('what the evaluator does not know, it refuses', () => {
  const resourceStatement = allow({ Principal: { AWS: ownRole } });
  test.each([
    ['an unknown element of the policy', { Statement: [], Comment: 'x' }],
    ['an unknown element of a statement', { Statement: [{ ...resourceStatement, Comment: 'x' }] }],
    ['an unknown Version', { Version: '2020-01-01', Statement: [] }],
    ['an unknown Effect', { Statement: [{ ...resourceStatement, Effect: 'allow' }] }],
    ['an unknown operator', { Statement: [{ ...resourceStatement, Condition: { StringMatches: { a: 'b' } } }] }],
    ['IfExists on Null', { Statement: [{ ...resourceStatement, Condition: { NullIfExists: { a: 'true' } } }] }],
    ['a date that is none', { Statement: [{ ...resourceStatement, Condition: { DateLessThan: { a: 'tomorrow' } } }] }],
    ['a number that is none', { Statement: [{ ...resourceStatement, Condition: { NumericEquals: { a: 'one' } } }] }],
    ['an action without a service', { Statement: [{ ...resourceStatement, Action: 'GetObject' }] }],
    ['a resource that is no ARN', { Statement: [{ ...resourceStatement, Resource: 'raw/*' }] }],
    ['Action and NotAction together', { Statement: [{ ...resourceStatement, NotAction: 's3:*' }] }],
    ['Principal and NotPrincipal together', { Statement: [{ ...resourceStatement, NotPrincipal: '*' }] }],
    ['a wildcard inside a principal', { Statement: [allow({ Principal: { AWS: 'arn:aws:iam::222222222222:role/*' } })] }],
    ['an unknown kind of principal', { Statement: [allow({ Principal: { Group: 'admins' } })] }],
    ['no principal', { Statement: [allow()] }],
    ['no statement', { Version: '2012-10-17' }],
    ['text that is not JSON', '{"Statement": ['],
  ])('%s', (_, document) => {
    expect(() => parsePolicy(document, 'resource')).toThrow(PolicyError);
  });

  test('a principal in an identity policy', () => {
    expect(() => parsePolicy({ Statement: [resourceStatement] }, 'identity')).toThrow('it is the holder');
  });

  test('a resource in a trust policy', () => {
    expect(() => parsePolicy({ Statement: [resourceStatement] }, 'trust')).toThrow('it is the role');
  });

  test('a resource whose account nobody names', () => {
    const { resourceAccount: _, ...request } = read(roleIn(OWNER));
    expect(() => evaluate(request, { identity: [policy(allow())] })).toThrow('does not name its account; pass resourceAccount');
  });

  test('a plain operator on a key with several values', () => {
    const request = read(roleIn(OWNER), { 'aws:TagKeys': ['a', 'b'] });
    const identity = [policy(allow({ Condition: { StringEquals: { 'aws:TagKeys': 'a' } } }))];
    expect(() => evaluate(request, { identity })).toThrow('compare it with ForAllValues:StringEquals');
  });
});
