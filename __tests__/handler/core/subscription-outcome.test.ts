import type { Grant, PrincipalEntry } from '../../../handler/core/grant/grant';
import { type Outcome, refused, waiting } from '../../../handler/core/outcome';
import type { DecidedAsset, Decision } from '../../../handler/core/subscription/decision';
import { outcomeOf, type Worked } from '../../../handler/core/subscription/subscription-outcome';
import { at, entry, grant, PRODUCER, role } from './builders';

const runs = (principals: Readonly<Record<string, PrincipalEntry | PrincipalEntry['state']>>): readonly Grant[] => [
  grant('s1', 'runs/', { principals }),
];
const asset: DecidedAsset = { assetId: 'asset1', owningProject: PRODUCER, published: { arn: 'x' }, location: at('runs/') };
const moved = refused('location-changed', 'it moved');
const movedAsset: DecidedAsset = { assetId: 'asset2', owningProject: PRODUCER, published: { arn: 'y' }, refusal: moved };
const far = refused('principal-account-not-allowed', 'far away');
const throttled = waiting('throttled', 'slow down');
const blocked = refused('foreign-dead-principal', 'the owner must act');
const noTarget = waiting('no-subscription-target', 'none');

const granting = (fields: Partial<Extract<Decision, { kind: 'grant' }>> = {}): Decision => ({
  kind: 'grant',
  assets: [asset],
  principals: [{ arn: role('ann'), targets: [] }],
  readTargets: [],
  ...fields,
});
const ending = (retained: boolean): Decision => ({ kind: 'end', ended: retained ? 'retained' : 'revoked' });

type Row = { name: string; decision: Decision; worked?: Partial<Worked>; expected: Outcome | string };
const simple: readonly Row[] = [
  { name: 'ignored with its reason', decision: { kind: 'ignored', reason: 'a table' }, expected: { kind: 'ignored', reason: 'a table' } },
  { name: 'what a hold waits for', decision: { kind: 'hold', waiting: throttled }, expected: throttled },
  { name: 'what refuses it as a whole', decision: { kind: 'refuse', refusal: moved, assets: [] }, expected: moved },
];

const ended: readonly Row[] = [
  {
    name: 'revoked',
    decision: ending(false),
    worked: { before: runs({ ann: 'granted' }), after: runs({ ann: 'revoked' }) },
    expected: { kind: 'revoked' },
  },
  {
    name: 'retained',
    decision: ending(true),
    worked: { before: runs({ ann: 'granted' }), after: runs({ ann: 'retained' }) },
    expected: { kind: 'retained' },
  },
  { name: 'revoked, though it never had a grant', decision: ending(false), expected: { kind: 'revoked' } },
  {
    name: 'unchanged, if all was done before',
    decision: ending(false),
    worked: { before: runs({ ann: 'revoked' }), after: runs({ ann: 'revoked' }) },
    expected: { kind: 'unchanged' },
  },
  {
    name: 'waiting for what hinders it',
    decision: ending(false),
    worked: { after: runs({ ann: 'revoking' }), hindrance: throttled },
    expected: throttled,
  },
  {
    name: 'waiting, even where only the owner can help',
    decision: ending(false),
    worked: { after: runs({ ann: 'revoking' }), hindrance: blocked },
    expected: waiting('unavailable', 'the owner must act'),
  },
  { name: 'waiting, if it is not proven', decision: ending(false), worked: { after: runs({ ann: 'revoking' }) }, expected: 'unavailable' },
  { name: 'observed', decision: ending(false), worked: { after: runs({ ann: 'revoking' }), observing: true }, expected: 'observing' },
  {
    name: 'revoked, though another bucket of nothing was hindered',
    decision: ending(false),
    worked: { before: runs({ ann: 'granted' }), after: runs({ ann: 'revoked' }), hindrance: throttled },
    expected: { kind: 'revoked' },
  },
];

const unknown = runs({ ann: entry('waiting', { code: 'principal-unknown' }) });
const granted: readonly Row[] = [
  {
    name: 'granted',
    decision: granting(),
    worked: { before: runs({ ann: 'waiting' }), after: runs({ ann: 'granted' }) },
    expected: { kind: 'granted' },
  },
  {
    name: 'unchanged',
    decision: granting(),
    worked: { before: runs({ ann: 'granted' }), after: runs({ ann: 'granted' }) },
    expected: { kind: 'unchanged' },
  },
  {
    name: 'granted, if a principal left',
    decision: granting(),
    worked: { before: runs({ ann: 'granted', bob: 'granted' }), after: runs({ ann: 'granted', bob: 'revoked' }) },
    expected: { kind: 'granted' },
  },
  { name: 'waiting for a target', decision: granting({ principals: [], waiting: noTarget }), expected: noTarget },
  {
    name: 'refused for its place',
    decision: granting({ assets: [asset, movedAsset] }),
    worked: { after: runs({ ann: 'granted' }) },
    expected: moved,
  },
  {
    name: 'refused for a principal',
    decision: granting({ principals: [{ arn: role('bob'), targets: [], refusal: far }] }),
    worked: { after: runs({ ann: 'granted', bob: 'refused' }) },
    expected: far,
  },
  {
    name: 'done, if a principal that may not enter is in already',
    decision: granting({ principals: [{ arn: role('ann'), targets: [], refusal: far }] }),
    worked: { before: runs({ ann: 'granted' }), after: runs({ ann: 'granted' }) },
    expected: { kind: 'unchanged' },
  },
  {
    name: 'waiting for what hinders it',
    decision: granting(),
    worked: { after: runs({ ann: 'waiting' }), hindrance: throttled },
    expected: throttled,
  },
  {
    name: 'refused, where only the owner can help',
    decision: granting(),
    worked: { after: runs({ ann: 'waiting' }), hindrance: blocked },
    expected: blocked,
  },
  {
    name: 'waiting, while one asset is hindered and another refused',
    decision: granting({ assets: [asset, movedAsset] }),
    worked: { after: runs({ ann: 'waiting' }), hindrance: throttled },
    expected: throttled,
  },
  {
    name: 'waiting, while one principal is unknown and another refused',
    decision: granting({ principals: [{ arn: role('bob'), targets: [], refusal: far }] }),
    worked: { after: [...unknown, ...runs({ bob: 'refused' })] },
    expected: 'principal-unknown',
  },
  {
    name: 'waiting, while a principal is being taken out and an asset is refused',
    decision: granting({ assets: [movedAsset] }),
    worked: { after: runs({ ann: 'revoking' }), hindrance: throttled },
    expected: throttled,
  },
  {
    name: 'waiting, while a principal is being taken out and only the owner can help',
    decision: granting(),
    worked: { after: runs({ ann: 'revoking' }), hindrance: blocked },
    expected: 'unavailable',
  },
  { name: 'observed', decision: granting(), worked: { after: runs({ ann: 'waiting' }), observing: true }, expected: 'observing' },
  {
    name: 'observed, when something is to be taken out',
    decision: granting(),
    worked: { after: runs({ ann: 'revoking' }), observing: true },
    expected: 'observing',
  },
  {
    name: 'refused, though observed',
    decision: granting({ assets: [asset, movedAsset] }),
    worked: { after: runs({ ann: 'waiting' }), observing: true },
    expected: moved,
  },
  {
    name: 'done, though another bucket was hindered with nothing open',
    decision: granting(),
    worked: { before: runs({ ann: 'waiting' }), after: runs({ ann: 'granted' }), hindrance: throttled },
    expected: { kind: 'granted' },
  },
];

describe('a subscription is', () => {
  test('unchanged, in whatever order its principals are read', () => {
    const worked = {
      hindrance: undefined,
      observing: false,
      before: runs({ ann: 'granted', bob: 'granted' }),
      after: runs({ bob: 'granted', ann: 'granted' }),
    };
    expect(outcomeOf(granting(), worked)).toEqual({ kind: 'unchanged' });
  });

  test('refused for whoever was left out, not for one who is in and would be refused today', () => {
    const bob = refused('principal-not-grantable', 'no role');
    const principals = [
      { arn: role('ann'), targets: [], refusal: far },
      { arn: role('bob'), targets: [], refusal: bob },
    ];
    const after = runs({ ann: 'granted', bob: entry('refused', { code: bob.code }) });
    expect(outcomeOf(granting({ principals }), { before: [], after, hindrance: undefined, observing: false })).toEqual(bob);
  });

  test('waiting with a sentence, where access is being taken away and nothing is known to hinder it', () => {
    const outcome = outcomeOf(ending(false), { before: [], after: runs({ ann: 'revoking' }), hindrance: undefined, observing: false });
    expect(outcome).toEqual(waiting('unavailable', 'access is being taken away and not yet proven gone'));
  });

  test.each([...simple, ...ended, ...granted])('$name', ({ decision, worked, expected }) => {
    const outcome = outcomeOf(decision, { before: [], after: [], hindrance: undefined, observing: false, ...worked });
    if (typeof expected === 'string') expect(outcome).toMatchObject({ kind: 'waiting', code: expected, message: expect.any(String) });
    else expect(outcome).toEqual(expected);
  });
});

const CANNOT = 'is refused: its subscription target names a principal that cannot be granted access';
const UNVERIFIED = 'waits: its access is not verified yet; it is tried again';
type Reason = NonNullable<PrincipalEntry['reason']>;
const leftOut: readonly { state: 'waiting' | 'refused'; code?: Reason['code']; as?: Reason['code']; says: string }[] = [
  { state: 'refused', code: 'policy-full', says: 'is refused: because of policy-full' },
  { state: 'refused', code: 'limit-exceeded', says: 'is refused: because of limit-exceeded' },
  { state: 'refused', as: 'principal-not-grantable', says: CANNOT },
  { state: 'refused', code: 'frozen', as: 'principal-not-grantable', says: 'is refused: because of frozen' },
  { state: 'waiting', code: 'principal-unknown', says: 'waits: because of principal-unknown' },
  { state: 'waiting', code: 'suspended-for-room', says: 'waits: because of suspended-for-room' },
  { state: 'waiting', as: 'unavailable', says: UNVERIFIED },
  { state: 'waiting', code: 'policy-full', as: 'unavailable', says: 'waits: because of policy-full' },
];

describe('a principal left out makes the outcome', () => {
  test.each(leftOut)('$state, $code', ({ code, state, as, says }) => {
    const after = runs({ eve: 'granted', ann: entry(state, code === undefined ? {} : { code }) });
    const outcome = outcomeOf(granting(), { before: [], after, hindrance: undefined, observing: false });
    expect(outcome).toEqual({ kind: state, code: as ?? code, message: `'${role('ann')}' on 'arn:aws:s3:::acme-raw/runs/' ${says}` });
  });
});
