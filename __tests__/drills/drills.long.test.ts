import { ALL_DRILLS } from './all-drills';
import { USUAL } from './deployment';
import { type Drill, runDrill } from './drill';
import { isClean, tableOf } from './table';
import { World } from './world';

const bundle = process.env['TEST_BUNDLE'] ?? '';
const run = (drill: Drill) => runDrill(drill, { bundle, wanted: USUAL });

/** Of the drills these take a second; all of them are `npm run drills`. */
const QUICK = ['a lost revoke event', 'a stale export of the policy put back 600 seconds after a revocation'];

describe('a drill', () => {
  test.each(QUICK)('loses nothing, leaks nothing and tells nothing false: %s', async (name) => {
    const drill = ALL_DRILLS.find((one) => one.name === name);
    if (drill === undefined) throw new Error(`there is no drill '${name}'`);
    const row = await run(drill);
    expect(row.failures).toEqual([]);
    expect(isClean(row)).toBe(true);
    expect(row.faults).toBeGreaterThan(0);
  });

  test('has a name of its own', () => {
    expect(new Set(ALL_DRILLS.map(({ name }) => name)).size).toBe(ALL_DRILLS.length);
  });

  test('counts what is lost, leaked and false before its end and in it, with its seed', async () => {
    const row = await run({
      name: 'of a world in which nothing works any more',
      act: async (world) => {
        const [stays, ends] = [world.domain.subscribe(), world.domain.subscribe()];
        await world.work();
        world.domain.end(ends);
        world.aws.queue('acme-fulfillment.fifo').receive(10);
        world.work = async () => undefined;
        const policy = structuredClone(world.aws.state.buckets.get('acme-raw')?.policy);
        world.settle = async () => {
          const { grants } = world.aws.state.datazone;
          for (const grant of grants.values()) for (const asset of grant.assets) asset.status = 'REVOKED';
          world.ownerPuts('acme-raw', policy);
          world.domain.retarget(stays.consumer, [world.aws.seed.role({ account: '444444444444', name: 'successor' }).arn]);
        };
      },
    });
    // The successor cannot read; who was followed, and whose subscription ended, still can, though DataZone shows both grants revoked.
    expect([row.lost, row.leaked, row.untrue]).toEqual([1, 2, 2]);
    expect(row.failures).toContainEqual(expect.stringMatching(/^seed 1, in the end: lost: .*successor on acme-raw/));
    expect(tableOf(['a']).line({ ...row, name: 'a', seconds: 1 })).toMatch(/^a +1 +1 +1 +2 +2 +1\.0$/);
    expect(isClean(row)).toBe(false);
  });
});

describe('the judge', () => {
  test('hears what is told to DataZone when it is not so', async () => {
    const world = await World.open(bundle);
    try {
      const { aws, domain, judge } = world;
      const made = domain.subscribe();
      await world.work();
      expect(judge.verdict()).toEqual({ lost: [], leaked: [], untrue: [] });
      const { policy } = aws.state.buckets.get('acme-raw') ?? {};
      expect(judge.reads({ role: made.consumer.role, place: made.published })).toEqual({ gets: true, lists: true });
      // The owner puts the access back as soon as it is proven gone: what is told then is not so.
      const stop = aws.faults.add(({ operation }) => {
        if (operation === 'ListSubscriptionGrants') world.ownerPuts('acme-raw', policy);
        return undefined;
      });
      domain.end(made);
      await world.work();
      stop();
      expect(judge.verdict().leaked).toEqual([`${made.consumer.role} on acme-raw/${made.published.prefix}`]);
      expect(judge.untrueReports).toEqual([expect.stringMatching(/^REVOKED was said of grant /)]);
      expect(judge.verdict().untrue).toContainEqual(expect.stringMatching(/^REVOKED is shown of grant /));
    } finally {
      await world.close();
    }
  });
});
