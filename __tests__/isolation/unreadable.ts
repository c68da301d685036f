import { SERVED, type Verdict } from './crowd';
import { contentOf, itemAt, keyOf, type LedgerItem } from './ledger-items';
import { commit, HANGS, type Outcome, type Route } from './offence';
import { AUDE, type IsolationWorld } from './world';

/** Ledger items that are made unreadable. `prepare` sets up what they need; what it returns corrupts them, and returns them as stored. */
export type Unreadable = {
  /** Completes "with …". */
  readonly name: string;
  readonly prepare: (world: IsolationWorld) => Promise<() => Promise<readonly LedgerItem[]>>;
  readonly routes: readonly Route[];
  /** What is promised of the others. @default everything */
  readonly promised?: Partial<Verdict>;
};

/** Others than the offender, for each way. The number decides nothing here. */
const FEW = 10;

/** Declares that unreadable items cost only their own subscription or bucket, are left as they are, and are listed by `doctor`. */
export const survives = ({ name, prepare, routes, promised = SERVED }: Unreadable): void => {
  describe.each(routes)(`with ${name}, and changes by %s`, (route) => {
    let outcome: Outcome | undefined;
    let corrupted: readonly LedgerItem[] = [];
    const committed = (): Outcome => {
      if (outcome === undefined) throw new Error('the world could not be prepared; see the failure of beforeAll');
      return outcome;
    };

    beforeAll(async () => {
      const offence = {
        name,
        prepare: async (world: IsolationWorld) => {
          const corrupt = await prepare(world);
          return async () => {
            corrupted = await corrupt();
            if (corrupted.length === 0) throw new Error(`no item was corrupted: ${name}`);
          };
        },
      };
      // The command line compares expiry times with the machine's clock.
      outcome = await commit(offence, { route, size: FEW, start: Date.now() });
    }, HANGS);
    afterAll(() => outcome?.world.close());

    test('the other consumers are served', () => {
      expect(committed().verdict).toMatchObject(promised);
    });

    test('the unreadable items are left as they were', async () => {
      const found = await Promise.all(corrupted.map((item) => itemAt(committed().world, keyOf(item))));
      expect(found.map(contentOf)).toEqual(corrupted.map(contentOf));
    });

    test('doctor lists each unreadable item by its keys', async () => {
      const { stdout, stderr } = await committed().world.cli(AUDE, 'doctor', '--json');
      const missing = corrupted.map(keyOf).filter(({ pk, sk }) => !stdout.includes(pk) || !stdout.includes(sk));
      expect({ missing, stderr }).toEqual({ missing: [], stderr: '' });
    });
  });
};
