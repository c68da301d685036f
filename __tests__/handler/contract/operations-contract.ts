import { NO_COUNTS } from '../../../handler/core/ledger/reconcile-state';
import type { RequestRecord } from '../../../handler/core/ledger/request-record';
import type { Operations } from '../../../handler/ports';

const AT = '2026-01-15T09:30:00.000Z';

/** What every keeper of the ledger's single items must do. `linesOf` reads the plan of a request. */
export const describeOperations = (
  name: string,
  open: () => { readonly operations: Operations; readonly linesOf: (request: string) => Promise<readonly unknown[]> },
): void => {
  describe(`the single items ${name}`, () => {
    let operations: Operations;
    beforeEach(() => {
      operations = open().operations;
    });

    it('keep the state of the deployment, for one writer at a time', async () => {
      const first = { revision: 1, since: AT };
      expect(await operations.deployment()).toBeUndefined();
      expect(await operations.saveDeployment(first)).toBe(true);
      expect(await operations.saveDeployment(first)).toBe(false);
      const frozen = { ...first, revision: 2, frozen: { request: 'r1', at: AT }, uninstalling: { request: 'r2', at: AT } };
      expect(await operations.saveDeployment(frozen)).toBe(true);
      expect(await operations.deployment()).toEqual(frozen);
    });

    it('keep where reconcile stands, for one writer at a time', async () => {
      const run = {
        id: 'run1',
        request: 'r1',
        dryRun: true,
        removals: 50,
        startedAt: AT,
        phase: 'buckets',
        token: 'next',
        bucket: 'acme-raw',
        parts: { plan: 1, approved: 2 },
        counts: { ...NO_COUNTS, grant: 3 },
        fullest: 81,
        failures: 1,
      } as const;
      const state = { revision: 1, run, last: { finishedAt: AT, counts: NO_COUNTS, fullest: 80 } };
      expect(await operations.reconcile()).toBeUndefined();
      expect(await operations.saveReconcile(state)).toBe(true);
      expect(await operations.saveReconcile(state)).toBe(false);
      expect(await operations.reconcile()).toEqual(state);
      expect(await operations.saveReconcile({ revision: 2 })).toBe(true);
      expect(await operations.reconcile()).toEqual({ revision: 2 });
    });

    it('keep which subscriptions a run has seen, and forget those of the run before', async () => {
      expect(await operations.saveApproved({ run: 'run1', part: 0, ids: ['s1', 's2'] })).toBe(1);
      expect(await operations.saveApproved({ run: 'run1', part: 1, ids: ['s3'] })).toBe(2);
      await operations.saveApproved({ run: 'run2', part: 0, ids: ['s4'] });
      expect(await operations.approved('run2')).toEqual(new Set(['s4']));
      expect(await operations.approved('run1')).toEqual(new Set(['s3']));
    });

    it('keep a request, and what became of it, for one writer at a time', async () => {
      const request = { kind: 'request', id: 'request-1', at: AT, reason: 'why', command: 'revoke', subscription: 's1' } as const;
      const record: RequestRecord = { revision: 1, request, by: 'AROAX:ann', state: 'accepted', at: AT };
      expect(await operations.request('request-1')).toBeUndefined();
      expect(await operations.saveRequest(record)).toBe(true);
      expect(await operations.saveRequest(record)).toBe(false);
      const done: RequestRecord = {
        ...record,
        revision: 2,
        state: 'done',
        message: 'done',
        finishedAt: AT,
        result: [{ name: 'grant', count: 1 }],
      };
      expect(await operations.saveRequest(done)).toBe(true);
      expect(await operations.request('request-1')).toEqual(done);
    });

    it('keep the plan of a request, part by part', async () => {
      const line = (bucket: string) => ({ action: 'repair' as const, bucket, why: 'it was wiped' });
      expect(await operations.savePlan({ request: 'r1', part: 0, lines: [line('b1'), line('b2')] })).toBe(1);
      expect(await operations.savePlan({ request: 'r1', part: 1, lines: [line('b3')] })).toBe(2);
      expect(await open().linesOf('r1')).toEqual(['b1', 'b2', 'b3'].map(line));
    });
  });
};
