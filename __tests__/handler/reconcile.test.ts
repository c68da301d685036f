import { entryOf } from '../../handler/core/grant/grant';
import { BucketGone, TransientFailure } from '../../handler/errors';
import type { Message } from '../../handler/messages';
import { BUCKET, CONSUMER, FakeWorld, PRODUCER, READER, SETTINGS } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const RECONCILE: Message = { kind: 'reconcile', messageId: 'reconcile' };
const SWEEP: Message = { kind: 'sweep', messageId: 'sweep' };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OTHER = 'arn:aws:iam::333333333333:role/other';

const later = (world: FakeWorld, milliseconds: number) => {
  world.now = new Date(world.now.getTime() + milliseconds);
};

/** A world in which one subscription was granted, an hour ago. */
const granted = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  await world.deliver(SWEEP);
  world.approve('s1', { arn: RUNS });
  await world.deliver(world.created('s1'));
  later(world, MINUTE * 2);
  await world.deliver(SWEEP);
  later(world, HOUR);
  expect(stateOf(world)).toBe('granted');
  return world;
};

const stateOf = (world: FakeWorld, { id = 's1', principal = READER }: { id?: string; principal?: string } = {}) =>
  entryOf(world.grantOf(id), principal)?.state;

const reconcile = async (world: FakeWorld) => {
  world.calls.length = 0;
  expect(await world.deliver(RECONCILE)).toEqual([]);
};

const callsOf = (world: FakeWorld, name: string) => world.calls.filter((call) => call.name === name).length;

describe('a reconcile', () => {
  it('finds what an event that was lost would have said', async () => {
    const world = new FakeWorld();
    await world.deliver(SWEEP);
    world.approve('s1', { arn: RUNS });
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    expect(world.statements()).toHaveLength(2);
    expect(world.reconciled).toHaveLength(1);
  });

  it.each(['REVOKED', 'CANCELLED'] as const)('takes away what was %s while nobody said so', async (status) => {
    const world = await granted();
    world.end('s1', { status });
    await reconcile(world);
    expect(stateOf(world)).toBe('revoked');
    expect(world.policies.has(BUCKET.name)).toBe(false);
    expect(world.records.get('s1')).toMatchObject({ ended: 'revoked', pending: false });
  });

  it('goes on past a subscription that cannot be read, reports it, and takes nothing from it', async () => {
    const world = await granted();
    const s2 = world.approve('s2', { arn: `${RUNS}2/` });
    world.interfere = ({ name, args: [id] }) => {
      if (name === 'subscription' && id === 's1') throw new TransientFailure('unavailable', 'odd');
      return name === 'approvedPage' ? { answer: { subscriptions: [s2], skipped: [{ id: 's1', reason: 'odd' }] } } : undefined;
    };
    await reconcile(world);
    expect(world.failures).toContainEqual(new Error('odd'));
    expect([stateOf(world), world.reconciled.length]).toEqual(['granted', 1]);
    expect(world.outcomeOf('s2')).toEqual({ kind: 'granted' });
  });

  it('keeps what the owner let the consumer keep', async () => {
    const world = await granted();
    world.end('s1', { retain: true });
    await reconcile(world);
    expect(stateOf(world)).toBe('retained');
    await reconcile(world);
    expect(world.statements()).toHaveLength(2);
  });

  it('costs an unchanged subscription nothing of its own, and writes nothing', async () => {
    const world = await granted();
    for (let n = 2; n <= 60; n++) {
      world.approve(`s${n}`, { arn: `${RUNS}${n}/` });
      await world.deliver(world.created(`s${n}`));
    }
    await reconcile(world);
    expect(world.calls.map(({ name }) => name).sort()).toEqual(
      [
        'approvedPage',
        'approvedPage',
        'environments',
        'ledger.bucket',
        'ledger.bucket',
        'ledger.buckets',
        'ledger.subscriptions',
        'ledger.subscriptions',
        'operations.approved',
        'operations.deployment',
        'operations.reconcile',
        'operations.reconcile',
        'operations.reconcile',
        'operations.save reconcile',
        'operations.save reconcile',
        'operations.save reconcile',
        'operations.save reconcile',
        'operations.saveApproved',
        'readPolicy',
        'registry',
        'subscriptionTargets',
      ].sort(),
    );
  });

  it('goes on where the last slice stopped', async () => {
    const world = await granted();
    for (let n = 2; n <= 120; n++) world.approve(`s${n}`, { arn: `${RUNS}${n}/` });
    world.interfere = (call) => (call.name === 'approvedPage' ? { after: () => later(world, 15_000) } : undefined);
    await reconcile(world);
    expect(world.reconciled).toEqual([]);
    expect(callsOf(world, 'approvedPage')).toBe(2);
    await world.deliver(SWEEP);
    await world.deliver(SWEEP);
    expect(world.reconciled).toMatchObject([{ subscriptions: 120 }]);
    expect(world.allGrants().every(({ grant }) => entryOf(grant, READER)?.state === 'granted')).toBe(true);
  });

  it('is tried again by the next sweep when DataZone does not answer, and takes nothing away meanwhile', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name === 'approvedPage') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    world.interfere = () => undefined;
    later(world, MINUTE);
    await world.deliver(SWEEP);
    expect(world.reconciled).toHaveLength(1);
  });

  it.each(['empty', 'denied'])('takes nothing away on the word of lists that are %s', async (how) => {
    const world = await granted();
    const empty: Record<string, unknown> = { approvedPage: { subscriptions: [], skipped: [] }, environments: [] };
    world.interfere = (call) => {
      if (!(call.name in empty)) return undefined;
      if (how === 'denied') throw new TransientFailure('membership-missing', 'denied');
      return { answer: empty[call.name] };
    };
    await reconcile(world);
    later(world, 2 * HOUR);
    await world.deliver(SWEEP);
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    expect(world.statements()).toHaveLength(2);
  });

  it('takes away from a principal that its target no longer names', async () => {
    const world = await granted();
    world.targets.set('env1', [world.target('target1', { principals: [OTHER] })]);
    await reconcile(world);
    expect(stateOf(world)).toBe('revoked');
    expect(stateOf(world, { principal: OTHER })).toBe('granted');
  });

  it.each(['environment', 'target'])('takes away when the %s is gone at two looks an hour apart, and not before', async (what) => {
    const world = await granted();
    world.targets.set('env1', []);
    if (what === 'environment') {
      world.targets.delete('env1');
      world.environments.set(CONSUMER, []);
    }
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    later(world, 59 * MINUTE);
    await world.deliver(SWEEP);
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    later(world, 2 * MINUTE);
    await world.deliver(SWEEP);
    expect(stateOf(world)).toBe('revoked');
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });

  it('forgets that a target was missing once it is there again', async () => {
    const world = await granted();
    const targets = world.targets.get('env1') ?? [];
    world.targets.set('env1', []);
    await reconcile(world);
    expect(world.records.get('s1')?.missingTargets).toBeDefined();
    world.targets.set('env1', targets);
    later(world, 61 * MINUTE);
    await world.deliver(SWEEP);
    expect(world.records.get('s1')?.missingTargets).toBeUndefined();
    expect(stateOf(world)).toBe('granted');
  });

  it('orphans what DataZone has not known for an hour, keeps its access, and takes it back when it is known again', async () => {
    const world = await granted();
    const subscription = world.subscriptions.get('s1');
    world.subscriptions.delete('s1');
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    later(world, 61 * MINUTE);
    await world.deliver(SWEEP);
    expect(stateOf(world)).toBe('orphaned');
    expect(world.outcomeOf('s1')).toEqual({ kind: 'orphaned' });
    await reconcile(world);
    expect(world.reconciled.at(-1)).toMatchObject({ orphaned: 1 });
    expect(world.statements()).toHaveLength(2);
    if (subscription !== undefined) world.subscriptions.set('s1', subscription);
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
  });

  it('orphans nothing for having waited long for something else', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name === 'subscription') throw new TransientFailure('throttled', 'slow down');
      return undefined;
    };
    await world.deliver(world.created('s1'));
    later(world, 3 * HOUR);
    world.interfere = () => undefined;
    world.subscriptions.delete('s1');
    await world.deliver(SWEEP);
    expect(stateOf(world)).toBe('granted');
  });

  it('decides again what was refused', async () => {
    const world = new FakeWorld();
    world.buckets.set(BUCKET.name, { ...BUCKET, prefixes: [{ prefix: 'runs/', owningProjects: ['somebody'] }] });
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    expect(world.outcomeOf('s1')).toMatchObject({ code: 'project-may-not-publish' });
    await reconcile(world);
    expect(callsOf(world, 'ledger.saveSubscription')).toBe(0);
    world.buckets.set(BUCKET.name, { ...BUCKET, prefixes: [{ prefix: 'runs/', owningProjects: [PRODUCER] }] });
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
  });
});

describe('a policy that somebody wiped', () => {
  it('is repaired by the next reconcile, twice; the third time the bucket is contended and left alone', async () => {
    const world = await granted();
    for (const time of [1, 2]) {
      world.policies.delete(BUCKET.name);
      await reconcile(world);
      expect([time, world.statements().length]).toEqual([time, 2]);
      later(world, HOUR);
    }
    world.policies.delete(BUCKET.name);
    await reconcile(world);
    expect(world.statements()).toEqual([]);
    expect(world.heads.get(BUCKET.name)).toMatchObject({ contended: true });
    expect(world.reconciled.at(-1)).toMatchObject({ contended: 1 });
    await world.deliver(SWEEP);
    expect(world.gauges).toMatchObject({ contended: 1 });
  });

  it('is no fight when it happens three times in two days', async () => {
    const world = await granted();
    for (let time = 0; time < 4; time++) {
      world.policies.delete(BUCKET.name);
      await reconcile(world);
      later(world, 13 * HOUR);
    }
    expect(world.heads.get(BUCKET.name)?.contended).toBeUndefined();
    expect(world.statements()).toHaveLength(2);
  });

  it('is found by the sweep when it happens right after our change', async () => {
    const world = new FakeWorld();
    await world.deliver(SWEEP);
    world.approve('s1', { arn: RUNS });
    await world.deliver(world.created('s1'));
    world.policies.delete(BUCKET.name);
    later(world, 2 * MINUTE);
    await world.deliver(SWEEP);
    expect(world.statements()).toHaveLength(2);
    expect(world.confirmations.size).toBe(1);
    later(world, 2 * MINUTE);
    await world.deliver(SWEEP);
    expect(world.confirmations.size).toBe(0);
  });

  it('does not come back with access that was revoked, however contended the bucket is', async () => {
    const world = await granted();
    const before = world.policies.get(BUCKET.name) ?? '';
    world.end('s1');
    await world.deliver(world.ended('s1'));
    const head = world.heads.get(BUCKET.name);
    if (head === undefined) throw new Error('the bucket has no head');
    world.heads.set(BUCKET.name, { ...head, contended: true });
    later(world, HOUR);
    world.policies.set(BUCKET.name, before);
    await reconcile(world);
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });
});

describe('the cap on removals', () => {
  const crowd = async (count: number): Promise<FakeWorld> => {
    const world = new FakeWorld();
    await world.deliver(SWEEP);
    for (let n = 0; n < count; n++) {
      world.approve(`s${n}`, { arn: `${RUNS}${n}/` });
      await world.deliver(world.created(`s${n}`));
    }
    later(world, HOUR);
    return world;
  };
  const revoked = (world: FakeWorld) => world.allGrants().filter(({ grant }) => entryOf(grant, READER)?.state === 'revoked').length;

  it('holds back what one run may not take away; the next goes on', async () => {
    const world = await crowd(12);
    world.settings = { ...SETTINGS, removalCap: 5 };
    for (let n = 0; n < 12; n++) world.end(`s${n}`);
    await reconcile(world);
    expect(revoked(world)).toBe(5);
    expect(world.reconciled.at(-1)).toMatchObject({ revoke: 5, 'held-back': 7 });
    await reconcile(world);
    expect(revoked(world)).toBe(10);
  });

  it('does not count what leaves with its bucket', async () => {
    const world = await crowd(12);
    world.settings = { ...SETTINGS, removalCap: 0 };
    world.buckets.set(BUCKET.name, { ...BUCKET, state: 'retiring' });
    await reconcile(world);
    expect(revoked(world)).toBe(12);
    expect(world.policies.has(BUCKET.name)).toBe(false);
  });
});

describe('the life of a bucket', () => {
  it.each(['granted', 'retained', 'orphaned'])('ends, by way of retiring, with no %s access left in its policy', async (state) => {
    const world = await granted();
    if (state === 'retained') world.end('s1', { retain: true });
    if (state === 'orphaned') world.subscriptions.delete('s1');
    await reconcile(world);
    later(world, 61 * MINUTE);
    await world.deliver(SWEEP);
    expect(stateOf(world)).toBe(state);
    world.buckets.set(BUCKET.name, { ...BUCKET, state: 'retiring' });
    await reconcile(world);
    expect(stateOf(world)).toBe('revoked');
    expect(world.policies.has(BUCKET.name)).toBe(false);
    world.buckets.delete(BUCKET.name);
    await reconcile(world);
    expect(world.reconciled.at(-1)).toMatchObject({ stranded: 0, live: 0 });
  });

  it('comes back to active with what is approved', async () => {
    const world = await granted();
    world.buckets.set(BUCKET.name, { ...BUCKET, state: 'retiring' });
    await reconcile(world);
    world.buckets.set(BUCKET.name, BUCKET);
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
  });

  it('that was deleted takes what is revoked with it, and keeps the rest waiting', async () => {
    const world = await granted();
    world.interfere = (call) => {
      if (call.name.endsWith('Policy')) throw new BucketGone("bucket 'acme-raw' does not exist");
      return undefined;
    };
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    world.end('s1');
    await reconcile(world);
    expect(stateOf(world)).toBe('revoking');
    later(world, 61 * MINUTE);
    await world.deliver(SWEEP);
    expect(stateOf(world)).toBe('revoked');
    expect(world.records.get('s1')).toMatchObject({ outcome: { kind: 'revoked' }, pending: false });
    world.approve('s2', { arn: RUNS, listing: 'other' });
    await world.deliver(world.created('s2'));
    expect(world.outcomeOf('s2')).toMatchObject({ kind: 'waiting', code: 'bucket-missing' });
  });

  it('that was cut short strands its grants', async () => {
    const world = await granted();
    world.buckets.delete(BUCKET.name);
    await reconcile(world);
    expect(world.reconciled.at(-1)).toMatchObject({ stranded: 1 });
    await world.deliver(SWEEP);
    expect(world.gauges).toMatchObject({ stranded: 1 });
    expect(world.statements()).toHaveLength(2);
  });

  it('says where another deployment writes too', async () => {
    const world = await granted();
    const policy = JSON.parse(world.policies.get(BUCKET.name) ?? '');
    policy.Statement.push({
      Sid: 'DZS3F1zzzzzzRabcdefg',
      Effect: 'Allow',
      Principal: { AWS: OTHER },
      Action: 's3:GetObject',
      Resource: RUNS,
    });
    world.policies.set(BUCKET.name, JSON.stringify(policy));
    await reconcile(world);
    expect(world.reconciled.at(-1)).toMatchObject({ shared: 1 });
  });
});

describe('500 subscriptions that were there before', () => {
  const before = (): FakeWorld => {
    const world = new FakeWorld();
    for (let n = 0; n < 500; n++) {
      const bucket = { ...BUCKET, name: `acme-${n % 10}` };
      world.buckets.set(bucket.name, bucket);
      world.approve(`s${n}`, { arn: `arn:aws:s3:::${bucket.name}/runs/${n % 50}/` });
    }
    later(world, 24 * HOUR);
    world.settings = { ...SETTINGS, mode: 'observe' };
    return world;
  };
  const run = async (world: FakeWorld) => {
    await world.deliver(SWEEP);
    await reconcile(world);
    for (let n = 0; n < 5; n++) await world.deliver(SWEEP);
  };
  const liveOf = (world: FakeWorld) =>
    world
      .allGrants()
      .filter(({ grant }) => entryOf(grant, READER)?.state === 'granted')
      .map(({ grant }) => grant.subscriptionId);

  it('are planned under observe, granted under enforce, and left alone under ignore', async () => {
    const world = before();
    await run(world);
    expect(world.policies.size).toBe(0);
    expect([...world.records.values()].filter(({ outcome }) => outcome.kind === 'waiting' && outcome.code === 'observing')).toHaveLength(
      500,
    );
    expect(callsOf(world, 'writePolicy')).toBe(0);

    world.settings = { ...SETTINGS, existingSubscriptions: 'ignore' };
    await run(world);
    expect(world.policies.size).toBe(0);
    expect([...world.records.values()].every(({ outcome }) => outcome.kind === 'ignored')).toBe(true);
    world.approve('new', { arn: 'arn:aws:s3:::acme-1/runs/new/' });
    await world.deliver(world.created('new'));
    expect(liveOf(world)).toEqual(['new']);

    world.settings = { ...SETTINGS, existingSubscriptions: 'grant' };
    await run(world);
    expect(liveOf(world)).toHaveLength(501);
  });
});

describe('grants that run out', () => {
  it('are taken away so many days after the approval, for good', async () => {
    const world = await granted();
    world.settings = { ...SETTINGS, expiresAfterDays: 30 };
    later(world, 29 * 24 * HOUR);
    await reconcile(world);
    expect(stateOf(world)).toBe('granted');
    later(world, 24 * HOUR);
    await reconcile(world);
    expect(stateOf(world)).toBe('expired');
    expect(world.policies.has(BUCKET.name)).toBe(false);
    world.settings = SETTINGS;
    await reconcile(world);
    await world.deliver(world.created('s1'));
    expect(stateOf(world)).toBe('expired');
  });
});
