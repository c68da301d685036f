import { BUCKET, DomainStory, fixture, READER } from './domain-story';

let story: DomainStory;

beforeEach(async () => {
  story = await DomainStory.start();
});

afterEach(() => story.deployment.close());

const writes = () =>
  story.aws.recorder.calls.filter(({ operation }) => operation === 'PutBucketPolicy' || operation === 'DeleteBucketPolicy');

/** The first message of all takes down since when the deployment is there. */
const takeDownSince = async (told: DomainStory) => {
  await told.send('subscription-created-glue-table');
  told.aws.recorder.clear();
};

describe('the shipped events, through rule, queue and bundled function', () => {
  it.each(['subscription-created', 'subscription-created-without-request-id'])('%s grants', async (name) => {
    await story.send(name);
    expect(story.policy()?.Statement).toHaveLength(2);
    expect(writes()).toEqual([expect.objectContaining({ operation: 'PutBucketPolicy', status: 204, account: '222222222222' })]);
  });

  it.each([
    ['subscription-cancelled', 'CANCELLED'],
    ['subscription-revoked', 'REVOKED'],
  ] as const)('%s revokes, and deletes the policy left empty', async (name, status) => {
    await story.send('subscription-created');
    story.setStatus(status);
    await story.send(name);
    expect(story.policy()).toBeUndefined();
    expect(writes().map(({ operation }) => operation)).toEqual(['PutBucketPolicy', 'DeleteBucketPolicy']);
  });

  it('subscription-created-glue-table touches no policy and leaves no row', async () => {
    await takeDownSince(story);
    await story.send('subscription-created-glue-table');
    const operations = new Set(story.aws.recorder.calls.map(({ operation }) => operation));
    expect(operations).not.toContain('GetBucketPolicy');
    expect(operations).not.toContain('PutItem');
  });

  it.each(['subscription-grant-requested', 'subscription-grant-revoke-requested'])('%s leads to the same subscription', async (name) => {
    await story.send(name);
    expect(story.policy()?.Statement).toHaveLength(2);
  });

  it('subscription-request-created does not pass the rule', async () => {
    expect(await story.send('subscription-request-created')).toEqual([]);
  });

  it('twice the same event changes nothing the second time', async () => {
    await story.send('subscription-created');
    const before = story.policy();
    await story.send('subscription-created');
    expect(story.policy()).toEqual(before);
    expect(writes()).toHaveLength(1);
  });

  it('keeps the statements of others, and their order', async () => {
    const theirs = [
      {
        Sid: 'Theirs1',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: `arn:aws:s3:::${BUCKET}/private/*`,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { Sid: 'Theirs2', Effect: 'Allow', Principal: { AWS: READER }, Action: 's3:GetBucketLocation', Resource: `arn:aws:s3:::${BUCKET}` },
    ];
    story.aws.seed.bucket({
      name: BUCKET,
      account: '222222222222',
      region: 'eu-west-1',
      policy: { Version: '2012-10-17', Id: 'theirs', Statement: theirs },
    });
    const before = story.policy();
    await story.send('subscription-created');
    expect(story.policy()?.Statement.slice(0, 2)).toEqual(before?.Statement);
    expect(story.policy()?.Statement).toHaveLength(4);
    story.setStatus('REVOKED');
    await story.send('subscription-revoked');
    expect(story.policy()).toEqual(before);
  });
});

describe('a message that is no event of this domain', () => {
  const deliver = (body: string, eventSourceARN?: string) => {
    const { handler, aws } = story.deployment;
    const arn = eventSourceARN ?? aws.queue('acme-fulfillment.fifo').settings.arn;
    aws.recorder.clear();
    const record = { messageId: 'm1', body, eventSourceARN: arn } as unknown as Parameters<typeof handler>[0]['Records'][number];
    return handler({ Records: [record] }, { awsRequestId: 'r1', functionName: 'f', getRemainingTimeInMillis: () => 60_000 });
  };
  const event = fixture('subscription-created');

  it.each([
    ['text that is no JSON', 'no json'],
    ['an event without detail', JSON.stringify({ ...event, detail: undefined })],
    ['another source', JSON.stringify({ ...event, source: 'aws.glue' })],
    ['another account', JSON.stringify({ ...event, account: '999999999999' })],
    ['another type', JSON.stringify(fixture('subscription-request-created')).replace('us-east-1', 'eu-west-1')],
    ['another domain', JSON.stringify(event).replace('dzd_bc8e1ez8r2a6xz', 'dzd_anotherdomain1')],
  ])('is acknowledged without a call: %s', async (_what, body) => {
    expect(await deliver(body)).toEqual({ batchItemFailures: [] });
    expect(story.aws.recorder.calls).toEqual([]);
  });

  it('is acknowledged without a call: a record of another queue', async () => {
    expect(await deliver(JSON.stringify(event), 'arn:aws:sqs:eu-west-1:111111111111:another.fifo')).toEqual({ batchItemFailures: [] });
    expect(story.aws.recorder.calls).toEqual([]);
  });
});

describe('the schedule of the sweep', () => {
  it('reaches the function, which looks for due work, and for a reconcile that is under way, and writes nothing', async () => {
    await takeDownSince(story);
    expect(story.aws.fireSchedule('sweep')).toBeDefined();
    const [delivery] = await story.aws.drain(story.deployment.handler);
    expect(delivery).toMatchObject({ returned: [] });
    const calls = story.aws.recorder.calls.map(({ operation, status }) => `${operation} ${status}`);
    expect([...new Set(calls)].sort()).toEqual(['GetItem 200', 'Query 200']);
    // A page of each of the six kinds of scheduled work, the longest wait, and the failed units.
    expect(calls.filter((call) => call === 'Query 200')).toHaveLength(8);
  });
});
