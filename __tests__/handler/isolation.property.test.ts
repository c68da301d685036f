import fc from 'fast-check';
import { asyncLaw } from './core/property';
import { Crowd, defect, type Event, ODD, ODD_BUCKET } from './crowd';
import { BUCKET } from './fake-world';

/** A world in memory is slow beside a pure function. `FC_RUNS` sets another number. */
process.env['FC_RUNS'] ??= '25';

const batch = fc.record({
  odd: fc.constantFrom<Event>('approved', 'ended'),
  bucket: fc.constantFrom(BUCKET.name, ODD_BUCKET.name),
  /** Which of the calls of the batch fails, as a share of all. */
  share: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** Number of port calls that an undisturbed batch makes. */
const callsOf = async (given: { readonly odd: Event; readonly bucket: string }): Promise<number> => {
  const { world, messages } = await Crowd.gather(given);
  await world.deliver(...messages);
  return world.calls.length;
};

asyncLaw('any one call of a batch that fails unexpectedly leaves everyone served after two sweeps', batch, async ({ share, ...given }) => {
  const failing = Math.floor(share * (await callsOf(given)));
  const crowd = await Crowd.gather(given);
  const { world, messages } = crowd;
  let made = 0;
  world.interfere = () => (made++ === failing ? defect() : undefined);
  expect(await world.deliver(...messages)).toEqual([]);
  expect(made).toBeGreaterThan(failing);
  for (let sweeps = 0; sweeps < 2; sweeps++) expect(await crowd.sweep(2)).toEqual([]);
  expect(crowd.unserved).toEqual([]);
  expect(crowd.failures).toEqual([]);
});

asyncLaw('any call about one subscription that keeps failing leaves the others served', batch, async ({ share, ...given }) => {
  const clean = await Crowd.gather(given);
  await clean.world.deliver(...clean.messages);
  const isOwn = (args: readonly unknown[]) => {
    const text = JSON.stringify(args);
    return text.includes(`${ODD}"`) && !/"s\d"/.test(text);
  };
  const own = [...new Set(clean.world.calls.filter(({ args }) => isOwn(args)).map(({ name }) => name))];
  const failing = own[Math.floor(share * own.length)];
  const crowd = await Crowd.gather(given);
  const { world, messages } = crowd;
  world.interfere = ({ name, args }) => (name === failing && isOwn(args) ? defect() : undefined);
  expect(await world.deliver(...messages)).toEqual([]);
  for (let sweeps = 0; sweeps < 2; sweeps++) expect(await crowd.sweep(2)).toEqual([]);
  expect(crowd.unserved.filter((id) => id !== ODD)).toEqual([]);
});
