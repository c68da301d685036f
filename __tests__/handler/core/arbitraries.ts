import fc from 'fast-check';
import { type Access, accessesOf, type Grant, type PrincipalState } from '../../../handler/core/grant/grant';
import type { PolicyDocument, Statement } from '../../../handler/core/policy/policy-document';
import { at, BUCKET, DEAD_ID, entry, fillerLeaving, foreign, grant, role, sizeOf } from './builders';

/** The account of the bucket, and one that is not. */
export const OWNER_ACCOUNT = '222222222222';
const ACCOUNTS = [OWNER_ACCOUNT, '333333333333'] as const;

export const principals: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'team/d', 'a-longer-name-of-a-role'), fc.constantFrom(...ACCOUNTS))
  .map(([name, account]) => role(name, account));

/** Paths that begin alike, lie in one another, and need escapes or several bytes in JSON. */
export const paths: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('') },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.array(fc.constantFrom('public', 'public-secret', 'runs', 'r', 'a|b', 'é "x"'), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('/', ''),
      )
      .map(([names, end]) => `${names.join('/')}${end}`),
  },
);

export const accesses = (maxLength: number): fc.Arbitrary<readonly Access[]> =>
  fc.array(
    fc.tuple(principals, paths).map(([principal, path]): Access => ({ principal, location: at(path) })),
    { maxLength },
  );

/** Grants with keys of their own: `path` and `principals` are drawn, every entry is in the given state. */
export const grantsIn = (state: PrincipalState, { minLength = 0, maxLength = 5 } = {}): fc.Arbitrary<readonly Grant[]> =>
  fc
    .array(fc.tuple(paths, fc.uniqueArray(principals, { minLength: 1, maxLength: 3 }), fc.integer({ min: 10, max: 28 })), {
      minLength,
      maxLength,
    })
    .map((drawn) =>
      drawn.map(([path, arns, day], index) => ({
        ...grant(`${state}${index}`, path, { principals: {} }),
        principals: arns.map((arn) => entry(state, { arn, since: `2026-01-${day}T00:00:00.000Z` })),
      })),
    );

/** The same grants with every entry in another state. */
export const inState = (grants: readonly Grant[], state: PrincipalState): readonly Grant[] =>
  grants.map((one) => ({
    ...one,
    principals: one.principals.map((was) => ({ ...was, state })),
  }));

/**
 * Roles that all subscribe to the same folders, each by itself, beside a policy that leaves about the room they take together. They
 * share one pair of statements, which falls into two and grows when one grant is revoked.
 */
export const rectangles: fc.Arbitrary<readonly [PolicyDocument, readonly Grant[]]> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: -50, max: 700 }))
  .map(([roles, folders, slack]) => {
    const grants = Array.from({ length: roles * folders }, (_, index) =>
      grant(`waiting${index}`, `shared-folder-${index % folders}/`, { principals: { [`team-${Math.floor(index / folders)}`]: 'waiting' } }),
    );
    const { bytes } = sizeOf(grants.flatMap((one) => accessesOf(one, () => true)));
    return [{ Version: '2012-10-17', Statement: [fillerLeaving(bytes + slack)] }, grants] as const;
  });

/** Statements of others, as odd as S3 may hold them. */
export const oddStatements: fc.Arbitrary<Statement> = fc.oneof(
  fc.constantFrom<Statement>(
    foreign('Keep'),
    foreign('', { Principal: '*', Effect: 'Deny' }),
    foreign('DZS3F', { Principal: { AWS: [DEAD_ID, '333333333333'] } }),
    { Resource: [`arn:aws:s3:::${BUCKET}`], Effect: 'Deny', NotAction: 's3:*', NotPrincipal: { AWS: role('a') } },
    {
      Effect: 'Allow',
      Principal: { Service: ['a.amazonaws.com'] },
      Action: ['S3:get*', 's3:Get*'],
      NotResource: '${x}',
      Condition: { Bool: { k: true, K: ['false'] }, Null: { n: 'true' } },
    },
  ),
  fc.dictionary(fc.constantFrom('Sid', 'Effect', 'Comment', 'Condition', 'Principal'), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }),
);

/** Policies of others, with and without Version and Id, in any order of elements; none at all. */
export const documents: fc.Arbitrary<PolicyDocument | undefined> = fc.option(
  fc
    .record({
      elements: fc.record(
        { Version: fc.constantFrom('2008-10-17', '2012-10-17'), Id: fc.constantFrom('owner', 'é'), Comment: fc.jsonValue({ maxDepth: 1 }) },
        { requiredKeys: [] },
      ),
      statements: fc.array(oddStatements, { minLength: 1, maxLength: 4 }),
      first: fc.boolean(),
    })
    .map(({ elements, statements, first }) => (first ? { Statement: statements, ...elements } : { ...elements, Statement: statements })),
  { nil: undefined },
);

/** Policies of others that leave some hundred to some thousand bytes. */
export const tightDocuments: fc.Arbitrary<PolicyDocument> = fc
  .integer({ min: 1, max: 5_000 })
  .map((bytes) => ({ Version: '2012-10-17', Statement: [fillerLeaving(bytes)] }));
