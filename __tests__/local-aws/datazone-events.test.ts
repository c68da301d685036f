import { CancelSubscriptionCommand, RevokeSubscriptionCommand } from '@aws-sdk/client-datazone';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import cancelled from '../fixtures/events/subscription-cancelled.json';
import created from '../fixtures/events/subscription-created.json';
import grantRequested from '../fixtures/events/subscription-grant-requested.json';
import grantRevokeRequested from '../fixtures/events/subscription-grant-revoke-requested.json';
import requestCreated from '../fixtures/events/subscription-request-created.json';
import revoked from '../fixtures/events/subscription-revoked.json';
import { createTarget, publish, seedDomain, subscribe } from './datazone-story';
import { DOMAIN } from './world';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

/** The names and kinds of an event's members, at every depth. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
};

test('DataZone emits events of the shape of the fixtures, and as often', async () => {
  const client = seedDomain(aws);
  await createTarget(client);
  const { listingId } = await publish(client);
  const inDomain = { domainIdentifier: DOMAIN };
  const first = await subscribe(client, listingId);
  await client.send(new RevokeSubscriptionCommand({ ...inDomain, identifier: first.subscriptionId }));
  const second = await subscribe(client, listingId);
  await client.send(new CancelSubscriptionCommand({ ...inDomain, identifier: second.subscriptionId }));
  const emitted = aws.bus.published.map(({ event }) => event);
  const fixtures = [
    requestCreated,
    created,
    grantRequested,
    revoked,
    grantRevokeRequested,
    requestCreated,
    created,
    grantRequested,
    cancelled,
  ];
  expect(emitted.slice(0, 9).map((event) => event['detail-type'])).toEqual(fixtures.map((event) => event['detail-type']));
  for (const [index, fixture] of fixtures.entries()) expect(shapeOf(emitted[index])).toEqual(shapeOf(fixture));
  expect(new Set(emitted.map(({ id }) => id)).size).toBe(emitted.length);
  expect(emitted[1]?.detail).toMatchObject({
    metadata: { id: first.subscriptionId, domain: DOMAIN },
    data: { subscriptionRequestId: first.requestId },
  });
});

test('the route of the bus may lose, repeat and reorder them', async () => {
  const client = seedDomain(aws);
  aws.bus.route = (event) => (event['detail-type'] === 'Subscription Created' ? [event, event] : []);
  await subscribe(client, (await publish(client)).listingId);
  expect(aws.bus.published.map(({ event }) => event['detail-type'])).toEqual(['Subscription Created', 'Subscription Created']);
});
