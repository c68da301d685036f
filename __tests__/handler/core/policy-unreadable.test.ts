import fc from 'fast-check';
import type { Grant } from '../../../handler/core/grant/grant';
import type { Head } from '../../../handler/core/ledger/bucket-state';
import { jsonBytes } from '../../../handler/core/policy/policy-document';
import { sameStatements } from '../../../handler/core/policy/policy-equality';
import { type PolicyQuestion, planPolicy } from '../../../handler/core/policy/policy-plan';
import { grantsIn, inState } from './arbitraries';
import { after, document, EARLIER, foreign, grant, head, letIn, question, role, settled } from './builders';
import { law } from './property';

const ann = grant('s1', 'a/', { principals: { ann: 'granted' } });
const oda = grant('s2', 'o/', { principals: { oda: 'granted' } });
const cid = grant('s3', 'c/', { principals: { cid: 'granted' } });
const bob = grant('s4', 'b/', { principals: { bob: 'waiting' } });
const leaving = (one: Grant): Grant => inState([one], 'revoking')[0] ?? one;
const all = settled([ann, oda, cid]);
const announcing = (grants: readonly Grant[]): Head => ({
  ...all.head,
  intended: { statements: settled(grants).head.written, previousPolicy: null, subscriptions: [], at: EARLIER },
});

type Row = { name: string; grants: readonly Grant[]; fields?: Partial<PolicyQuestion>; write: boolean; lets: readonly string[] };
const rows: readonly Row[] = [
  { name: 'their access stays as it was last written', grants: [ann, cid], write: false, lets: ['ann a/', 'cid c/', 'oda o/'] },
  { name: 'all access stays if no grant can be read', grants: [], write: false, lets: ['ann a/', 'cid c/', 'oda o/'] },
  {
    name: 'access that a readable grant is to lose is revoked',
    grants: [ann, leaving(cid)],
    write: true,
    lets: ['ann a/', 'oda o/'],
  },
  {
    name: 'access that one grant is to lose and another gives stays',
    grants: [leaving(cid), { ...cid, subscriptionId: 's9' }],
    write: false,
    lets: ['ann a/', 'cid c/', 'oda o/'],
  },
  { name: 'candidates are granted access beside it', grants: [ann, cid, bob], write: true, lets: ['ann a/', 'bob b/', 'cid c/', 'oda o/'] },
  {
    name: 'what a change announced to revoke does not come back',
    grants: [],
    fields: { head: announcing([ann, oda]) },
    write: true,
    lets: ['ann a/', 'oda o/'],
  },
  {
    name: 'what a change announced to grant is not granted on its announcement alone',
    grants: [],
    fields: { head: announcing([ann, oda, cid, grant('s5', 'd/', { principals: { dan: 'granted' } })]) },
    write: true,
    lets: ['ann a/', 'cid c/', 'oda o/'],
  },
  {
    name: 'a principal that S3 does not know leaves',
    grants: [ann, cid],
    fields: { unknownPrincipals: new Set([role('oda')]) },
    write: true,
    lets: ['ann a/', 'cid c/'],
  },
  {
    name: 'what its owner took out of a contended bucket stays out of the next write',
    grants: [leaving(cid)],
    fields: { head: { ...all.head, contended: true }, document: settled([ann, cid]).document },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'a wiped policy is written again with it',
    grants: [],
    fields: { document: document(foreign('Keep')) },
    write: true,
    lets: ['ann a/', 'cid c/', 'oda o/'],
  },
  {
    name: 'a bucket without a state has none',
    grants: [ann],
    fields: { head: undefined, document: undefined },
    write: true,
    lets: ['ann a/'],
  },
  { name: 'a policy is no evidence of it', grants: [ann], fields: { head: head([]) }, write: true, lets: ['ann a/'] },
];

describe('of a bucket with grants that cannot be read', () => {
  test.each(rows)('$name', ({ grants, fields, write, lets }) => {
    const plan = planPolicy(question(grants, { ...all, hasUnreadableGrants: true, ...fields }));
    expect({ write: plan.write, lets: letIn(plan.statements) }).toEqual({ write, lets });
  });

  test('access is suspended for a revocation last', () => {
    const longest = jsonBytes(settled([oda]).document);
    const plan = planPolicy(question([ann, leaving(cid)], { ...all, hasUnreadableGrants: true, longest }));
    expect(plan.suspended).toEqual(new Set(['s1#acme-raw/a/']));
    expect(letIn(plan.statements)).toEqual(['oda o/']);
  });
});

test('of a bucket of which all grants can be read, what no grant gives is revoked', () => {
  expect(letIn(planPolicy(question([ann, cid], all)).statements)).toEqual(['ann a/', 'cid c/']);
});

law(
  'grants that cannot be read lose nothing and gain nothing',
  fc.tuple(grantsIn('granted', { minLength: 1 }), fc.nat()),
  ([live, number]) => {
    const written = planPolicy(question(live));
    const readable = live.filter((_, index) => index !== number % live.length);
    const plan = planPolicy(question(readable, { ...after(written), hasUnreadableGrants: true }));
    expect(sameStatements(plan.statements, written.statements)).toBe(true);
    expect(plan.write).toBe(false);
  },
);
