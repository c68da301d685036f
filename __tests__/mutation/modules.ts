import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The schemas of what the ledger stores. */
const STORED = 'stored-schemas';

/** Tests by which a module of the core is held, where these are not those of its own name: the beginnings of their names, as a glob. */
const HELD_BY: Readonly<Record<string, string>> = {
  backoff: 'record-plan',
  'bucket-state': STORED,
  capacity: '@(capacity|policy-space)',
  'deployment-state': STORED,
  grant: 'grant-',
  'grant-plan': 'grant-@(plan|limits)',
  'history-record': STORED,
  limits: 'grant-limits',
  outcome: 'subscription-outcome',
  'layout-size': '@(layout-size|capacity|policy-space)',
  'policy-cover': 'policy-compiler',
  'policy-document': 'policy-@(document|equality)',
  'policy-equality': 'policy-@(equality|meaning)',
  'policy-plan': 'policy-@(plan|space|unreadable)',
  'reconcile-state': STORED,
  'request-record': STORED,
  'sid-namespace': '@(sid-namespace|policy-equality)',
  stored: STORED,
  'stored-grant': STORED,
  'subscription-record': STORED,
  subscription: 'decision',
  'suspect-principals': 'drift',
  'unit-failure': STORED,
};

/** Examples of what several modules do together over time: they hold all of them. */
const OF_MANY = 'over-time';

/** A module of the core and the tests that must notice every change of it. */
export type Mutated = { readonly module: string; readonly tests: string };

/** The modules of the core, by name, with the file of each. */
export const coreModules = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [basename(file, '.ts'), join(folder, file)]),
  );

export const mutatedModules = (folder: string): readonly Mutated[] =>
  [...coreModules(folder).keys()].map((module) => ({ module, tests: `@(${HELD_BY[module] ?? module}|${OF_MANY})` }));
