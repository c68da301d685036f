import { BUCKET, FakeWorld } from './fake-world';

const TWICE =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-raw/x"}]}';

describe('a bucket policy that holds a key twice in one object', () => {
  it('is not edited: the subscription waits, and its reason names the key and the owner', async () => {
    const world = new FakeWorld();
    world.policies.set(BUCKET.name, TWICE);
    world.approve('s1', { arn: 'arn:aws:s3:::acme-raw/runs/' });
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    expect(world.policies.get(BUCKET.name)).toBe(TWICE);
    expect(world.outcomeOf('s1')).toMatchObject({
      kind: 'waiting',
      message: expect.stringMatching(/^the policy of bucket 'acme-raw' holds the key 'Effect' twice in one object.*ask the owner/),
    });
  });

  it('that S3 returns after a write does not count as written', async () => {
    const world = new FakeWorld();
    world.approve('s1', { arn: 'arn:aws:s3:::acme-raw/runs/' });
    world.interfere = ({ name, n }) => (name === 'readPolicy' && n > 1 ? { answer: TWICE } : undefined);
    await world.deliver(world.created('s1'));
    expect(world.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'unavailable' });
    expect(world.history.size).toBe(0);
  });
});
