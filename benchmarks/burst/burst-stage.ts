import type { BusEvent } from '../../local-aws/eventing/event';
import { Stage } from '../stage';
import type { Expected } from './granted';

export type BurstSize = {
  readonly grants: number;
  readonly buckets: number;
  readonly eventsPerGrant: number;
  readonly environments: number;
};

/** A burst: subscriptions approved at once, and DataZone's events of them. */
export type Burst = { readonly stage: Stage; readonly expected: readonly Expected[]; readonly events: readonly BusEvent[] };

/** Folders in each bucket; a bucket's grants are these by so many projects. */
const FOLDERS = { one: 10, many: 1 };

/** Sets up a burst. Every subscription's event comes several times, as DataZone sends several of each; in waves, not one by one. */
export const openBurst = async ({ grants, buckets, eventsPerGrant, environments }: BurstSize, bundle: string): Promise<Burst> => {
  const names = Array.from({ length: buckets }, (_, index) => `acme-raw-${index}`);
  const stage = await Stage.open({ buckets: names, bundle });
  const folders = buckets === 1 ? FOLDERS.one : FOLDERS.many;
  const published = names.flatMap((bucket, number) =>
    Array.from({ length: folders }, (_, index) => stage.publish({ id: `listing${number}x${index}`, bucket, folder: `run-${index}` })),
  );
  const consumers = Array.from({ length: grants / published.length }, (_, index) =>
    stage.consumer({ id: `consumer${index}`, environments }),
  );
  const subscribed = consumers.flatMap((consumer) =>
    published.map((place) => ({
      id: stage.subscribe(consumer, place),
      expected: { role: consumer.roles[0] ?? '', bucket: place.bucket, prefix: place.prefix },
    })),
  );
  const waves = Array.from({ length: eventsPerGrant }, (_, wave) => subscribed.map(({ id }) => stage.created(id, wave)));
  return { stage, expected: subscribed.map(({ expected }) => expected), events: waves.flat() };
};
