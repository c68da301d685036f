import type { BusEvent } from '../../../local-aws/eventing/event';
import { type Drill, expectNoLeak, expectRight } from '../drill';
import { DAY, MINUTE } from '../world';

const COUNT = 6;

/** What goes wrong between DataZone and the function: with events, and with who works on them. */
export const EVENTS: readonly Drill[] = [
  {
    name: '100 approvals and revocations of one bucket at once',
    seeds: 2,
    act: async (world, draw) => {
      const { domain } = world;
      const consumers = Array.from({ length: 10 }, () => domain.consumer());
      const places = Array.from({ length: 15 }, () => domain.publish());
      const pairs = draw.shuffled(consumers.flatMap((consumer) => places.map((place) => ({ consumer, place }))));
      const granted = pairs.slice(0, 50).map(({ consumer, place }) => domain.approve(consumer, place));
      await world.work();
      const approvals = pairs.slice(50, 100).map(
        ({ consumer, place }) =>
          () =>
            void domain.approve(consumer, place),
      );
      const revocations = granted.map((one) => () => domain.end(one));
      for (const change of draw.shuffled([...approvals, ...revocations])) change();
      await world.work();
      expectRight(world, 'when all events were worked off');
      return 100;
    },
  },
  {
    name: 'one event in two functions that run at once, past the queue',
    seeds: 4,
    act: async (world, draw) => {
      const { domain } = world;
      await world.restart(2);
      const old = Array.from({ length: 4 }, () => domain.subscribe());
      await world.work();
      const events = domain.eventsOf(() => {
        for (let count = 0; count < COUNT; count++) domain.subscribe();
        for (const one of old.slice(0, 2)) domain.end(one);
      });
      world.faults += events.length;
      await world.invokeAtOnce([draw.shuffled(events), draw.shuffled(events)]);
      expectNoLeak(world, 'when both functions have ended');
    },
  },
  {
    name: 'a lost revoke event',
    act: async (world) => {
      const made = world.domain.subscribe();
      await world.work();
      world.faults += world.domain.eventsOf(() => world.domain.end(made)).length;
    },
  },
  {
    name: 'events lost, doubled, late and shuffled',
    seeds: 12,
    act: async (world, draw) => {
      const { aws, domain } = world;
      const held: BusEvent[] = [];
      aws.bus.route = (event) => {
        const fate = draw.whole(4);
        if (fate > 0) world.faults += 1;
        if (fate === 2) return [event, { ...event, id: `${event.id}-again` }];
        if (fate === 3) held.push(event);
        return fate === 0 ? [event] : [];
      };
      const made = Array.from({ length: COUNT }, () => domain.subscribe());
      await world.work();
      for (const one of made.slice(0, 4)) domain.end(one, draw.whole(2) === 0 ? 'REVOKED' : 'CANCELLED');
      await world.work();
      aws.bus.route = (event) => [event];
      for (const event of draw.shuffled(held)) {
        world.skip(draw.whole(10) * MINUTE);
        aws.bus.publish(event);
        if (draw.whole(2) === 0) await world.work();
      }
    },
  },
  {
    name: 'all events again a year later, in another order',
    seeds: 2,
    act: async (world, draw) => {
      const { aws, domain } = world;
      const made = Array.from({ length: COUNT }, () => domain.subscribe());
      await world.work();
      for (const one of made.slice(0, 4)) domain.end(one);
      await world.settle();
      world.skip(365 * DAY);
      for (const { event } of draw.shuffled(aws.bus.published)) {
        aws.bus.publish({ ...event, id: `${event.id}-replayed` });
        world.faults += 1;
        await world.work();
        expectNoLeak(world, 'while old events come again');
      }
    },
  },
];
