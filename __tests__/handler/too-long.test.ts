import { entryOf } from '../../handler/core/grant/grant';
import { BUCKET, FakeWorld, READER } from './fake-world';

const IDS = ['s1', 's2', 's3', 's4'];
const place = (id: string) => `arn:aws:s3:::acme-raw/runs/${id}/`;

/** Four subscriptions of four days, granted; then S3 takes only so many bytes, whatever we reckon. */
const crowded = async (longest: number): Promise<FakeWorld> => {
  const world = new FakeWorld();
  for (const id of IDS) {
    world.approve(id, { arn: place(id) });
    await world.deliver(world.created(id));
    world.now = new Date(world.now.getTime() + 86_400_000);
  }
  world.interfere = ({ name, args }) =>
    name === 'writePolicy' && Buffer.byteLength(String(args[1])) > longest
      ? { answer: { kind: 'rejected', code: 'policy-full', message: 'S3 found the policy too long' } }
      : undefined;
  return world;
};

const states = (world: FakeWorld) => IDS.map((id) => entryOf(world.grantOf(id), READER));
const readable = (world: FakeWorld) => IDS.filter((id) => JSON.stringify(world.statements()).includes(`"${place(id)}*"`));

describe('a revocation whose policy S3 finds too long, though by our reckoning it fits', () => {
  it('takes the access away all the same: the newest grants give way until S3 takes the policy', async () => {
    const world = await crowded(460);
    world.end('s1');
    expect(await world.deliver(world.ended('s1'))).toEqual([]);
    expect(world.outcomeOf('s1')).toEqual({ kind: 'revoked' });
    expect(readable(world)).toEqual(['s2']);
    expect(states(world).map((entry) => [entry?.state, entry?.reason?.code])).toEqual([
      ['revoked', undefined],
      ['granted', undefined],
      ['waiting', 'suspended-for-room'],
      ['waiting', 'suspended-for-room'],
    ]);
    expect(['s3', 's4'].map((id) => world.records.get(id)?.due?.kind)).toEqual(['grant', 'grant']);
  });

  it('leaves none of ours, if S3 takes no less', async () => {
    const world = await crowded(0);
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect([world.outcomeOf('s1'), world.policies.has(BUCKET.name)]).toEqual([{ kind: 'revoked' }, false]);
  });
});

describe('a policy that S3 finds too long', () => {
  it('costs nobody access where nothing is to be taken away', async () => {
    const world = await crowded(460);
    world.policies.delete(BUCKET.name);
    await world.deliver(world.created('s1'));
    expect(states(world).map((entry) => entry?.state)).toEqual(['granted', 'granted', 'granted', 'granted']);
    expect(world.failures).toHaveLength(1);
  });
});
