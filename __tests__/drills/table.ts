import type { Row } from './drill';

export const DEFINITIONS = `What is counted, once the trouble is over and the scheduler's sweeps and reconciles of some hours have come (time is the double's clock):
  lost    a role that an approved subscription entitles in DataZone (its target names it, it exists, the place is registered for its
          publisher) and that cannot get or list the place, as IAM's rules decide on the bucket policy that is stored
  leaked  a role that can get or list a place to which nothing entitles it any more, or ever did: neighbours' and parents' places too
  false   a status told to DataZone that was not so when it was told, by the stored policy: GRANTED to somebody who cannot read, REVOKED
          of somebody who still can; or that is not so in the end; GRANT_PENDING for ever too, and REVOKE_PENDING of whatever an event
          told the function of (but where half a list hid from the function that DataZone keeps a grant,
          and where no policy can be looked at at all)
The product's own ledger is never asked.`;

const HEAD = ['drill', 'runs', 'faults', 'lost', 'leaked', 'false', 'seconds'] as const;

const cells = ({ name, runs, faults, lost, leaked, untrue, seconds }: Row): readonly string[] => [
  name,
  ...[runs, faults, lost, leaked, untrue].map(String),
  seconds.toFixed(1),
];

/** One line of the table; numbers to the right. */
const lineOf = (width: number, texts: readonly string[]): string =>
  texts.map((text, index) => (index === 0 ? text.padEnd(width) : text.padStart(8))).join('');

/** Writes lines as their drills end. */
export const tableOf = (names: readonly string[]) => {
  const width = Math.max(...names.map((name) => name.length)) + 1;
  return {
    head: lineOf(width, HEAD),
    line: (row: Row) => lineOf(width, cells(row)),
    foot: (rows: readonly Row[]) => {
      const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
      const total = {
        name: `${rows.length} drills`,
        runs: sum(({ runs }) => runs),
        faults: sum(({ faults }) => faults),
        lost: sum(({ lost }) => lost),
        leaked: sum(({ leaked }) => leaked),
        untrue: sum(({ untrue }) => untrue),
        seconds: sum(({ seconds }) => seconds),
        failures: [],
      };
      return lineOf(width, cells(total));
    },
  };
};

/** Whether the promises held. */
export const isClean = ({ lost, leaked, untrue }: Row): boolean => lost + leaked + untrue === 0;
