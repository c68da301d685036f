import { entryOf, grantKey, isUnsettled, type PrincipalEntry } from '../../../handler/core/grant/grant';
import { settleGrants } from '../../../handler/core/grant/grant-settlement';
import { refused, waiting } from '../../../handler/core/outcome';
import { type PolicyPlan, planPolicy } from '../../../handler/core/policy/policy-plan';
import { type EntryFields, entry as entryOfReader, grant, NOW, NOW_TEXT, question, role } from './builders';

const ANN = role('ann');
const entry = (state: PrincipalEntry['state'], fields: EntryFields = {}): PrincipalEntry => entryOfReader(state, { arn: ANN, ...fields });
const KEY = 's1#acme-raw/runs/';
const plain = planPolicy(question([]));

type Row = { name: string; before: PrincipalEntry; plan?: Partial<PolicyPlan>; candidate?: boolean; after: PrincipalEntry };
const dead = { dead: new Set([ANN]) };
const suspended = { suspended: new Set([KEY]) };
const left = (why: ReturnType<typeof refused> | ReturnType<typeof waiting>) => ({ left: new Map([[KEY, why]]) });
const moved = (state: PrincipalEntry['state'], reason?: PrincipalEntry['reason']) =>
  entry(state, { since: NOW_TEXT, ...(reason === undefined ? {} : { reason }) });
const unknown: PrincipalEntry['reason'] = {
  code: 'principal-unknown',
  message: 'S3 does not know this principal; it is tried again: create the role, or remove it from the subscription target',
};
const noSpace: PrincipalEntry['reason'] = {
  code: 'suspended-for-room',
  message: 'a revocation left no space for this grant; access returns when there is space: publish wider prefixes, or share roles',
};

const rows: readonly Row[] = [
  {
    name: 'a candidate that was let in is granted',
    before: entry('waiting', { code: 'principal-unknown' }),
    candidate: true,
    after: moved('granted'),
  },
  { name: 'whoever waits and is no candidate goes on waiting', before: entry('waiting'), after: entry('waiting') },
  {
    name: 'a candidate without room is refused',
    before: entry('waiting'),
    candidate: true,
    plan: left(refused('policy-full', 'x')),
    after: moved('refused', { code: 'policy-full', message: 'x' }),
  },
  {
    name: 'a candidate of a frozen bucket waits',
    before: entry('waiting'),
    candidate: true,
    plan: left(waiting('frozen', 'x')),
    after: moved('waiting', { code: 'frozen', message: 'x' }),
  },
  {
    name: 'a candidate that waits for the same goes on since when it did',
    before: entry('waiting', { code: 'frozen' }),
    candidate: true,
    plan: left(waiting('frozen', 'x')),
    after: entry('waiting', { code: 'frozen' }),
  },
  {
    name: 'a candidate that S3 does not know waits',
    before: entry('waiting'),
    candidate: true,
    plan: dead,
    after: moved('waiting', unknown),
  },
  { name: 'whoever waits elsewhere is not said to be unknown', before: entry('waiting'), plan: dead, after: entry('waiting') },
  { name: 'the live stay', before: entry('granted'), candidate: true, after: entry('granted') },
  {
    name: 'the live stay though their grant has candidates that were left',
    before: entry('granted'),
    candidate: true,
    plan: left(refused('policy-full', 'x')),
    after: entry('granted'),
  },
  { name: 'the retained stay', before: entry('retained'), after: entry('retained') },
  { name: 'the live that S3 no longer knows wait', before: entry('granted'), plan: dead, after: moved('waiting', unknown) },
  {
    name: 'the live that gave way to a revocation wait',
    before: entry('granted'),
    plan: suspended,
    after: moved('waiting', noSpace),
  },
  { name: 'whoever was taken out is revoked', before: entry('revoking'), after: moved('revoked') },
  {
    name: 'whoever was taken out is revoked, deleted or not',
    before: entry('revoking'),
    plan: { ...dead, ...suspended },
    after: moved('revoked'),
  },
  { name: 'the revoked stay so', before: entry('revoked'), plan: { ...dead, ...suspended }, after: entry('revoked') },
  {
    name: 'the refused stay so',
    before: entry('refused', { code: 'policy-full' }),
    candidate: true,
    after: entry('refused', { code: 'policy-full' }),
  },
];

describe('once a policy is verified,', () => {
  test.each(rows)('$name', ({ before, plan, candidate = false, after }) => {
    const given = grant('s1', 'runs/', { principals: { ann: before } });
    expect(grantKey(given)).toBe(KEY);
    const [settled] = settleGrants([given], { plan: { ...plain, ...plan }, candidates: new Set(candidate ? [KEY] : []), now: NOW });
    expect(entryOf(settled, ANN)).toStrictEqual(after);
    expect(settled === given).toBe(after.since !== NOW_TEXT);
  });

  test('of several principals each stands for itself', () => {
    const given = grant('s1', 'runs/', { principals: { ann: 'granted', bob: 'waiting', cid: entry('refused', { code: 'policy-full' }) } });
    const [settled] = settleGrants([given], { plan: plain, candidates: new Set([KEY]), now: NOW });
    expect(settled?.principals.map(({ state, since }) => [state, since === NOW_TEXT])).toEqual([
      ['granted', false],
      ['granted', true],
      ['refused', false],
    ]);
  });

  test('only what waits or is being taken away was unsettled', () => {
    expect([entry('waiting'), entry('revoking'), entry('granted'), entry('revoked'), entry('refused')].map(isUnsettled)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
