import fc from 'fast-check';
import { evaluate } from '../../src/iam/evaluate';
import type { AccessRequest, Context } from '../../src/iam/request';
import { allow, CONSUMER, deny, type Fields, foreignRole, OWNER, ownRole, policy, read, roleIn, userIn } from './policy-case';

const RUNS = { numRuns: 200, seed: 20_261_126 };

const principal = fc.constantFrom('*', OWNER, CONSUMER, ownRole, foreignRole, `arn:aws:iam::${OWNER}:user/ada`, 'AROADELETED');
const action = fc.constantFrom('s3:GetObject', 's3:*', 's3:ListBucket', '*');
const resource = fc.constantFrom('arn:aws:s3:::raw/*', 'arn:aws:s3:::raw/runs/*', 'arn:aws:s3:::raw/other/*', 'arn:aws:s3:::raw');
const condition = fc.constantFrom<Fields>(
  {},
  { Condition: { StringEquals: { 's3:prefix': 'runs/' } } },
  { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
  { Condition: { Null: { 'aws:SourceVpce': 'true' } } },
);
const core = fc.record({ Action: action, Resource: resource });
const body = fc.tuple(core, condition).map(([fields, more]) => ({ ...fields, ...more }));
const effect = fc.boolean();
const identityStatement = fc.tuple(effect, body).map(([allows, fields]) => (allows ? allow(fields) : deny(fields)));
const resourceStatement = fc.tuple(identityStatement, principal).map(([statement, AWS]): Fields => ({ ...statement, Principal: { AWS } }));
const statements = fc.record({
  identity: fc.array(identityStatement, { maxLength: 3 }),
  resource: fc.array(resourceStatement, { maxLength: 3 }),
});
const request: fc.Arbitrary<AccessRequest> = fc
  .tuple(fc.constantFrom(roleIn(OWNER), roleIn(CONSUMER), userIn(OWNER)), fc.constantFrom<Context>({}, { 's3:prefix': 'runs/' }))
  .map(([who, context]) => read(who, context));

const decide = (asked: AccessRequest, { identity, resource: own }: { identity: readonly Fields[]; resource: readonly Fields[] }) =>
  evaluate(asked, { identity: [policy(...identity)], resource: policy(...own) }).decision;
const matching = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/runs/*' };

describe('whatever policies say', () => {
  test('one deny that applies decides, in either policy', () => {
    fc.assert(
      fc.property(request, statements, (asked, { identity, resource: own }) => {
        expect(decide(asked, { identity: [...identity, deny(matching)], resource: own })).toBe('explicitly-denied');
        const all = [...own, { ...deny(matching), Principal: '*' }];
        expect(decide(asked, { identity, resource: all })).toBe('explicitly-denied');
      }),
      RUNS,
    );
  });

  test('a further Allow takes nothing, and a further Deny gives nothing', () => {
    fc.assert(
      fc.property(request, statements, identityStatement, (asked, { identity, resource: own }, more) => {
        const before = decide(asked, { identity, resource: own });
        const after = decide(asked, { identity: [...identity, more], resource: own });
        if (more['Effect'] === 'Allow') expect(before === 'allowed' ? after : 'allowed').toBe('allowed');
        else expect(before === 'allowed' || after !== 'allowed').toBe(true);
      }),
      RUNS,
    );
  });

  test('nothing is allowed that no statement allows', () => {
    fc.assert(
      fc.property(request, statements, (asked, { identity, resource: own }) => {
        const without = (all: readonly Fields[]) => all.filter((statement) => statement['Effect'] === 'Deny');
        expect(decide(asked, { identity: without(identity), resource: without(own) })).not.toBe('allowed');
      }),
      RUNS,
    );
  });

  test('the order of statements does not matter, nor how they are spread over identity policies', () => {
    fc.assert(
      fc.property(request, statements, (asked, { identity, resource: own }) => {
        const whole = decide(asked, { identity, resource: own });
        expect(decide(asked, { identity: identity.toReversed(), resource: own.toReversed() })).toBe(whole);
        const spread = { identity: identity.map((statement) => policy(statement)), resource: policy(...own) };
        expect(evaluate(asked, spread).decision).toBe(whole);
      }),
      RUNS,
    );
  });

  test('a boundary and a session policy only take away', () => {
    fc.assert(
      fc.property(request, statements, fc.array(identityStatement, { maxLength: 2 }), (asked, { identity, resource: own }, limits) => {
        const policies = { identity: [policy(...identity)], resource: policy(...own) };
        const before = evaluate(asked, policies).decision;
        for (const limit of ['boundary', 'session'] as const) {
          const after = evaluate(asked, { ...policies, [limit]: policy(...limits) }).decision;
          expect(before === 'allowed' || after !== 'allowed').toBe(true);
        }
      }),
      RUNS,
    );
  });
});
