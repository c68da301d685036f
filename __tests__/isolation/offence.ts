import type { Crowd, Verdict } from './crowd';
import { exchange, gather, judge, judgeMessages, SERVED } from './crowd';
import { IsolationWorld } from './world';

/** How the others' changes reach the function: by their events, or, if all events are lost, by reconcile. */
export const ROUTES = ['events', 'reconcile'] as const;
export type Route = (typeof ROUTES)[number];

/** The trouble of one subscription, bucket or stored item. */
export type Offence = {
  /** Completes "with …". */
  readonly name: string;
  /** Sets up what the trouble needs while all is well. Returns what brings the trouble in; its events come before those of the others. */
  readonly prepare: (world: IsolationWorld) => Promise<() => void | Promise<void>>;
};

/** Sweeps in which everything must be done once the events came. */
const SWEEPS = 3;
/** Sweeps in which a reconcile must come to its end. */
const RECONCILE_SWEEPS = 8;
/** Five receives with six minutes between them set a message aside. */
const RECEIVES = 6;
const VISIBILITY_MINUTES = 6;

export type Outcome = { readonly world: IsolationWorld; readonly crowd: Crowd; readonly verdict: Verdict };

type Options = { readonly route: Route; readonly start?: number; readonly size?: number };

/** Brings an offence in and the changes of the others, and judges how these were served. The caller closes the world. */
export const commit = async (offence: Offence, { route, start, size }: Options): Promise<Outcome> => {
  const world = await IsolationWorld.open(start === undefined ? {} : { start });
  try {
    return await commitIn(world, offence, { route, ...(size === undefined ? {} : { size }) });
  } catch (error) {
    await world.close();
    throw error;
  }
};

const commitIn = async (world: IsolationWorld, { prepare }: Offence, { route, size }: Omit<Options, 'start'>): Promise<Outcome> => {
  const crowd = await gather(world, size === undefined ? {} : { size });
  const offend = await prepare(world);
  await world.sweep(1);
  world.forgetDeliveries();
  if (route === 'events') await byEvents(world, { crowd, offend });
  else await byReconcile(world, { crowd, offend });
  const soon = await judge(world, crowd);
  // Access is judged here, messages half an hour later: only then are they dead.
  for (let receive = 0; receive < RECEIVES; receive++) await world.sweep(VISIBILITY_MINUTES);
  return { world, crowd, verdict: { ...soon, ...judgeMessages(world, crowd) } };
};

type Changes = { readonly crowd: Crowd; readonly offend: () => void | Promise<void> };

const byEvents = async (world: IsolationWorld, { crowd, offend }: Changes): Promise<void> => {
  await offend();
  exchange(world, crowd);
  await world.work();
  for (let sweep = 0; sweep < SWEEPS; sweep++) await world.sweep();
};

const byReconcile = async (world: IsolationWorld, { crowd, offend }: Changes): Promise<void> => {
  await world.loseEvents(async () => {
    await offend();
    exchange(world, crowd);
  });
  await world.reconcile();
  for (let sweep = 0; sweep < RECONCILE_SWEEPS; sweep++) await world.sweep();
};

/** Ends a test that hangs. No test takes that long, however slow the machine. Milliseconds. */
export const HANGS = 600_000;

/** Declares, for each route, the test that the others are served whatever the offence. */
export const isolates = (
  offence: Offence,
  { routes = ROUTES, size }: { readonly routes?: readonly Route[]; readonly size?: number } = {},
): void => {
  describe(`with ${offence.name}`, () => {
    test.each(routes)(
      'the other consumers are served by %s',
      async (route) => {
        const { world, verdict } = await commit(offence, { route, ...(size === undefined ? {} : { size }) });
        await world.close();
        expect(verdict).toEqual(SERVED);
      },
      HANGS,
    );
  });
};
