import { type Decision, decide } from '../../../handler/core/subscription/decision';
import { asset, at, CONSUMER, PRODUCER, record, resolved, role, rules, target } from './builders';
import { approvedCases, endedCases, limitCases } from './decision-cases';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const READER = role('reader');

const GRANTED = { assets: ['runs/'], principals: ['reader'] };

/** A decision, in short: its kind, its places or codes, its principals. */
const summary = (decision: Decision): unknown => {
  switch (decision.kind) {
    case 'ignored':
      return 'ignored';
    case 'hold':
      return `hold: ${decision.waiting.code}`;
    case 'refuse':
      return `refuse: ${decision.refusal.code}`;
    case 'end':
      return `end: ${decision.ended}`;
    case 'grant':
      return {
        assets: decision.assets.map((one) => ('location' in one ? one.location.path : one.refusal.code)),
        principals: decision.principals.map(
          ({ arn, refusal }) => `${arn.split('/').at(-1)}${refusal === undefined ? '' : `: ${refusal.code}`}`,
        ),
        ...(decision.waiting === undefined ? {} : { waiting: decision.waiting.code }),
      };
  }
};

describe('an approved subscription', () => {
  test.each(approvedCases)('$name', ({ resolved: given, by = rules(), expected }) => {
    expect(summary(decide(given, by))).toEqual(expected);
  });
});

describe('a subscription with', () => {
  test.each(limitCases)('$name', ({ resolved: given, expected }) => {
    expect(summary(decide(given, rules()))).toEqual(expected);
  });
});

describe('a subscription that is no longer approved', () => {
  test.each(endedCases)('$name', ({ resolved: given, expected }) => {
    expect(summary(decide(given, rules()))).toEqual(expected);
  });
});

describe('a decision', () => {
  test('says what a grant is made of: places, principals once with their targets, and every target that was read', () => {
    const targets = [
      target('t1', [READER, READER]),
      target('t2', [READER], { environmentId: 'env2', account: '555555555555' }),
      target('t3', []),
    ];
    expect(decide(resolved({ targets }), rules())).toEqual({
      kind: 'grant',
      assets: [{ assetId: 'asset1', owningProject: PRODUCER, published: { arn: RUNS }, location: at('runs/') }],
      principals: [{ arn: READER, targets: ['env1/t1', 'env2/t2'] }],
      readTargets: ['env1/t1', 'env2/t2', 'env1/t3'],
    });
    const [, second, third] = targets;
    expect(decide(resolved({ targets: [second, third, ...targets].flatMap((one) => one ?? []) }), rules())).toMatchObject({
      principals: [{ arn: READER }],
    });
  });

  test('knows principals by their names, whatever members an object has', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const decision = decide(resolved({ targets: [target('t1', [...odd, READER]), target('t2', odd)] }), rules());
    expect(decision).toMatchObject({
      principals: [
        ...odd.map((arn) => ({ arn, targets: ['env1/t1', 'env1/t2'], refusal: { code: 'principal-not-grantable' } })),
        { arn: READER, targets: ['env1/t1'] },
      ],
    });
  });

  test('lets a principal in if any target may name it, whichever is read first', () => {
    const far = target('far', [READER], { account: '555555555555' });
    for (const targets of [
      [far, target('near', [READER])],
      [target('near', [READER]), far],
    ])
      expect(summary(decide(resolved({ targets }), rules()))).toEqual(GRANTED);
    expect(summary(decide(resolved({ targets: [far, far] }), rules()))).toEqual({
      assets: ['runs/'],
      principals: ['reader: principal-account-not-allowed'],
    });
  });

  test.each([
    [{ subscriber: { kind: 'user', id: 'u' } } as const, 'made by a user'],
    [{ subscriber: { kind: 'unknown', id: 'u' } } as const, 'a kind of subscriber that this version does not know'],
  ])('names the subscriber that it refuses', (subscription, says) => {
    expect(decide(resolved({ subscription }), rules())).toMatchObject({
      refusal: { message: expect.stringContaining(says) },
      assets: [{ published: { arn: RUNS } }],
    });
  });

  test('names both places of an asset that moved, and the project that has no target', () => {
    expect(decide(resolved({ assets: [asset(`${RUNS}b/`)], record: record() }), rules())).toMatchObject({
      assets: [
        { published: { arn: RUNS }, refusal: { message: expect.stringContaining(`approved at '${RUNS}' and is now at '${RUNS}b/'`) } },
      ],
    });
    expect(decide(resolved({ targets: [] }), rules())).toMatchObject({
      waiting: { message: expect.stringContaining(`project '${CONSUMER}'`) },
    });
  });
});
