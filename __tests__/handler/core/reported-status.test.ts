import type { Grant, PrincipalEntry } from '../../../handler/core/grant/grant';
import { type Outcome, refused, waiting } from '../../../handler/core/outcome';
import { type GrantStatus, statusAt } from '../../../handler/core/subscription/reported-status';
import { entry, grant, role } from './builders';

const HERE = { target: 'env1/target1', listingId: 'listing-runs/', assetId: 'asset-runs/' };
const of = (id: string, principals: Readonly<Record<string, PrincipalEntry | PrincipalEntry['state']>>): Grant =>
  grant(id, 'runs/', { principals });
const full = refused('policy-full', 'no room');
const elsewhere = entry('granted', { targets: ['env1/target2'] });

type Row = {
  name: string;
  grants: readonly Grant[];
  outcome?: Outcome;
  residualAccess?: readonly string[];
  status: GrantStatus | undefined;
};
const granted: GrantStatus = { status: 'GRANTED' };
const revoked: GrantStatus = { status: 'REVOKED' };
const failed = (message: string): GrantStatus => ({ status: 'GRANT_FAILED', message });
const rows: readonly Row[] = [
  { name: 'GRANTED, when every principal of the target is in', grants: [of('s1', { ann: 'granted', bob: 'granted' })], status: granted },
  {
    name: 'nothing, while one of them waits',
    grants: [of('s1', { ann: 'granted', bob: 'waiting' })],
    outcome: waiting('throttled', 'x'),
    status: undefined,
  },
  { name: 'nothing, while one of them is being taken out', grants: [of('s1', { ann: 'granted', bob: 'revoking' })], status: undefined },
  {
    name: 'GRANT_FAILED with the reason, if they wait for what only others can mend',
    grants: [of('s1', { ann: 'waiting' })],
    outcome: full,
    status: failed('no room'),
  },
  {
    name: 'GRANT_FAILED with the reason, if one of them is refused',
    grants: [of('s1', { ann: 'granted', bob: 'refused' })],
    outcome: full,
    status: failed('no room'),
  },
  {
    name: 'GRANT_FAILED with the codes, if the reason is not at hand',
    grants: [
      of('s1', {
        ann: entry('refused', { code: 'policy-full' }),
        bob: entry('refused', { code: 'policy-full' }),
        eve: entry('refused', { code: 'bucket-shared' }),
        fay: 'refused',
      }),
    ],
    status: failed('refused: policy-full, bucket-shared'),
  },
  {
    name: 'GRANTED, when the owner let the consumer keep access',
    grants: [of('s1', { ann: 'retained' })],
    outcome: { kind: 'retained' },
    status: granted,
  },
  { name: 'GRANTED, when the subscription cannot be found', grants: [of('s1', { ann: 'orphaned' })], status: granted },
  { name: 'GRANTED, though a principal left the target', grants: [of('s1', { ann: 'granted', bob: 'revoked' })], status: granted },
  {
    name: 'GRANTED, though the place is refused to newcomers',
    grants: [of('s1', { ann: 'granted' })],
    outcome: refused('location-changed', 'moved'),
    status: granted,
  },
  {
    name: 'GRANTED, while another subscription of the same grant still holds access',
    grants: [of('s1', { ann: 'revoked' }), of('s2', { ann: 'granted' })],
    outcome: { kind: 'revoked' },
    status: granted,
  },
  {
    name: 'REVOKED, when nobody is in any more',
    grants: [of('s1', { ann: 'revoked', bob: 'expired' })],
    outcome: { kind: 'revoked' },
    status: revoked,
  },
  { name: 'REVOKED, when all principals left', grants: [of('s1', { ann: 'revoked' })], status: revoked },
  { name: 'REVOKED, though there never was a grant', grants: [], outcome: { kind: 'revoked' }, status: revoked },
  {
    name: 'REVOKED, with the access that remains',
    grants: [of('s1', { ann: 'revoked' })],
    outcome: { kind: 'revoked' },
    residualAccess: ['a by b', 'c by d'],
    status: { status: 'REVOKED', message: 'revoked; residual access: a by b; c by d' },
  },
  { name: 'GRANT_FAILED, if nothing was granted', grants: [], outcome: full, status: failed('no room') },
  { name: 'nothing, before anything is known', grants: [], status: undefined },
  { name: 'nothing of other targets', grants: [of('s1', { ann: elsewhere })], status: undefined },
  { name: 'nothing of other listings', grants: [{ ...of('s1', { ann: 'granted' }), listingId: 'other' }], status: undefined },
  { name: 'nothing of other assets', grants: [{ ...of('s1', { ann: 'granted' }), assetId: 'other' }], status: undefined },
];

describe('DataZone is told', () => {
  test.each(rows)('$name', ({ grants, outcome = { kind: 'unchanged' }, residualAccess = [], status }) => {
    expect(statusAt(HERE, { grants, outcome, residualAccess })).toEqual(status);
  });

  test('no more than 2,048 characters', () => {
    const long = 'x'.repeat(3_000);
    const messages = [
      statusAt(HERE, { grants: [], outcome: refused('policy-full', long), residualAccess: [] }),
      statusAt(HERE, { grants: [of('s1', { [role('ann')]: 'revoked' })], outcome: { kind: 'revoked' }, residualAccess: [long] }),
    ].map((status) => status?.message?.length);
    expect(messages).toEqual([2_048, 2_048]);
  });
});
