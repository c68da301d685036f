import fc from 'fast-check';
import { entryOf } from '../../../handler/core/grant/grant';
import type { Message } from '../../../handler/messages';
import { BUCKET, FakeWorld, READER } from '../fake-world';

const OTHER = 'arn:aws:s3:::acme-raw/runs/other/';

/** A bucket with one subscription granted that has since been revoked, and another that has since been approved; and their batch. */
const aBatch = async (): Promise<{ world: FakeWorld; messages: readonly Message[]; before: string | undefined }> => {
  const world = new FakeWorld();
  const owners = [{ Sid: 'Owners', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::acme-raw/*' }];
  world.policies.set(BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: owners }));
  world.approve('s1', { arn: 'arn:aws:s3:::acme-raw/runs/' });
  await world.deliver(world.created('s1'));
  world.end('s1');
  world.approve('s2', { arn: OTHER });
  world.calls.length = 0;
  return { world, messages: [world.ended('s1'), world.created('s2')], before: world.policies.get(BUCKET.name) };
};

/** Ends the function after so many calls of its; nothing it does then takes effect. @returns whether it lived to its end. */
const killAfter = async (calls: number, { world, messages }: { world: FakeWorld; messages: readonly Message[] }): Promise<boolean> => {
  let made = 0;
  const dies = () => {
    throw new Error('killed');
  };
  world.interfere = () => {
    made += 1;
    return made < calls ? undefined : made === calls ? { after: dies } : dies();
  };
  await world.deliver(...messages).catch(() => []);
  world.interfere = () => undefined;
  return made < calls;
};

const expectBothDone = ({ world, before }: { world: FakeWorld; before: string | undefined }) => {
  const [revoked, granted] = ['s1', 's2'].map((id) =>
    [...world.grants.values()].filter(({ grant }) => grant.subscriptionId === id).map(({ grant }) => entryOf(grant, READER)?.state),
  );
  expect([revoked, granted]).toEqual([['revoked'], ['granted']]);
  const resources = world.statements().map(({ Resource }) => Resource);
  expect(resources).toEqual(['arn:aws:s3:::acme-raw/*', `${OTHER}*`, 'arn:aws:s3:::acme-raw']);
  expect([...world.history.keys()]).toEqual([1, 2, 3].map((version) => `${BUCKET.name}#${version}`));
  expect(world.history.get(`${BUCKET.name}#2`)?.previousPolicy).toBe(before);
  expect(world.heads.get(BUCKET.name)).toMatchObject({ version: 3, written: world.statements().slice(1) });
  expect(world.heads.get(BUCKET.name)?.intended).toBeUndefined();
  expect([...world.records.values()].map(({ pending, due }) => ({ pending, due }))).toEqual([{ pending: false }, { pending: false }]);
};

describe('a batch that takes from one subscription and gives to another on the same bucket', () => {
  it('has done both, in one change each, when it comes again after a kill before or after any call', async () => {
    for (let calls = 0; ; calls++) {
      const batch = await aBatch();
      const lived = await killAfter(calls, batch);
      if (!lived) expect(await batch.world.deliver(...batch.messages)).toEqual([]);
      expectBothDone(batch);
      if (lived) return expect(calls).toBeGreaterThan(25);
    }
  });

  it('has done both when it was killed twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(45), fc.nat(45), async (first, second) => {
        const batch = await aBatch();
        await killAfter(first, batch);
        await killAfter(second, batch);
        expect(await batch.world.deliver(...batch.messages)).toEqual([]);
        expectBothDone(batch);
      }),
      { numRuns: 150 },
    );
  });
});
