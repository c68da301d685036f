import { LedgerUnavailable } from '../../handler/errors';
import { Crowd, defect, type Event, MINUTE, ODD, ODD_BUCKET, OTHERS } from './crowd';

/** Calls that are made for one subscription alone. */
const OWN_CALLS: Readonly<Record<Event, readonly string[]>> = {
  approved: [
    'subscription',
    'ledger.subscription',
    'environments',
    'subscriptionTargets',
    'ledger.saveSubscription',
    'ledger.saveGrant',
    'grants',
    'reportStatus',
  ],
  ended: ['subscription', 'ledger.subscription', 'ledger.saveSubscription', 'ledger.saveGrant', 'grants', 'subscriptions', 'reportStatus'],
};

/** Calls that are made for one bucket alone, and the unit that their failure is recorded for. */
const BUCKET_CALLS = [
  ['ledger.bucket', `subscription#${ODD}`],
  ['readPolicy', `bucket#${ODD_BUCKET.name}`],
  ['ledger.announce', `bucket#${ODD_BUCKET.name}`],
  ['writePolicy', `bucket#${ODD_BUCKET.name}`],
  ['ledger.recordHistory', `bucket#${ODD_BUCKET.name}`],
  ['ledger.settle', `bucket#${ODD_BUCKET.name}`],
] as const;

const EVENTS: readonly Event[] = ['approved', 'ended'];

describe.each(EVENTS)('an unexpected exception in the work on one subscription, which is %s', (odd) => {
  test('can be in any of these calls', async () => {
    const { world, messages } = await Crowd.gather({ odd });
    await world.deliver(...messages);
    const concerning = (id: string) => world.calls.filter(({ args }) => JSON.stringify(args).includes(`${id}"`));
    const others = new Set(OTHERS.flatMap(concerning));
    const own = concerning(ODD).filter((call) => !others.has(call) && !['readPolicy', 'prepare'].includes(call.name));
    expect([...new Set(own.map(({ name }) => name))].sort()).toEqual([...OWN_CALLS[odd]].sort());
  });

  test.each(OWN_CALLS[odd])('is recorded, and the other nine are served: in %s', async (call) => {
    const crowd = await Crowd.gather({ odd });
    const { world, messages } = crowd;
    crowd.trouble([call], defect);
    expect(await world.deliver(...messages)).toEqual([]);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.failures).toEqual([`subscription#${ODD} defect`]);
    const failure = world.unitFailures.get(`subscription#${ODD}`);
    expect(failure).toMatchObject({ attempts: 1, message: expect.stringContaining('TypeError: Cannot read') });
    expect(Date.parse(failure?.dueAt ?? '')).toBeGreaterThan(world.now.getTime());
    expect(world.reportedFailures).toEqual([failure]);

    expect(await crowd.sweep()).toEqual([]);
    expect(world.unitFailures.get(`subscription#${ODD}`)?.attempts).toBeGreaterThan(1);
    expect(crowd.unserved).toEqual([ODD]);

    crowd.mend();
    expect(await crowd.sweep(10)).toEqual([]);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
  });
});

describe.each(EVENTS)('an unexpected exception in the work on one bucket, where a subscription is %s', (odd) => {
  test.each(BUCKET_CALLS)('is recorded, and the other buckets are served: in %s', async (call, unit) => {
    const crowd = await Crowd.gather({ odd, bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    // A policy that is left empty is deleted.
    crowd.trouble(call === 'writePolicy' ? [call, 'removePolicy'] : [call], defect);
    expect(await world.deliver(...messages)).toEqual([]);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.failures).toEqual([`${unit} defect`]);
    if (unit.startsWith('bucket')) expect(world.records.get(ODD)).toMatchObject({ outcome: { kind: 'waiting', code: 'unavailable' } });
    expect(world.reports.map(({ grantId }) => grantId)).not.toContain(`g-${ODD}`);

    crowd.mend();
    expect(await crowd.sweep(2)).toEqual([]);
    expect(await crowd.sweep(2)).toEqual([]);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
  });
});

const unavailable = (): never => {
  throw new LedgerUnavailable('the ledger is throttled');
};

describe('a ledger that does not answer', () => {
  test.each(['ledger.subscription', 'ledger.saveSubscription', 'ledger.saveGrant'])(
    'returns the one message of which nothing could be recorded: in %s',
    async (call) => {
      for (const odd of EVENTS) {
        const crowd = await Crowd.gather({ odd });
        const { world, messages } = crowd;
        crowd.trouble([call], unavailable);
        expect(await world.deliver(...messages)).toEqual([`m-${ODD}`]);
        expect(crowd.unserved).toEqual([ODD]);
        expect(crowd.failures).toEqual([]);
        crowd.mend();
        expect(await world.deliver(...messages)).toEqual([]);
        expect(crowd.unserved).toEqual([]);
      }
    },
  );

  test.each(['ledger.bucket', 'ledger.announce', 'ledger.recordHistory', 'ledger.settle'])(
    'returns the messages of one bucket: in %s',
    async (call) => {
      const crowd = await Crowd.gather({ odd: 'ended', bucket: ODD_BUCKET.name });
      const { world, messages } = crowd;
      crowd.trouble([call], unavailable);
      const [last] = messages.slice(-1);
      expect(await world.deliver(...messages, ...(last === undefined ? [] : [{ ...last, messageId: 'again' }]))).toEqual([
        `m-${ODD}`,
        'again',
      ]);
      expect(crowd.unserved).toEqual([ODD]);
      crowd.mend();
      expect(await world.deliver(...messages)).toEqual([]);
      expect(crowd.unserved).toEqual([]);
    },
  );

  test('returns the message of a defect that cannot be recorded', async () => {
    const crowd = await Crowd.gather({ odd: 'approved' });
    const { world, messages } = crowd;
    world.interfere = ({ name, args }) => {
      if (!JSON.stringify(args).includes(ODD)) return undefined;
      if (name === 'ledger.recordFailure') return unavailable();
      return name === 'subscriptionTargets' ? defect() : undefined;
    };
    expect(await world.deliver(...messages)).toEqual([`m-${ODD}`]);
    expect(crowd.unserved).toEqual([ODD]);
  });

  test('changes no policy and announces nothing for a subscription whose record it does not take', async () => {
    const crowd = await Crowd.gather({ odd: 'approved', bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    world.policies.set(ODD_BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: [] }));
    crowd.trouble(['ledger.saveSubscription'], unavailable);
    await world.deliver(...messages);
    const about = world.calls.filter(({ args }) => JSON.stringify(args).includes(ODD_BUCKET.name)).map(({ name }) => name);
    expect(about).not.toContain('writePolicy');
    expect(about).not.toContain('ledger.announce');
    expect([...world.history.keys()].filter((key) => key.startsWith(ODD_BUCKET.name))).toEqual([]);
  });

  test.each([
    ['could not be saved', unavailable],
    ['was changed by another writer', (): { readonly answer: false } => ({ answer: false })],
  ])('leaves one history record of a grant that %s at first', async (_what, trouble) => {
    const crowd = await Crowd.gather({ odd: 'approved', bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    let isOver = false;
    world.interfere = ({ name, args }) => {
      if (isOver || name !== 'ledger.saveGrant' || !JSON.stringify(args).includes(ODD)) return undefined;
      isOver = true;
      return trouble();
    };
    await world.deliver(...messages);
    await world.deliver(...messages);
    expect(crowd.unserved).toEqual([]);
    expect([...world.history.keys()].filter((key) => key.startsWith(ODD_BUCKET.name))).toEqual([`${ODD_BUCKET.name}#1`]);
  });
});

describe('another writer that is faster', () => {
  /** Writes of the subscription in trouble, and what another writer changes right before. */
  const RACES: readonly (readonly [string, (crowd: Crowd) => void])[] = [
    [
      'ledger.saveSubscription',
      ({ world }) => {
        const record = world.records.get(ODD);
        if (record !== undefined) world.records.set(ODD, { ...record, revision: record.revision + 1 });
      },
    ],
    [
      'ledger.saveGrant',
      ({ world }) => {
        for (const [key, stored] of world.grants)
          if (stored.grant.subscriptionId === ODD) world.grants.set(key, { ...stored, revision: stored.revision + 1 });
      },
    ],
    [
      'ledger.announce',
      ({ world }) => {
        const head = world.heads.get(ODD_BUCKET.name);
        if (head !== undefined) world.heads.set(ODD_BUCKET.name, { ...head, attempt: `another-${world.calls.length}` });
      },
    ],
  ];

  const race = (crowd: Crowd, { call, change, times }: { call: string; change: (crowd: Crowd) => void; times: number }) => {
    let left = times;
    crowd.world.interfere = ({ name, args }) => {
      if (name === call && JSON.stringify(args).includes(ODD) && left-- > 0) change(crowd);
      return undefined;
    };
  };

  test.each(RACES)('has the subscription read again in the same invocation: %s', async (call, change) => {
    const crowd = await Crowd.gather({ odd: 'ended', bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    race(crowd, { call, change, times: 1 });
    expect(await world.deliver(...messages)).toEqual([]);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
    const read = call === 'ledger.announce' ? 'ledger.bucket' : 'ledger.subscription';
    expect(
      world.calls.filter(({ name, args }) => name === read && args[0] === (read === 'ledger.bucket' ? ODD_BUCKET.name : ODD)),
    ).toHaveLength(2);
  });

  test.each(RACES.slice(0, 2))('each time is recorded as a failure after three rounds: %s', async (call, change) => {
    const crowd = await Crowd.gather({ odd: 'ended', bucket: ODD_BUCKET.name });
    const { world, messages } = crowd;
    race(crowd, { call, change, times: Number.POSITIVE_INFINITY });
    expect(await world.deliver(...messages)).toEqual([]);
    expect(crowd.unserved).toEqual([ODD]);
    expect(crowd.failures).toEqual([`subscription#${ODD} defect`]);
    expect(world.unitFailures.get(`subscription#${ODD}`)?.message).toContain('was changed by another writer each time');
    expect(world.calls.filter(({ name, args }) => name === 'ledger.subscription' && args[0] === ODD)).toHaveLength(3);
    crowd.mend();
    await crowd.sweep();
    await crowd.sweep();
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
    expect(Date.parse(world.records.get(ODD)?.at ?? '')).toBeGreaterThan(world.now.getTime() - 3 * MINUTE);
  });
});
