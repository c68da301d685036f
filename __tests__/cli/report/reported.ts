import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import type { ReportGrant } from '../../../src/cli/report/report-data';

export const reported = (fields: Partial<ReportGrant> = {}): ReportGrant => ({
  subscription: 's1',
  state: 'granted',
  principal: 'arn:aws:iam::333333333333:role/reader',
  location: 'arn:aws:s3:::acme-raw/runs/',
  bucket: 'acme-raw',
  owningProject: 'producer1',
  consumerProject: 'consumer1',
  since: '2026-02-01T00:00:00.000Z',
  ...fields,
});

export const changed = (version: number, fields: Partial<HistoryRecord> = {}): HistoryRecord => ({
  bucket: 'acme-raw',
  version,
  before: [],
  after: [],
  previousPolicy: null,
  session: `session-${version}`,
  subscriptions: ['s1'],
  causes: [{ trigger: 'event', what: 'Subscription Created', subscription: 's1' }],
  drift: 'none',
  residualAccess: [],
  at: `2026-02-${String(version).padStart(2, '0')}T00:00:00.000Z`,
  ...fields,
});
