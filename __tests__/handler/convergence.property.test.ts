import fc from 'fast-check';
import { LedgerUnavailable, TransientFailure } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { asyncLaw } from './core/property';
import { BUCKET, FakeWorld, PRODUCER } from './fake-world';

/** What people do in DataZone, one after the other. */
type Deed =
  | { readonly kind: 'approve'; readonly id: number }
  | { readonly kind: 'end'; readonly id: number; readonly status: 'REVOKED' | 'CANCELLED'; readonly retain: boolean }
  | { readonly kind: 'target'; readonly principals: readonly number[] }
  | { readonly kind: 'wipe'; readonly bucket: number };

/** What happens to the event of a deed: it is lost, or comes once or more, at once or later than others. */
type Fate = { readonly copies: number; readonly delay: number };

const SUBSCRIPTIONS = 4;
const BUCKETS = 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SWEEP: Message = { kind: 'sweep', messageId: 'sweep' };
const RECONCILE: Message = { kind: 'reconcile', messageId: 'reconcile' };

const role = (n: number) => `arn:aws:iam::333333333333:role/reader-${n}`;
const bucketName = (n: number) => `acme-${n}`;

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('approve' as const), id: fc.nat(SUBSCRIPTIONS - 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      id: fc.nat(SUBSCRIPTIONS - 1),
      status: fc.constantFrom('REVOKED' as const, 'CANCELLED' as const),
      retain: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('target' as const), principals: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wipe' as const), bucket: fc.nat(BUCKETS - 1) }) },
);
const fate: fc.Arbitrary<Fate> = fc.record({ copies: fc.constantFrom(0, 1, 1, 2), delay: fc.nat(5) });
/** The n-th call of all that fails, and whether before or after it took effect. */
const trouble = fc.array(fc.record({ at: fc.nat(250), isLedgers: fc.boolean(), isAfter: fc.boolean() }), { maxLength: 12 });

const newWorld = (): FakeWorld => {
  const world = new FakeWorld();
  world.buckets.clear();
  for (let n = 0; n < BUCKETS; n++) {
    const prefixes = [{ prefix: '', owningProjects: [PRODUCER] }];
    world.buckets.set(bucketName(n), { ...BUCKET, name: bucketName(n), prefixes });
  }
  world.targets.set('env1', [world.target('target1', { principals: [role(0)] })]);
  return world;
};

/** Does a deed in a world; answers the event that it gives rise to. A subscription that ended is never approved again. */
const perform = (world: FakeWorld, one: Deed): Message | undefined => {
  switch (one.kind) {
    case 'approve': {
      const id = `s${one.id}`;
      if (world.subscriptions.has(id)) return undefined;
      // Two and two overlap, in one bucket.
      world.approve(id, { arn: `arn:aws:s3:::${bucketName(one.id % BUCKETS)}/runs/`, listing: `listing-${one.id % BUCKETS}` });
      return world.created(id);
    }
    case 'end': {
      const id = `s${one.id}`;
      if (world.subscriptions.get(id)?.status !== 'APPROVED') return undefined;
      world.end(id, { status: one.status, retain: one.retain && one.status === 'REVOKED' });
      return world.ended(id);
    }
    case 'target':
      world.targets.set('env1', [world.target('target1', { principals: one.principals.map(role) })]);
      return undefined;
    case 'wipe':
      world.policies.delete(bucketName(one.bucket));
      return undefined;
  }
};

const later = (world: FakeWorld, milliseconds: number) => {
  world.now = new Date(world.now.getTime() + milliseconds);
};

/** Sweeps and one reconcile, after which everything is as it should be. */
const comeToRest = async (world: FakeWorld): Promise<void> => {
  later(world, 2 * HOUR);
  for (let n = 0; n < 3; n++) {
    await world.deliver(SWEEP);
    later(world, 2 * HOUR);
  }
  await world.deliver(RECONCILE);
  for (let n = 0; n < 3; n++) {
    later(world, 2 * HOUR);
    await world.deliver(SWEEP);
  }
};

/** Who may read what by the policies as they are. */
const accessIn = (world: FakeWorld): readonly string[] =>
  [...world.policies]
    .flatMap(([bucket, text]) =>
      (JSON.parse(text).Statement as Record<string, unknown>[]).flatMap((statement) => {
        const { AWS } = statement['Principal'] as { AWS: string | string[] };
        return [AWS].flat().flatMap((principal) => [statement['Resource']].flat().map((resource) => `${bucket} ${principal} ${resource}`));
      }),
    )
    .sort();

const EXPECTED_TROUBLE = ['subscription', 'subscriptions', 'environments', 'subscriptionTargets', 'grants', 'approvedPage', 'hasTarget'];

/** Lets some calls fail: DataZone's and S3's for a while, the ledger's as a ledger that gives messages back. */
const troubled = (world: FakeWorld, troubles: readonly { at: number; isLedgers: boolean; isAfter: boolean }[]): (() => void) => {
  let made = 0;
  const at = new Map(troubles.map((one) => [one.at, one]));
  world.interfere = ({ name }) => {
    const failing = at.get(made++);
    if (failing === undefined) return undefined;
    const isLedger = name.startsWith('ledger.') || name.startsWith('operations.');
    if (name === 'registry' || name === 'prepare' || name === 'provenance') return undefined;
    if (!isLedger && !EXPECTED_TROUBLE.includes(name) && !name.endsWith('Policy')) return undefined;
    const fail = () => {
      throw isLedger ? new LedgerUnavailable(`${name} failed`) : new TransientFailure('unavailable', `${name} failed`);
    };
    if (!failing.isAfter) fail();
    return { after: fail };
  };
  return () => {
    world.interfere = () => undefined;
  };
};

/** Delivers events as fate has it, in batches; what the function gives back comes again. */
const deliverAll = async (world: FakeWorld, events: readonly (readonly [Message, Fate])[]): Promise<void> => {
  const queue = events.flatMap(([message, { copies, delay }], index) =>
    Array.from({ length: copies }, (_, copy) => ({
      message: { ...message, messageId: `${message.messageId}-${index}-${copy}` },
      turn: index + delay * copy + delay,
    })),
  );
  const ordered = queue.toSorted((one, other) => one.turn - other.turn).map(({ message }) => message);
  for (let from = 0; from < ordered.length; from += 3) {
    const batch = ordered.slice(from, from + 3);
    for (let attempt = 0; attempt < 3; attempt++) {
      const returned = await world.deliver(...batch);
      if (returned.length === 0) break;
      later(world, 6 * MINUTE);
    }
    later(world, MINUTE);
  }
};

/** Buckets in which somebody keeps what the owner let him keep: who that is depends on who had it just then. */
const retaining = (world: FakeWorld): ReadonlySet<string> =>
  new Set(
    [...world.grants.values()].flatMap(({ grant }) =>
      grant.principals.some(({ state }) => state === 'retained') ? [grant.location.bucket] : [],
    ),
  );

const told = async (world: FakeWorld, story: readonly (readonly [Deed, Fate])[]): Promise<void> => {
  await world.deliver(SWEEP);
  for (const [one] of story) {
    const event = perform(world, one);
    if (event !== undefined) await world.deliver(event);
    later(world, MINUTE);
  }
  await comeToRest(world);
};

describe('whatever events and calls go through', () => {
  asyncLaw(
    'sweeps and one reconcile lead to the state of the run in which everything went well',
    fc.tuple(fc.array(fc.tuple(deed, fate), { maxLength: 14 }), trouble),
    async ([story, troubles]) => {
      const calm = newWorld();
      await told(calm, story);

      const wild = newWorld();
      await wild.deliver(SWEEP);
      const mend = troubled(wild, troubles);
      let events: readonly (readonly [Message, Fate])[] = [];
      for (const [one, fated] of story) {
        const event = perform(wild, one);
        if (event !== undefined) events = [...events, [event, fated]];
        if (events.length < 4) continue;
        await deliverAll(wild, events);
        events = [];
      }
      await deliverAll(wild, events);
      mend();
      await comeToRest(wild);

      const kept = new Set([...retaining(calm), ...retaining(wild)]);
      const settled = (world: FakeWorld) => accessIn(world).filter((access) => !kept.has(access.split(' ')[0] ?? ''));
      expect(settled(wild)).toEqual(settled(calm));
      expect(wild.heads.size === 0 || [...wild.heads.values()].every(({ intended }) => intended === undefined)).toBe(true);
      for (const [id, { ended, pending }] of calm.records) {
        const other = wild.records.get(id);
        // A subscription that came and went unseen left nothing that would have to be taken away.
        if (other === undefined) expect([id, ended]).not.toEqual([id, undefined]);
        else expect([id, other.pending, other.ended === undefined]).toEqual([id, pending, ended === undefined]);
      }
    },
  );
});
