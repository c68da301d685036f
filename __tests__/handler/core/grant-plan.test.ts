import { entryOf, type Grant, type PrincipalEntry } from '../../../handler/core/grant/grant';
import { planApproved, planEnded } from '../../../handler/core/grant/grant-plan';
import { refused } from '../../../handler/core/outcome';
import type { DecidedAsset, DecidedPrincipal, Decision } from '../../../handler/core/subscription/decision';
import {
  at,
  CONSUMER,
  EARLIER,
  type EntryFields,
  entry as entryOfReader,
  grant,
  NOW,
  NOW_TEXT,
  PRODUCER,
  role,
  subscription,
} from './builders';

const ANN = role('ann');
const entry = (state: PrincipalEntry['state'], fields: EntryFields = {}): PrincipalEntry => entryOfReader(state, { arn: ANN, ...fields });
const T1 = 'env1/target1';
const T2 = 'env1/target2';
const asset = (path: string, id = 'asset1'): DecidedAsset => ({
  assetId: id,
  owningProject: PRODUCER,
  published: { arn: path },
  location: at(path),
});
const gone: DecidedAsset = {
  assetId: 'asset1',
  owningProject: PRODUCER,
  published: { arn: 'runs/' },
  refusal: refused('location-changed', 'moved'),
};
const named: DecidedPrincipal = { arn: ANN, targets: [T1] };
const refusedNow: DecidedPrincipal = {
  ...named,
  refusal: refused('principal-account-not-allowed', 'because of principal-account-not-allowed'),
};

const decision = (fields: Partial<Extract<Decision, { kind: 'grant' }>> = {}): Extract<Decision, { kind: 'grant' }> => ({
  kind: 'grant',
  assets: [asset('runs/')],
  principals: [named],
  readTargets: [T1],
  ...fields,
});

const planned = (given: Partial<Extract<Decision, { kind: 'grant' }>>, before: PrincipalEntry | undefined): PrincipalEntry | undefined => {
  const existing = before === undefined ? [] : [grant('s1', 'runs/', { principals: { [ANN]: before } })];
  return planApproved(decision(given), { subscription: subscription(), existing, goneTargets: [], now: NOW })[0]?.principals[0];
};

type Row = { name: string; before?: PrincipalEntry; after: PrincipalEntry | undefined };
const entering: readonly Row[] = [
  { name: 'waits, if it is new', after: entry('waiting', { since: NOW_TEXT }) },
  { name: 'goes on waiting', before: entry('waiting', { code: 'principal-unknown' }), after: entry('waiting') },
  { name: 'stays in, by the targets that name it now', before: entry('granted', { targets: [T2] }), after: entry('granted') },
  { name: 'stays in as retained', before: entry('retained'), after: entry('retained') },
  { name: 'is granted again, if its subscription had only been missing', before: entry('orphaned'), after: entry('granted') },
  { name: 'waits again, if it had left the target', before: entry('revoked'), after: entry('waiting', { since: NOW_TEXT }) },
  { name: 'waits again, while it is being taken out', before: entry('revoking'), after: entry('waiting', { since: NOW_TEXT }) },
  {
    name: 'waits, if its refusal was lifted',
    before: entry('refused', { code: 'policy-full' }),
    after: entry('waiting', { since: NOW_TEXT }),
  },
  { name: 'stays out, if it expired', before: entry('expired'), after: entry('expired') },
];

describe('a principal that a target names', () => {
  test.each(entering)('$name', ({ before, after }) => {
    expect(planned({}, before)).toEqual(after);
  });
});

const code = 'principal-account-not-allowed';
const refusing: readonly Row[] = [
  { name: 'is refused, if it is new', after: entry('refused', { since: NOW_TEXT, code }) },
  { name: 'is refused, if it waited', before: entry('waiting'), after: entry('refused', { since: NOW_TEXT, code }) },
  { name: 'stays refused, with the reason of now', before: entry('refused', { code: 'policy-full' }), after: entry('refused', { code }) },
  { name: 'keeps what it has', before: entry('granted'), after: entry('granted') },
  { name: 'is still taken out, if that is not proven yet', before: entry('revoking'), after: entry('revoking') },
];

describe('a principal that may not be let in', () => {
  test.each(refusing)('$name', ({ before, after }) => {
    expect(planned({ principals: [refusedNow] }, before)).toEqual(after);
  });
});

type Leaving = Row & { before: PrincipalEntry; readTargets?: readonly string[] };
const revoking = entry('revoking', { since: NOW_TEXT });
const leaving: readonly Leaving[] = [
  { name: 'is taken out, if its target was read', before: entry('granted'), after: revoking },
  { name: 'is taken out, if it is retained', before: entry('retained'), after: revoking },
  { name: 'is taken out, if it waits and may be in already', before: entry('waiting'), after: revoking },
  { name: 'stays, if its target was not read', before: entry('granted'), readTargets: [], after: entry('granted') },
  {
    name: 'stays by the target that was not read',
    before: entry('granted', { targets: [T1, T2] }),
    after: entry('granted', { targets: [T2] }),
  },
  {
    name: 'is taken out, once all its targets were read',
    before: entry('granted', { targets: [T1, T2] }),
    readTargets: [T2, T1],
    after: entry('revoking', { since: NOW_TEXT, targets: [T1, T2] }),
  },
  { name: 'stays, if no target ever named it', before: entry('granted', { targets: [] }), after: entry('granted', { targets: [] }) },
  { name: 'is forgotten, if it was refused', before: entry('refused', { code }), after: undefined },
  {
    name: 'stays refused by a target that was not read',
    before: entry('refused', { code }),
    readTargets: [],
    after: entry('refused', { code }),
  },
  { name: 'stays revoked', before: entry('revoked'), after: entry('revoked') },
  { name: 'goes on leaving', before: entry('revoking'), after: entry('revoking') },
];

describe('a principal that no target names any more', () => {
  test.each(leaving)('$name', ({ before, readTargets = [T1], after }) => {
    expect(planned({ principals: [], readTargets }, before)).toEqual(after);
  });

  test.each(leaving.filter(({ before }) => before.state !== 'waiting'))(
    'at a place that may no longer be granted: $name',
    ({ before, readTargets = [T1], after }) => {
      expect(planned({ assets: [gone], principals: [], readTargets }, before)).toEqual(after);
    },
  );
});

describe('at a place that may no longer be granted', () => {
  test('who is in stays, and who waits is taken out', () => {
    expect(planned({ assets: [gone] }, entry('granted'))).toEqual(entry('granted'));
    expect(planned({ assets: [gone] }, entry('waiting'))).toEqual(revoking);
  });

  test('nobody new enters', () => {
    expect(planApproved(decision({ assets: [gone] }), { subscription: subscription(), existing: [], goneTargets: [], now: NOW })).toEqual(
      [],
    );
  });
});

describe('the grants of an approved subscription', () => {
  const plan = (fields: Partial<Extract<Decision, { kind: 'grant' }>>, existing: readonly Grant[] = []) =>
    planApproved(decision(fields), { subscription: subscription(), existing, goneTargets: [], now: NOW });

  test('are one a place, with all that an auditor asks for', () => {
    expect(plan({ assets: [asset('runs/'), asset('runs', 'asset2'), gone] })).toEqual([
      {
        subscriptionId: 's1',
        location: at('runs/'),
        listingId: 'listing1',
        assetId: 'asset1',
        owningProject: PRODUCER,
        consumerProject: CONSUMER,
        principals: [entry('waiting', { since: NOW_TEXT })],
      },
      expect.objectContaining({ location: at('runs'), assetId: 'asset2' }),
    ]);
  });

  test('name no consumer project for an IAM principal', () => {
    const [first] = planApproved(decision(), {
      goneTargets: [],
      subscription: subscription({ subscriber: { kind: 'iam', arn: ANN } }),
      existing: [],
      now: NOW,
    });
    expect(first).not.toHaveProperty('consumerProject');
  });

  test('under a new id begin anew beside the revoked ones', () => {
    const again = planApproved(decision(), { subscription: subscription({ id: 's2' }), existing: [], goneTargets: [], now: NOW });
    expect(again).toMatchObject([{ subscriptionId: 's2', principals: [{ arn: ANN, state: 'waiting' }] }]);
  });
});

describe('the grants of a subscription that ended', () => {
  const states = ['waiting', 'granted', 'retained', 'orphaned', 'revoking', 'revoked', 'expired', 'refused'] as const;
  const existing = states.map((state) => grant('s1', `${state}/`, { principals: { [ANN]: entry(state, { code: 'frozen' }) } }));
  const ended = (retained: boolean) =>
    planEnded(existing, { ended: retained ? 'retained' : 'revoked', now: NOW }).map((one) => entryOf(one, ANN));

  test('take away whatever is there or may be, and forget refusals', () => {
    expect(ended(false).map((one) => one?.state)).toEqual([
      'revoking',
      'revoking',
      'revoking',
      'revoking',
      'revoking',
      'revoked',
      'expired',
      undefined,
    ]);
    expect(ended(false)[1]).toEqual(revoking);
    expect(ended(false)[4]).toHaveProperty('since', EARLIER);
  });

  test('keep what is there where the owner retained it, and nothing else', () => {
    expect(ended(true).map((one) => one?.state)).toEqual([
      'revoking',
      'retained',
      'retained',
      'retained',
      'revoking',
      'revoked',
      'expired',
      undefined,
    ]);
    expect(
      ended(true)
        .slice(1, 3)
        .map((one) => one?.since),
    ).toEqual([NOW_TEXT, EARLIER]);
  });
});
