import type { BusEvent } from '../../local-aws/eventing/event';
import { DomainFixture } from '../domain-fixture';
import type { ExpectedGrant } from './missing-grants';

export type BurstSize = {
  readonly grants: number;
  readonly buckets: number;
  readonly eventsPerGrant: number;
  readonly environments: number;
};

/** Subscriptions approved at the same time, DataZone's events for them, and the grants that must result. */
export type Burst = { readonly domain: DomainFixture; readonly expected: readonly ExpectedGrant[]; readonly events: readonly BusEvent[] };

/** Published folders per bucket, for a burst on one bucket and on several. Every consumer subscribes to all of them. */
const FOLDERS = { one: 10, several: 1 };

/** Creates a burst. DataZone sends several events per subscription; here each subscription's first event precedes every second event. */
export const openBurst = async ({ grants, buckets, eventsPerGrant, environments }: BurstSize, bundle: string): Promise<Burst> => {
  const names = Array.from({ length: buckets }, (_, index) => `acme-raw-${index}`);
  const domain = await DomainFixture.open({ buckets: names, bundle });
  const folders = buckets === 1 ? FOLDERS.one : FOLDERS.several;
  const assets = names.flatMap((bucket, number) =>
    Array.from({ length: folders }, (_, index) => domain.publish({ id: `listing${number}x${index}`, bucket, folder: `run-${index}` })),
  );
  const consumers = Array.from({ length: grants / assets.length }, (_, index) =>
    domain.addConsumer({ id: `consumer${index}`, environments }),
  );
  const subscriptions = consumers.flatMap((consumer) =>
    assets.map((asset) => ({
      id: domain.subscribe(consumer, asset),
      expected: { role: consumer.roles[0] ?? '', bucket: asset.bucket, prefix: asset.prefix },
    })),
  );
  const waves = Array.from({ length: eventsPerGrant }, (_, wave) => subscriptions.map(({ id }) => domain.createdEvent(id, wave)));
  return { domain, expected: subscriptions.map(({ expected }) => expected), events: waves.flat() };
};
