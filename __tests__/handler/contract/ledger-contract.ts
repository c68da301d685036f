import type { Grant } from '../../../handler/core/grant/grant';
import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { UnitFailure } from '../../../handler/core/ledger/unit-failure';
import type { Announcement, DueKind, DuePage, Ledger } from '../../../handler/ports';

const AT = '2026-01-15T09:30:00.000Z';
const STATEMENTS = [{ Sid: 'DZS3F1x', Effect: 'Allow' }];

export const aRecord = (id: string, change: Partial<SubscriptionRecord> = {}): SubscriptionRecord => ({
  id,
  revision: 1,
  status: 'APPROVED',
  outcome: { kind: 'unchanged' },
  pending: true,
  listing: { id: 'l1', name: 'Runs', owningProject: 'p1' },
  assets: [{ assetId: 'a1', owningProject: 'p1', published: { arn: 'arn:aws:s3:::b/runs/' } }],
  buckets: ['b'],
  reported: [],
  due: { kind: 'grant', at: AT, attempts: 1 },
  lookup: { subscriptionId: id },
  at: AT,
  ...change,
});

export const aGrant = (bucket: string, subscriptionId: string): Grant => ({
  subscriptionId,
  location: { partition: 'aws', bucket, shape: 'folder', path: 'runs/' },
  listingId: 'l1',
  assetId: 'a1',
  owningProject: 'p1',
  consumerProject: 'p2',
  principals: [{ arn: 'arn:aws:iam::333333333333:role/reader', state: 'granted', since: AT, targets: ['env1/t1'] }],
});

const announcement = (
  seen: string | undefined,
  attempt: string,
  { version = 1, previousPolicy = null }: { version?: number; previousPolicy?: string | null } = {},
): Announcement => ({
  seen,
  attempt,
  version,
  intended: { statements: STATEMENTS, subscriptions: ['s1'], previousPolicy, at: AT },
  overwrites: [],
});

const history = (bucket: string, session: string): HistoryRecord => ({
  bucket,
  version: 1,
  before: [],
  after: STATEMENTS,
  previousPolicy: '{}',
  session,
  subscriptions: ['s1'],
  causes: [{ trigger: 'event', subscription: 's1' }],
  drift: 'none',
  residualAccess: [],
  at: AT,
});

/** A grant of which all access is proven gone. */
export const endedGrant = (bucket: string, subscriptionId: string): Grant => {
  const grant = aGrant(bucket, subscriptionId);
  return { ...grant, principals: grant.principals.map((entry) => ({ ...entry, state: 'revoked' as const })) };
};

const aFailure = (unit: UnitFailure['unit'], dueAt = AT): UnitFailure => ({
  outcome: 'defect',
  unit,
  message: 'TypeError: as arranged',
  since: AT,
  at: AT,
  attempts: 1,
  dueAt,
});

const NEXT_YEAR = new Date('2027-01-01T00:00:00.000Z');

/** What every ledger must do. `changesOf` reads the editor sessions of a bucket's history. */
export const describeLedger = (
  name: string,
  open: () => { readonly ledger: Ledger; readonly changesOf: (bucket: string) => Promise<readonly string[]> },
): void => {
  let bucket: string;
  let used = 0;
  let ledger: Ledger;
  let id: string;

  describe(`the ledger ${name}`, () => {
    beforeEach(() => {
      used += 1;
      bucket = `bucket-${used}`;
      id = `subscription${used}`;
      ledger = open().ledger;
    });

    it('keeps a subscription as it was saved', async () => {
      expect(await ledger.subscription(id)).toEqual({ record: undefined, settledGrants: [] });
      expect(await ledger.saveSubscription(aRecord(id))).toBe(true);
      expect(await ledger.subscription(id)).toEqual({ record: aRecord(id), settledGrants: [] });
      const { due: _, ...settled } = aRecord(id, { revision: 2, pending: false });
      expect(await ledger.saveSubscription(settled)).toBe(true);
      expect((await ledger.subscription(id)).record).toEqual(settled);
    });

    it('saves a subscription only over the revision before it', async () => {
      expect(await ledger.saveSubscription(aRecord(id, { revision: 2 }))).toBe(false);
      expect(await ledger.saveSubscription(aRecord(id))).toBe(true);
      expect(await ledger.saveSubscription(aRecord(id, { pending: false }))).toBe(false);
      expect(await ledger.saveSubscription(aRecord(id, { revision: 3 }))).toBe(false);
      expect((await ledger.subscription(id)).record).toEqual(aRecord(id));
    });

    it('of two who save the same revision, lets one', async () => {
      await ledger.saveSubscription(aRecord(id));
      const saved = await Promise.all([0, 1].map(() => ledger.saveSubscription(aRecord(id, { revision: 2 }))));
      expect(saved.toSorted()).toEqual([false, true]);
    });

    it("keeps a bucket's grants, each with its revision, and no other bucket's", async () => {
      expect(await ledger.bucket(bucket)).toEqual({ head: undefined, grants: [], unreadable: [] });
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 1 })).toBe(true);
      expect(await ledger.saveGrant({ grant: aGrant(`${bucket}-other`, 's2'), revision: 1 })).toBe(true);
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 1 })).toBe(false);
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 2 })).toBe(true);
      expect(await ledger.bucket(bucket)).toEqual({
        head: undefined,
        grants: [{ grant: aGrant(bucket, 's1'), revision: 2 }],
        unreadable: [],
      });
    });

    it('gives all grants of a bucket, however many there are', async () => {
      const ids = Array.from({ length: 36 }, (_, index) => `s${String(index).padStart(2, '0')}`);
      const targets = [`env1/${'x'.repeat(32_000)}`];
      for (const subscription of ids) {
        const { principals, ...grant } = aGrant(bucket, subscription);
        const long = principals.map((entry) => ({ ...entry, targets }));
        await ledger.saveGrant({ grant: { ...grant, principals: long }, revision: 1 });
      }
      await ledger.announce(bucket, announcement(undefined, 'a1'));
      const { grants, head } = await ledger.bucket(bucket);
      expect(JSON.stringify(grants).length).toBeGreaterThan(1_048_576);
      expect(grants.map(({ grant }) => grant.subscriptionId).toSorted()).toEqual(ids);
      expect(head?.attempt).toBe('a1');
    });

    it('lets one writer at a time announce a change', async () => {
      expect(await ledger.announce(bucket, announcement(undefined, 'a1'))).toBe(true);
      expect(await ledger.announce(bucket, announcement(undefined, 'a2'))).toBe(false);
      expect(await ledger.announce(bucket, announcement('a0', 'a2'))).toBe(false);
      expect(await ledger.announce(bucket, announcement('a1', 'a2'))).toBe(true);
      expect((await ledger.bucket(bucket)).head).toEqual({
        version: 1,
        attempt: 'a2',
        written: [],
        bytes: 0,
        overwrites: [],
        intended: { statements: STATEMENTS, subscriptions: ['s1'], previousPolicy: null, at: AT },
      });
    });

    it('takes an announcement again from whoever made it: its answer may have been lost', async () => {
      expect(await ledger.announce(bucket, announcement(undefined, 'a1'))).toBe(true);
      expect(await ledger.announce(bucket, announcement(undefined, 'a1'))).toBe(true);
    });

    it('of two who announce at once, lets one', async () => {
      const announced = await Promise.all(['a1', 'a2'].map((attempt) => ledger.announce(bucket, announcement(undefined, attempt))));
      expect(announced.toSorted()).toEqual([false, true]);
    });

    it('keeps the policy from before a change that was announced and never settled', async () => {
      await ledger.announce(bucket, announcement(undefined, 'a1', { previousPolicy: '{"before":true}' }));
      await ledger.announce(bucket, announcement('a1', 'a2', { previousPolicy: '{"half":true}' }));
      expect((await ledger.bucket(bucket)).head?.intended?.previousPolicy).toBe('{"before":true}');
      await ledger.settle(bucket, { attempt: 'a2', written: STATEMENTS, at: AT, bytes: 7, confirmAt: AT });
      await ledger.announce(bucket, announcement('a2', 'a3', { version: 2, previousPolicy: '{"after":true}' }));
      expect((await ledger.bucket(bucket)).head).toMatchObject({ version: 2, intended: { previousPolicy: '{"after":true}' } });
    });

    it('keeps that there was no policy, too', async () => {
      await ledger.announce(bucket, announcement(undefined, 'a1', { previousPolicy: null }));
      await ledger.announce(bucket, announcement('a1', 'a2', { previousPolicy: '{"half":true}' }));
      expect((await ledger.bucket(bucket)).head?.intended?.previousPolicy).toBeNull();
    });

    it('settles a change for whoever announced last, and for nobody else', async () => {
      const settled = { written: STATEMENTS, at: AT, bytes: 7, confirmAt: AT };
      expect(await ledger.settle(bucket, { attempt: 'a1', ...settled })).toBe(false);
      await ledger.announce(bucket, announcement(undefined, 'a1'));
      await ledger.announce(bucket, announcement('a1', 'a2'));
      expect(await ledger.settle(bucket, { attempt: 'a1', ...settled })).toBe(false);
      expect((await ledger.bucket(bucket)).head?.intended).toBeDefined();
      expect(await ledger.settle(bucket, { attempt: 'a2', ...settled })).toBe(true);
      expect((await ledger.bucket(bucket)).head).toEqual({
        version: 1,
        attempt: 'a2',
        written: STATEMENTS,
        writtenAt: AT,
        bytes: 7,
        overwrites: [],
      });
    });

    it('keeps one record of a change, however often it is recorded', async () => {
      await ledger.recordHistory(history(bucket, 'c1'));
      await ledger.recordHistory(history(bucket, 'c2'));
      await ledger.recordHistory({ ...history(bucket, 'c3'), version: 2 });
      expect(await open().changesOf(bucket)).toEqual(['c2', 'c3']);
      expect((await ledger.bucket(bucket)).grants).toEqual([]);
    });

    it('gives many records at once: those that are there', async () => {
      const ids = Array.from({ length: 130 }, (_, index) => `${id}-${index}`);
      for (const one of ids.slice(0, 120)) await ledger.saveSubscription(aRecord(one));
      const found = await ledger.subscriptions(ids);
      expect([...found.records.keys()].toSorted()).toEqual(ids.slice(0, 120).toSorted());
      expect(found.records.get(`${id}-7`)).toEqual(aRecord(`${id}-7`));
      expect(found.unreadable).toEqual(new Map());
      expect(await ledger.subscriptions([])).toEqual({ records: new Map(), unreadable: new Map() });
    });

    it('shows a change that is to be confirmed once its time has come, until it is', async () => {
      const isDue = async (until: string) => (await ledger.due('confirm', { until: new Date(until), limit: 100 })).buckets.includes(bucket);
      await ledger.announce(bucket, announcement(undefined, 'a1'));
      await ledger.settle(bucket, { attempt: 'a1', written: STATEMENTS, at: AT, bytes: 7, confirmAt: '2026-01-15T09:31:10.000Z' });
      expect(await isDue('2026-01-15T09:31:00.000Z')).toBe(false);
      expect(await isDue('2026-01-15T09:31:10.000Z')).toBe(true);
      expect(await ledger.confirmed(bucket, { attempt: 'a0' })).toBe(false);
      expect(await ledger.confirmed(bucket, { attempt: 'a1', again: '2026-01-15T09:36:10.000Z' })).toBe(true);
      expect(await isDue('2026-01-15T09:31:10.000Z')).toBe(false);
      expect(await ledger.confirmed(bucket, { attempt: 'a1' })).toBe(true);
      expect(await isDue('2027-01-01T00:00:00.000Z')).toBe(false);
      expect((await ledger.bucket(bucket)).head).toMatchObject({ attempt: 'a1', written: STATEMENTS });
    });

    it('marks a head, and takes marks off it, for whoever saw it last', async () => {
      const head = { version: 0, attempt: 'm1', written: [], bytes: 0 };
      const marks = { frozen: true, contended: true, overwrites: [AT], goneSince: AT };
      expect(await ledger.mark(bucket, { seen: undefined, head: { ...head, ...marks } })).toBe(true);
      expect((await ledger.bucket(bucket)).head).toEqual({ ...head, ...marks });
      expect(await ledger.mark(bucket, { seen: 'm0', head })).toBe(false);
      expect(await ledger.mark(bucket, { seen: 'm1', head: { ...head, frozen: true } })).toBe(true);
      expect((await ledger.bucket(bucket)).head).toEqual({ ...head, frozen: true });
    });

    it('keeps what a head was marked with through a change', async () => {
      const head = { version: 0, attempt: 'm1', written: [], bytes: 0, frozen: true };
      await ledger.mark(bucket, { seen: undefined, head });
      await ledger.announce(bucket, { ...announcement('m1', 'a1'), overwrites: [AT] });
      await ledger.settle(bucket, { attempt: 'a1', written: STATEMENTS, at: AT, bytes: 7, confirmAt: AT });
      expect((await ledger.bucket(bucket)).head).toMatchObject({ frozen: true, overwrites: [AT], written: STATEMENTS });
    });

    it('finds the buckets that were recorded, or marked, by name', async () => {
      await ledger.recordBucketName(bucket);
      await ledger.recordBucketName(bucket);
      await ledger.mark(`${bucket}-marked`, { seen: undefined, head: { version: 0, attempt: 'm1', written: [], bytes: 0 } });
      const names = (await ledger.buckets()).filter((name) => name.startsWith(bucket));
      expect(names).toEqual([bucket, `${bucket}-marked`]);
    });

    it('reads since when the longest waiting record has been waiting, whenever it is due', async () => {
      const due = { kind: 'revoke', at: '2099-01-01T00:00:00.000Z', attempts: 9 } as const;
      const since = `1999-01-01T00:00:00.${String(used).padStart(3, '0')}Z`;
      await ledger.saveSubscription(aRecord(id, { waitingSince: since, due }));
      await ledger.saveSubscription(aRecord(`${id}-later`, { waitingSince: AT }));
      expect(await ledger.oldestWaiting()).toBe(since);
      const { due: _due, ...done } = aRecord(id, { revision: 2 });
      await ledger.saveSubscription(done);
      expect(await ledger.oldestWaiting()).not.toBe(since);
    });

    it('has its kinds of scheduled work in order: revocations first, failures last', () => {
      expect(ledger.dueKinds).toEqual(['revoke', 'confirm', 'grant', 'report', 'look', 'failure']);
    });

    /** All pages of one kind, two items at a time; `until` a year that only this test uses. */
    const pagesOf = async (kind: DueKind, until: Date): Promise<readonly DuePage[]> => {
      const pages: DuePage[] = [];
      let after: unknown;
      do {
        const page: DuePage = await ledger.due(kind, { until, limit: 2, ...(after === undefined ? {} : { after }) });
        pages.push(page);
        after = page.next;
      } while (after !== undefined);
      return pages;
    };

    it('returns scheduled work page by page, the earliest first, each item once', async () => {
      const until = new Date('1990-12-31T00:00:00.000Z');
      const at = (day: number) => `1990-01-0${day}T00:00:00.000Z`;
      for (const day of [3, 1, 5, 2, 4])
        await ledger.saveSubscription(aRecord(`${id}-${day}`, { due: { kind: 'report', at: at(day), attempts: 1 } }));
      await ledger.saveSubscription(aRecord(`${id}-other`, { due: { kind: 'look', at: at(1), attempts: 1 } }));
      const pages = await pagesOf('report', until);
      expect(pages.flatMap(({ records }) => records.map((record) => record.id))).toEqual([1, 2, 3, 4, 5].map((day) => `${id}-${day}`));
      for (const page of pages) {
        expect(page.records.length).toBeLessThanOrEqual(2);
        expect(page).toMatchObject({ buckets: [], failures: [], unreadable: [] });
      }
      expect((await pagesOf('report', new Date(at(2)))).flatMap(({ records }) => records)).toHaveLength(2);
      expect((await pagesOf('report', new Date(at(1)))).flatMap(({ records }) => records)[0]).toEqual(
        aRecord(`${id}-1`, { due: { kind: 'report', at: at(1), attempts: 1 } }),
      );
    });

    it('moves a settled grant to its subscription', async () => {
      const stored = { grant: endedGrant(bucket, id), revision: 1 };
      await ledger.saveSubscription(aRecord(id));
      await ledger.saveGrant(stored);
      await ledger.saveGrant({ grant: aGrant(bucket, 's-other'), revision: 1 });
      await ledger.archiveGrant(stored);
      expect((await ledger.bucket(bucket)).grants.map(({ grant }) => grant.subscriptionId)).toEqual(['s-other']);
      expect(await ledger.subscription(id)).toEqual({ record: aRecord(id), settledGrants: [stored.grant] });
      await ledger.archiveGrant(stored);
      expect((await ledger.subscription(id)).settledGrants).toEqual([stored.grant]);
    });

    it('leaves a grant in its bucket that another writer changed meanwhile', async () => {
      const stored = { grant: endedGrant(bucket, id), revision: 1 };
      await ledger.saveGrant(stored);
      const changed = { grant: aGrant(bucket, id), revision: 2 };
      await ledger.saveGrant(changed);
      await ledger.archiveGrant(stored);
      expect((await ledger.bucket(bucket)).grants).toEqual([changed]);
    });

    it('takes a grant into its bucket again after it was moved', async () => {
      const stored = { grant: endedGrant(bucket, id), revision: 4 };
      await ledger.archiveGrant(stored);
      expect(await ledger.saveGrant({ grant: aGrant(bucket, id), revision: 1 })).toBe(true);
      expect((await ledger.bucket(bucket)).grants).toEqual([{ grant: aGrant(bucket, id), revision: 1 }]);
    });

    it('records a failure of each kind of unit until it is cleared, and the last one of each', async () => {
      const units: readonly UnitFailure['unit'][] = [
        { kind: 'subscription', id, lookup: { subscriptionId: id }, endingSaidAt: AT },
        { kind: 'bucket', name: bucket },
        { kind: 'deployment', name: `state-${used}` },
      ];
      for (const unit of units) {
        expect(await ledger.failure(unit)).toBeUndefined();
        await ledger.recordFailure(aFailure(unit));
        const again = { ...aFailure(unit), attempts: 2, item: { partition: 'p', sort: 's' } };
        await ledger.recordFailure(again);
        expect(await ledger.failure(unit)).toEqual(again);
      }
      const listed = (await ledger.failures(1_000)).values.map(({ unit }) => unit);
      for (const unit of units) expect(listed).toContainEqual(unit);
      expect((await ledger.failures(2)).values).toHaveLength(2);
      for (const unit of units) await ledger.clearFailure(unit);
      for (const unit of units) expect(await ledger.failure(unit)).toBeUndefined();
      const [first] = units;
      if (first !== undefined) await ledger.clearFailure(first);
    });

    it('shows failed units once they are due, until they are cleared', async () => {
      const unit = { kind: 'bucket', name: bucket } as const;
      const isDue = async (until: Date) =>
        (await pagesOf('failure', until))
          .flatMap(({ failures }) => failures)
          .some(({ unit: one }) => one.kind === 'bucket' && one.name === bucket);
      await ledger.recordFailure(aFailure(unit, '2026-06-01T00:00:00.000Z'));
      expect(await isDue(new Date('2026-05-31T00:00:00.000Z'))).toBe(false);
      expect(await isDue(NEXT_YEAR)).toBe(true);
      await ledger.clearFailure(unit);
      expect(await isDue(NEXT_YEAR)).toBe(false);
    });

    it('removes an item from the schedule, and keeps its content', async () => {
      await ledger.saveSubscription(aRecord(id, { due: { kind: 'look', at: '1980-01-01T00:00:00.000Z', attempts: 1 } }));
      const isDue = async () =>
        (await pagesOf('look', new Date('1980-12-31T00:00:00.000Z'))).flatMap(({ records }) => records).some((record) => record.id === id);
      expect(await isDue()).toBe(true);
      await ledger.unschedule({ partition: `subscription#${id}`, sort: 'state' });
      expect(await isDue()).toBe(false);
      expect((await ledger.subscription(id)).record).toMatchObject({ id, status: 'APPROVED' });
      await ledger.unschedule({ partition: 'subscription#nobody', sort: 'state' });
    });
  });
};
