import type { Grant } from '../../../handler/core/grant';
import type { SubscriptionRecord } from '../../../handler/core/subscription-record';
import type { Announcement, HistoryRecord, Ledger } from '../../../handler/ports';

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
  reported: {},
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
  principals: { 'arn:aws:iam::333333333333:role/reader': { state: 'granted', since: AT, targets: ['env1/t1'] } },
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

const history = (bucket: string, changeId: string): HistoryRecord => ({
  bucket,
  version: 1,
  before: [],
  after: STATEMENTS,
  previousPolicy: '{}',
  changeId,
  subscriptions: ['s1'],
  drift: 'none',
  residualAccess: [],
  at: AT,
});

/** What every ledger must do. `changesOf` reads the change ids of a bucket's history. */
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
      expect(await ledger.subscription(id)).toBeUndefined();
      expect(await ledger.saveSubscription(aRecord(id))).toBe(true);
      expect(await ledger.subscription(id)).toEqual(aRecord(id));
      const { due: _, ...settled } = aRecord(id, { revision: 2, pending: false });
      expect(await ledger.saveSubscription(settled)).toBe(true);
      expect(await ledger.subscription(id)).toEqual(settled);
    });

    it('saves a subscription only over the revision before it', async () => {
      expect(await ledger.saveSubscription(aRecord(id, { revision: 2 }))).toBe(false);
      expect(await ledger.saveSubscription(aRecord(id))).toBe(true);
      expect(await ledger.saveSubscription(aRecord(id, { pending: false }))).toBe(false);
      expect(await ledger.saveSubscription(aRecord(id, { revision: 3 }))).toBe(false);
      expect(await ledger.subscription(id)).toEqual(aRecord(id));
    });

    it('of two who save the same revision, lets one', async () => {
      await ledger.saveSubscription(aRecord(id));
      const saved = await Promise.all([0, 1].map(() => ledger.saveSubscription(aRecord(id, { revision: 2 }))));
      expect(saved.toSorted()).toEqual([false, true]);
    });

    it("keeps a bucket's grants, each with its revision, and no other bucket's", async () => {
      expect(await ledger.bucket(bucket)).toEqual({ head: undefined, grants: [] });
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 1 })).toBe(true);
      expect(await ledger.saveGrant({ grant: aGrant(`${bucket}-other`, 's2'), revision: 1 })).toBe(true);
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 1 })).toBe(false);
      expect(await ledger.saveGrant({ grant: aGrant(bucket, 's1'), revision: 2 })).toBe(true);
      expect(await ledger.bucket(bucket)).toEqual({ head: undefined, grants: [{ grant: aGrant(bucket, 's1'), revision: 2 }] });
    });

    it('gives all grants of a bucket, however many there are', async () => {
      const ids = Array.from({ length: 36 }, (_, index) => `s${String(index).padStart(2, '0')}`);
      const targets = [`env1/${'x'.repeat(32_000)}`];
      for (const subscription of ids) {
        const { principals, ...grant } = aGrant(bucket, subscription);
        const long = Object.fromEntries(Object.entries(principals).map(([arn, entry]) => [arn, { ...entry, targets }]));
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
  });
};
