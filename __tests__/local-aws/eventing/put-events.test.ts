import { type LocalAws, startLocalAws } from '../../../local-aws/local-aws';
import { jsonCall } from '../json-call';
import { allowing, DOMAIN_ACCOUNT, handClock, REGION } from '../world';

let aws: LocalAws;
const clock = handClock();
beforeEach(async () => {
  aws = await startLocalAws({ clock: clock.now });
});
afterEach(() => aws.close());

const entry = (changes: object = {}) => ({
  Source: 'datazone-s3-fulfillment',
  DetailType: 'Delivery Test',
  Detail: '{"id":"t1"}',
  ...changes,
});
const putEvents = (as: string, ...Entries: readonly object[]) =>
  jsonCall(aws, as, { service: 'events', target: 'AWSEvents.PutEvents', body: { Entries } });
const bus = `arn:aws:events:${REGION}:${DOMAIN_ACCOUNT}:event-bus/default`;
const sender = (...policies: Parameters<typeof allowing>) =>
  aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'sender', policies: [allowing(...policies)] }).arn;

describe('an event that somebody puts', () => {
  test("is published on the bus of the caller's account, in its name", async () => {
    const { status, body } = await putEvents(sender('events:PutEvents', bus), entry());
    expect([status, body]).toEqual([200, { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] }]);
    expect(aws.bus.published.map(({ event }) => event)).toEqual([
      expect.objectContaining({
        source: 'datazone-s3-fulfillment',
        'detail-type': 'Delivery Test',
        account: DOMAIN_ACCOUNT,
        time: '2026-11-23T12:00:00Z',
        detail: { id: 't1' },
      }),
    ]);
  });

  test("cannot pass for one of AWS's services, nor be anything but an object", async () => {
    const { body } = await putEvents(sender('events:PutEvents'), entry({ Source: 'aws.datazone' }), entry({ Detail: '[]' }), entry());
    expect(body).toEqual({
      FailedEntryCount: 2,
      Entries: [
        expect.objectContaining({ ErrorCode: 'NotAuthorizedForSourceException' }),
        expect.objectContaining({ ErrorCode: 'MalformedDetail' }),
        { EventId: expect.any(String) },
      ],
    });
    expect(aws.bus.published).toHaveLength(1);
  });

  test('wants the right to, for its source and detail type', async () => {
    const narrow = {
      name: 'narrow',
      document: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Resource: bus,
          Condition: { StringEquals: { 'events:source': 'datazone-s3-fulfillment', 'events:detail-type': 'Delivery Test' } },
        },
      },
    };
    const { arn } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'narrow', policies: [narrow] });
    expect((await putEvents(arn, entry())).status).toBe(200);
    expect(await putEvents(arn, entry({ Source: 'other' }))).toMatchObject({ status: 400, body: { __type: 'AccessDeniedException' } });
    expect(aws.bus.published).toHaveLength(1);
  });

  test('is built for the default bus, and nothing else is', async () => {
    const arn = sender('events:*');
    expect((await putEvents(arn, entry({ EventBusName: 'other' }))).status).toBe(501);
    expect((await jsonCall(aws, arn, { service: 'events', target: 'AWSEvents.ListRules', body: {} })).body['message']).toContain(
      'ListRules',
    );
  });
});
