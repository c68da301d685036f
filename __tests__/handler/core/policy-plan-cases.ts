import type { Grant } from '../../../handler/core/grant/grant';
import { refused, waiting } from '../../../handler/core/outcome';
import type { Statement } from '../../../handler/core/policy/policy-document';
import type { PolicyQuestion } from '../../../handler/core/policy/policy-plan';
import { document, EARLIER, fillerLeaving, foreign, grant, head, NAMESPACE, NOW, OTHER_DEPLOYMENT, role, settled } from './builders';

const live = grant('s1', 'a/', { principals: { ann: 'granted' } });
const entering = grant('s2', 'b/', { principals: { bob: 'waiting' } });
const leaving = grant('s3', 'c/', { principals: { cid: 'revoking' } });
const other = grant('s7', 'o/', { principals: { oda: 'granted' } });
const keep = foreign('Keep');
const steady = settled([live], [keep]);
const both = settled([live, other]).head.written;
const stays = settled([other]).head.written;
const wiped = document(keep);
const annTwice = settled([live, grant('s8', 'b/', { principals: { ann: 'granted' } })]).head.written;
const annAtB = settled([grant('s8', 'b/', { principals: { ann: 'granted' } })]).head.written;
const named = grant('s9', 'n', { principals: { ann: 'granted' } });
const [reads, lists] = settled([named]).head.written;
const halfNamed = document({ ...reads, Resource: 'arn:aws:s3:::acme-raw/n' }, { ...lists });
const pair = settled([grant('s1', 'a/', { principals: { ann: 'granted', cid: 'granted' } })]);

const old = (statements: readonly Statement[]): readonly Statement[] =>
  statements.map((statement) => ({ ...statement, Sid: String(statement['Sid']).replace('DZS3F1', 'DZS3F0') }));

/** A bucket's grants and what is known of its policy; what is then planned. `lets` holds `ann a/` for every place that role `ann` is let into. */
export type PlanCase = {
  name: string;
  grants: readonly Grant[];
  fields: Partial<PolicyQuestion>;
  write: boolean;
  lets: readonly string[];
  left?: string;
};
export const planCases: readonly PlanCase[] = [
  { name: 'a first grant makes a policy', grants: [entering], fields: {}, write: true, lets: ['bob b/'] },
  { name: 'a candidate joins the live', grants: [live, entering], fields: steady, write: true, lets: ['ann a/', 'bob b/'] },
  {
    name: 'the waiting of other batches stay out',
    grants: [live, entering],
    fields: { ...steady, candidates: new Set() },
    write: false,
    lets: ['ann a/'],
  },
  {
    name: 'a revocation leaves the others',
    grants: [live, leaving],
    fields: settled([live, grant('s3', 'c/', { principals: { cid: 'granted' } })], [keep]),
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'a principal that leaves one grant keeps what another gives',
    grants: [live, grant('s4', 'a/', { principals: { ann: 'revoking' } })],
    fields: steady,
    write: false,
    lets: ['ann a/'],
  },
  {
    name: 'retained and orphaned access stays',
    grants: [grant('s1', 'a/', { principals: { ann: 'retained' } }), grant('s5', 'd/', { principals: { dan: 'orphaned' } })],
    fields: {},
    write: true,
    lets: ['ann a/', 'dan d/'],
  },
  {
    name: 'revoked, expired and refused access is not written',
    grants: [grant('s6', 'e/', { principals: { e1: 'revoked', e2: 'expired', e3: 'refused' } })],
    fields: {},
    write: false,
    lets: [],
  },
  { name: 'nothing is written when written, wanted and read agree', grants: [live], fields: steady, write: false, lets: ['ann a/'] },
  {
    name: 'a read that agrees does not excuse a write that is not recorded',
    grants: [live],
    fields: { ...steady, head: head([]) },
    write: true,
    lets: ['ann a/'],
  },
  { name: 'a bucket without a head is written', grants: [live], fields: { ...steady, head: undefined }, write: true, lets: ['ann a/'] },
  {
    name: 'a record that agrees does not excuse a read that differs',
    grants: [live],
    fields: { ...steady, document: wiped },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'what was announced and not settled is written again',
    grants: [live],
    fields: {
      ...steady,
      head: head(steady.head.written, { intended: { statements: [], previousPolicy: null, subscriptions: [], at: EARLIER } }),
    },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'statements of another deployment keep candidates out',
    grants: [live, entering],
    fields: { head: head([]), document: document({ Sid: OTHER_DEPLOYMENT.sid('R', 'group01') }) },
    write: true,
    lets: ['ann a/'],
    left: 'bucket-shared',
  },
  {
    name: 'statements of another deployment keep candidates out of a policy that was never written',
    grants: [entering],
    fields: { document: document({ Sid: OTHER_DEPLOYMENT.sid('R', 'group01') }) },
    write: false,
    lets: [],
    left: 'bucket-shared',
  },
  {
    name: 'a frozen bucket takes nobody in',
    grants: [live, entering],
    fields: { ...steady, head: head(steady.head.written, { frozen: true }) },
    write: false,
    lets: ['ann a/'],
    left: 'frozen',
  },
  {
    name: 'a contended bucket takes nobody in',
    grants: [live, entering],
    fields: { ...steady, head: head(steady.head.written, { contended: true }) },
    write: false,
    lets: ['ann a/'],
    left: 'contended',
  },
  {
    name: 'a frozen bucket is not repaired',
    grants: [live],
    fields: { ...steady, head: head(steady.head.written, { frozen: true }), document: wiped },
    write: false,
    lets: [],
  },
  {
    name: 'a contended bucket is not repaired by a revocation either',
    grants: [live, leaving],
    fields: { ...steady, head: head(steady.head.written, { contended: true }), document: wiped },
    write: true,
    lets: [],
  },
  {
    name: 'whom its owner took out of one place and left at another stays out of the one',
    grants: [live, grant('s8', 'b/', { principals: { ann: 'granted' } }), leaving],
    fields: { document: document(...annAtB), head: head(annTwice, { contended: true }) },
    write: true,
    lets: ['ann b/'],
  },
  {
    name: 'what its owner left half of goes as a whole',
    grants: [named, leaving],
    fields: { document: halfNamed, head: head(settled([named]).head.written, { contended: true }) },
    write: true,
    lets: [],
  },
  {
    name: 'what its owner took out of a contended bucket stays out of the next write',
    grants: [live, other, leaving],
    fields: { document: document(...stays), head: head(both, { contended: true }) },
    write: true,
    lets: ['oda o/'],
  },
  {
    name: 'and out of the one after it',
    grants: [live, other, leaving],
    fields: { document: document(...stays), head: head(stays, { contended: true }) },
    write: false,
    lets: ['oda o/'],
  },
  {
    name: 'and comes back when an operator lifts it',
    grants: [live, other],
    fields: { document: document(...stays), head: head(stays) },
    write: true,
    lets: ['ann a/', 'oda o/'],
  },
  {
    name: 'a frozen bucket is still written to take away',
    grants: [live, leaving],
    fields: {
      ...settled([live, grant('s3', 'c/', { principals: { cid: 'granted' } })]),
      head: head(settled([live, grant('s3', 'c/', { principals: { cid: 'granted' } })]).head.written, { frozen: true }),
    },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'a frozen bucket is still written to take away one of those whom a grant lets in',
    grants: [grant('s1', 'a/', { principals: { ann: 'granted', cid: 'revoking' } })],
    fields: { ...pair, head: head(pair.head.written, { frozen: true }) },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'a stale read of a frozen bucket takes nothing from the live',
    grants: [live, leaving],
    fields: { document: wiped, head: head(steady.head.written, { frozen: true, writtenAt: NOW.toISOString() }) },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'an unsettled change of a frozen bucket takes nothing from the live',
    grants: [live, leaving],
    fields: {
      document: wiped,
      head: head([], { frozen: true, intended: { statements: steady.head.written, previousPolicy: null, subscriptions: [], at: EARLIER } }),
    },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'what S3 refused this change for keeps candidates out',
    grants: [live, entering],
    fields: { ...steady, barred: waiting('unavailable', 'a public policy') },
    write: false,
    lets: ['ann a/'],
    left: 'unavailable',
  },
  {
    name: 'what S3 refused outranks what we know',
    grants: [entering],
    fields: { barred: refused('policy-full', 'too long'), head: head([], { frozen: true }) },
    write: false,
    lets: [],
    left: 'policy-full',
  },
  {
    name: 'a principal that S3 refused leaves the compile',
    grants: [live, entering],
    fields: { ...steady, unknownPrincipals: new Set([role('bob')]) },
    write: false,
    lets: ['ann a/'],
  },
  {
    name: 'a full policy takes nobody in',
    grants: [entering],
    fields: { document: document(fillerLeaving(100)) },
    write: false,
    lets: [],
    left: 'policy-full',
  },
  {
    name: 'statements of ours in another format are rewritten',
    grants: [live],
    fields: { head: head(old(steady.head.written)), document: document(keep, ...old(steady.head.written)) },
    write: true,
    lets: ['ann a/'],
  },
  {
    name: 'a statement that somebody put into our namespace is taken out',
    grants: [live],
    fields: { ...steady, document: document(...steady.head.written, { ...keep, Sid: NAMESPACE.sid('R', 'forged0') }) },
    write: true,
    lets: ['ann a/'],
  },
];
