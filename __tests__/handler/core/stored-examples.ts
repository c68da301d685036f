import type { Grant } from '../../../handler/core/grant/grant';
import type { Head } from '../../../handler/core/ledger/bucket-state';
import type { DeploymentState } from '../../../handler/core/ledger/deployment-state';
import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import { NO_COUNTS, type PlanLine, type ReconcileState } from '../../../handler/core/ledger/reconcile-state';
import type { DeliveryTest, RequestRecord } from '../../../handler/core/ledger/request-record';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { UnitFailure } from '../../../handler/core/ledger/unit-failure';

/** One of everything that the ledger stores, with every member that it can have. */
const AT = '2026-01-15T09:30:00.000Z';
const READER = 'arn:aws:iam::333333333333:role/reader';
const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const STATEMENTS = [{ Sid: 'DZS3F1x', Effect: 'Allow', Action: 's3:GetObject' }];

export const RECORD: SubscriptionRecord = {
  id: 's1',
  revision: 2,
  status: 'APPROVED',
  outcome: { kind: 'waiting', code: 'throttled', message: 'DataZone throttles' },
  ended: 'revoked',
  endedBy: { request: 'request-0001', by: 'AROAX:ann', reason: 'why' },
  served: true,
  hasSettledGrants: true,
  missingSince: AT,
  waitingSince: AT,
  missingTargets: [{ target: 'env1/target2', since: AT }],
  pending: true,
  listing: { id: 'listing-s1', revision: '1', name: 'Runs', owningProject: 'producer1', owningProjectName: 'Producers' },
  subscriber: { kind: 'project', id: 'consumer1', name: 'consumer' },
  createdBy: 'approver',
  approvedAt: AT,
  provenance: { requestedBy: 'asker', requestReason: 'research', reviewedBy: 'approver', decisionComment: 'fine' },
  assets: [
    { assetId: 'asset1', owningProject: 'producer1', published: { arn: RUNS } },
    {
      assetId: 'asset2',
      owningProject: 'producer1',
      published: { refusal: { kind: 'refused', code: 'location-invalid', message: 'no form has an ARN' } },
    },
  ],
  buckets: ['acme-raw'],
  reported: [{ grant: 'grant1', asset: 'asset1', status: 'GRANTED' }],
  due: { kind: 'grant', at: AT, attempts: 1 },
  endingSaidAt: AT,
  lookup: { subscriptionId: 's1', requestId: 'request1', listingId: 'listing-s1', projectId: 'consumer1', grantId: 'grant1' },
  at: AT,
};

export const GRANT: Grant = {
  subscriptionId: 's1',
  location: { partition: 'aws', bucket: 'acme-raw', shape: 'folder', path: 'runs/' },
  listingId: 'listing-s1',
  assetId: 'asset1',
  owningProject: 'producer1',
  consumerProject: 'consumer1',
  principals: [
    { arn: READER, state: 'granted', since: AT, targets: ['env1/target1', 'env1/target2'] },
    { arn: `${READER}-2`, state: 'expired', since: AT, final: 'expired', targets: ['env1/target2'] },
    { arn: '__proto__', state: 'refused', since: AT, reason: { code: 'principal-not-grantable', message: 'no role' }, targets: [] },
  ],
};

export const STATE: Head = {
  version: 2,
  attempt: 'attempt1',
  intended: { statements: STATEMENTS, previousPolicy: '{}', subscriptions: ['s1'], at: AT },
  written: STATEMENTS,
  writtenAt: AT,
  bytes: 700,
  overwrites: [AT],
  goneSince: AT,
  frozen: true,
  contended: true,
};

export const HISTORY: HistoryRecord = {
  bucket: 'acme-raw',
  version: 12,
  before: STATEMENTS,
  after: [],
  previousPolicy: null,
  session: 'acme-1',
  subscriptions: ['s1'],
  causes: [{ trigger: 'operator', what: 'revoke', subscription: 's1', by: 'AROAX:ann', reason: 'why' }],
  drift: 'none',
  residualAccess: [`${READER} on ${RUNS} by statement 'Owners'`],
  at: AT,
};

const FAILURE = { message: 'TypeError: x is not a function', since: AT, at: AT, attempts: 3, dueAt: AT } as const;
export const FAILURES: readonly UnitFailure[] = [
  {
    outcome: 'unreadable',
    unit: {
      kind: 'subscription',
      id: 's1',
      lookup: { subscriptionId: 's1', requestId: 'r1', listingId: 'l1', projectId: 'p1', grantId: 'g1' },
      endingSaidAt: AT,
    },
    item: { partition: 'subscription#s1', sort: 'state' },
    ...FAILURE,
  },
  { outcome: 'defect', unit: { kind: 'bucket', name: 'acme-raw' }, ...FAILURE },
  { outcome: 'defect', unit: { kind: 'deployment', name: 'state' }, ...FAILURE },
];

export const DEPLOYMENT: DeploymentState = {
  revision: 2,
  since: AT,
  frozen: { request: 'request-0001', at: AT },
  uninstalling: { request: 'request-0002', at: AT },
};

export const RECONCILE: ReconcileState = {
  revision: 7,
  run: {
    id: 'run1',
    request: 'request-0001',
    dryRun: true,
    removals: 50,
    startedAt: AT,
    phase: 'buckets',
    token: 'next',
    bucket: 'acme-raw',
    parts: { plan: 1, approved: 2 },
    counts: { ...NO_COUNTS, grant: 3 },
    fullest: 81.5,
    failures: 1,
  },
  last: { finishedAt: AT, counts: NO_COUNTS, fullest: 80 },
};

export const REQUEST: RequestRecord = {
  revision: 2,
  request: { kind: 'request', id: 'request-0001', at: AT, reason: 'why', command: 'revoke', subscription: 's1' },
  by: 'AROAX:ann',
  state: 'done',
  message: 'done',
  at: AT,
  finishedAt: AT,
  result: [{ name: 'grant', count: 1 }],
};

export const PLAN_LINE: PlanLine = {
  action: 'grant',
  bucket: 'acme-raw',
  location: RUNS,
  principal: READER,
  subscription: 's1',
  why: 'it is approved',
};

export const DELIVERY_TEST: DeliveryTest = { id: 'test-1', at: AT };
