import type { Head } from '../../../handler/core/ledger/bucket-state';
import { classifyDrift, deadPrincipals, STALE_FOR_MS } from '../../../handler/core/policy/drift';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { suspectPrincipals } from '../../../handler/core/policy/suspect-principals';
import { DEAD_ID, EARLIER, head, NAMESPACE, NOW, role } from './builders';

const [A, B, C] = [role('a'), role('b'), role('c')];
const block = (group: string, ...principals: readonly string[]): Statement => ({
  Sid: NAMESPACE.sid('R', group),
  Effect: 'Allow',
  Principal: { AWS: principals },
});
const old = (statement: Statement): Statement => ({ ...statement, Sid: String(statement['Sid']).replace('DZS3F1', 'DZS3F0') });
const written = [block('group01', A, B), block('group02', C)];
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds).toISOString();
const [first, second] = [block('group01', B, A), block('group02', C)];

type Row = { name: string; head?: Head; ours: readonly Statement[]; kind: string };
const rows: readonly Row[] = [
  { name: 'none, if the read agrees by meaning', head: head(written), ours: [second, first], kind: 'none' },
  { name: 'none, if nothing was ever written and nothing is there', ours: [], kind: 'none' },
  {
    name: 'none, while a change is announced',
    head: head(written, { intended: { statements: [], previousPolicy: null, subscriptions: [], at: EARLIER } }),
    ours: [],
    kind: 'none',
  },
  { name: 'stale just after our write', head: head(written, { writtenAt: ago(STALE_FOR_MS - 1) }), ours: [], kind: 'stale' },
  { name: 'no longer stale after a minute', head: head(written, { writtenAt: ago(STALE_FOR_MS) }), ours: [], kind: 'wiped' },
  { name: 'wiped, if none of ours is left', head: head(written), ours: [], kind: 'wiped' },
  { name: 'wiped, whatever the format of what was there', head: head(written.map(old)), ours: [], kind: 'wiped' },
  { name: 'wiped, if nobody knows when it was written', head: head(written, { writtenAt: undefined }), ours: [], kind: 'wiped' },
  { name: 'tampered, if a statement is gone', head: head(written), ours: [first], kind: 'tampered' },
  { name: 'tampered, if a principal is gone', head: head(written), ours: [block('group01', A), second], kind: 'tampered' },
  { name: 'tampered, if a principal was added', head: head(written), ours: [block('group01', A, B, C), second], kind: 'tampered' },
  { name: 'tampered, if an effect was changed', head: head(written), ours: [{ ...first, Effect: 'Deny' }, second], kind: 'tampered' },
  { name: 'tampered, if something is there that we never wrote', ours: [first], kind: 'tampered' },
  {
    name: 'dead principals, if unique ids stand in their place',
    head: head(written),
    ours: [block('group01', A, DEAD_ID), second],
    kind: 'dead-principals',
  },
  {
    name: 'dead principals, if a whole block was deleted',
    head: head(written),
    ours: [first, block('group02', DEAD_ID)],
    kind: 'dead-principals',
  },
  {
    name: 'dead principals, though the unique id stands there for all that the statement names',
    head: head(written),
    ours: [first, { ...block('group02'), Principal: DEAD_ID }],
    kind: 'dead-principals',
  },
  {
    name: 'dead principals, even just after our write',
    head: head(written, { writtenAt: ago(1) }),
    ours: [first, block('group02', DEAD_ID)],
    kind: 'dead-principals',
  },
  {
    name: 'tampered, if a living principal is gone beside a dead one',
    head: head(written),
    ours: [block('group01', DEAD_ID), second],
    kind: 'tampered',
  },
  {
    name: 'tampered, if somebody was added beside a dead one',
    head: head(written),
    ours: [block('group01', A, DEAD_ID, C), second],
    kind: 'tampered',
  },
  {
    name: 'tampered, if a unique id was added beside those that we wrote',
    head: head(written),
    ours: [block('group01', A, B, DEAD_ID), second],
    kind: 'tampered',
  },
  {
    name: 'tampered, if a service was added beside a dead one',
    head: head(written),
    ours: [{ ...block('group01'), Principal: { AWS: [A, DEAD_ID], Service: 's3.amazonaws.com' } }, second],
    kind: 'tampered',
  },
  {
    name: 'tampered, if everyone was let in',
    head: head(written),
    ours: [{ ...first, Principal: '*' }, block('group02', DEAD_ID)],
    kind: 'tampered',
  },
  {
    name: 'superseded, if only statements of another format differ',
    head: head(written),
    ours: [first, second, old(second)],
    kind: 'superseded-format',
  },
  { name: 'superseded, if they are all of a format that nobody remembers', ours: written.map(old), kind: 'superseded-format' },
  { name: 'none, if they are of another format, as written', head: head(written.map(old)), ours: written.map(old), kind: 'none' },
  { name: 'tampered, though a statement of another format hides it', head: head(written), ours: [first, old(second)], kind: 'tampered' },
];

describe('drift is', () => {
  test.each(rows)('$name', ({ head: of, ours, kind }) => {
    expect(classifyDrift(of, { ours, now: NOW }).kind).toBe(kind);
  });
});

describe('dead principals', () => {
  test.each([
    { name: 'are those that a unique id stands for', read: [block('group01', A, DEAD_ID), second], dead: [B] },
    {
      name: 'are all of a block, if all are replaced',
      read: [block('group01', DEAD_ID, `${DEAD_ID}2`), block('group02', DEAD_ID)],
      dead: [A, B, C],
    },
    { name: 'are none that another statement still names', read: [block('group01', A, DEAD_ID), block('group02', B)], dead: [] },
    { name: 'are none where more are missing than ids are shown', read: [block('group01', DEAD_ID), second], dead: [] },
    { name: 'are none where principals are missing and no id is shown', read: [block('group01', A)], dead: [] },
    { name: 'are none of a statement that is gone', read: [block('group03', DEAD_ID)], dead: [] },
  ])('$name', ({ read, dead }) => {
    expect(deadPrincipals(written, read)).toEqual(dead);
    expect(deadPrincipals([block('group02', C), block('group01', B, A)], read)).toEqual(dead);
  });
});

describe('after S3 refused a policy, it is written without', () => {
  const statements = [block('group01', A, B), block('group02', C)];
  test.each([
    { name: 'the principal that S3 named', named: B, before: [], without: [B] },
    { name: 'the principal that S3 named, though it was let in before', named: B, before: statements, without: [B] },
    { name: 'all new ones, if S3 named none', named: undefined, before: [block('group01', A)], without: [B, C] },
    { name: 'nobody, if S3 named none and none is new', named: undefined, before: statements, without: [] },
    { name: "nobody, if S3 named somebody else's, though some are new", named: DEAD_ID, before: [], without: [] },
  ])('$name', ({ named, before, without }) => {
    expect(suspectPrincipals(named, { statements, written: before })).toEqual(without);
  });
});
