import { comeTo, expectHonest, RIGHT, summary } from '../handler/failures/story-flow';
import { TroubledStory } from '../handler/failures/troubled-story';

let story: TroubledStory;

beforeAll(async () => {
  story = await TroubledStory.start();
});
afterAll(() => story.close());

/** Has every read of the policy show what it was at some earlier time, however often it is written. @returns how to end that. */
const showing = (policy: ReturnType<TroubledStory['story']['policy']>) =>
  story.aws.faults.add(({ operation, params }) => {
    const bucket = story.aws.state.buckets.get(String(params['Bucket']));
    if (operation !== 'GetBucketPolicy' || bucket === undefined) return undefined;
    bucket.previousPolicy = policy;
    return 'stale read';
  });

/** Has the next PUT reach S3 only when it is let, long after the function gave up on it. @returns how to let it land. */
const holdUpNextPut = () => {
  let release: () => void = () => undefined;
  const delay = new Promise<void>((resolve) => {
    release = resolve;
  });
  const puts = () => story.calls('PutBucketPolicy').length;
  const before = puts();
  let held = 0;
  const remove = story.aws.faults.add(({ operation }) => {
    if (operation !== 'PutBucketPolicy' || held > 0) return undefined;
    held += 1;
    return { delay };
  });
  return {
    gaveUp: () => story.aws.limits.elapse(() => held),
    land: async () => {
      remove();
      const known = puts();
      release();
      while (puts() === known) await new Promise((resolve) => setImmediate(resolve));
      expect(known).toBeGreaterThanOrEqual(before);
    },
  };
};

describe('a revocation whose reads all show the policy from before the grant', () => {
  it('writes all the same, and says REVOKED of a policy that is without the access', async () => {
    await comeTo('grant', { story, journey: 'subscription' });
    const beforeGrant = story.story.policy();
    await comeTo('revocation', { story, journey: 'subscription' });
    const end = showing(beforeGrant);
    expect(await story.invoke('subscription-revoked')).toEqual([]);
    expect(await summary(story)).toEqual(RIGHT.revocation);
    expect(story.othersPolicy).toEqual(beforeGrant);
    end();
  });

  it('says nothing while its write did not get through, and writes again', async () => {
    await comeTo('grant', { story, journey: 'subscription' });
    const beforeGrant = story.story.policy();
    await comeTo('revocation', { story, journey: 'subscription' });
    const end = showing(beforeGrant);
    story.aws.faults.next('PutBucketPolicy', 'drop before');
    await story.invoke('subscription-revoked');
    expect(await summary(story)).toMatchObject({ access: true, shown: 'REVOKE_PENDING', states: ['revoking'], due: ['revoke'] });
    await story.invoke('subscription-revoked');
    expect(await summary(story)).toEqual(RIGHT.revocation);
    end();
  });
});

describe('a change whose reads all show the policy from before it', () => {
  it.each([
    ['grant', 'subscription-created', { access: true, states: ['waiting'], due: ['grant'], announced: true, changes: 0 }],
    ['revocation', 'subscription-revoked', { access: false, states: ['revoking'], due: ['revoke'], announced: true, changes: 1 }],
  ] as const)('is not reported until they agree: a %s', async (flow, event, unproven) => {
    await comeTo(flow, { story, journey: 'subscription' });
    const end = showing(story.story.policy());
    const shown = story.shownStatus;
    expect(await story.invoke(event)).toEqual([]);
    expect(await summary(story)).toEqual({ ...unproven, shown });
    end();
    expect(await story.invoke(event)).toEqual([]);
    expect(await summary(story)).toEqual(RIGHT[flow]);
  });
});

describe('a PUT that lands after the function gave up on it', () => {
  it('does no harm when the event came again before', async () => {
    await comeTo('grant', { story, journey: 'subscription' });
    const put = holdUpNextPut();
    await Promise.all([story.invoke('subscription-created'), put.gaveUp()]);
    expect(await summary(story)).toMatchObject({ access: false, shown: 'GRANT_PENDING', states: ['waiting'], due: ['grant'] });
    await story.invoke('subscription-created');
    await put.land();
    expect(await summary(story)).toEqual(RIGHT.grant);
    await story.invoke('subscription-created');
    expect(await summary(story)).toEqual(RIGHT.grant);
  });

  it('gives back access that was revoked since, and the next look takes it away again', async () => {
    await comeTo('grant', { story, journey: 'subscription' });
    const put = holdUpNextPut();
    await Promise.all([story.invoke('subscription-created'), put.gaveUp()]);
    story.end();
    await story.invoke('subscription-revoked');
    expectHonest(story, await story.ledger());
    await put.land();
    expect(story.hasAccess).toBe(true);
    await story.invoke('subscription-revoked');
    expect(await summary(story)).toMatchObject({ access: false, shown: 'REVOKED', states: ['revoked'], due: [], announced: false });
  });
});

describe('a change that S3 aborts because of another', () => {
  it.each([
    ['grant', 'subscription-created'],
    ['revocation', 'subscription-revoked'],
  ] as const)('is read again and made again at once: a %s', async (flow, event) => {
    await comeTo(flow, { story, journey: 'subscription' });
    story.aws.recorder.clear();
    story.aws.faults.next('PutBucketPolicy', { status: 409, code: 'OperationAborted', message: 'A conflicting operation is in progress' });
    expect(await story.invoke(event)).toEqual([]);
    expect(await summary(story)).toEqual(RIGHT[flow]);
    const order = story.calls().flatMap(({ operation }) => (operation.endsWith('BucketPolicy') ? [operation] : []));
    expect(order.slice(0, 4)).toEqual(['GetBucketPolicy', 'PutBucketPolicy', 'GetBucketPolicy', 'PutBucketPolicy']);
  });
});
