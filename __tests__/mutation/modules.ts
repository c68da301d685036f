import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Tests by which a module of the core is held, where these are not those of its own name: the beginnings of their names, as a glob. */
const HELD_BY: Readonly<Record<string, string>> = {
  backoff: 'record-plan',
  'block-size': 'policy-@(size|room)',
  capacity: 'policy-room',
  grant: 'grant-',
  head: 'drift',
  outcome: 'subscription-outcome',
  'policy-compiler': 'policy-@(compiler|size)',
  'policy-cover': 'policy-@(compiler|size)',
  'policy-document': 'policy-@(document|equality)',
  'policy-equality': 'policy-@(equality|meaning)',
  'policy-plan': 'policy-@(plan|room)',
  'policy-size': 'policy-@(size|room)',
  'sid-namespace': '@(sid-namespace|policy-equality)',
  'subscription-record': 'record-plan',
  subscription: 'decision',
  'suspect-principals': 'drift',
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
