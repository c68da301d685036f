import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Assumption } from '../assumptions/assumption';
import { assumptions } from '../assumptions/assumptions';

export const UNVERIFIED_FILE = resolve(__dirname, '../../docs/unverified.md');

const INTRODUCTION = `# What only live AWS can prove

AWS's documentation does not say these, or only implies them. Each was taken one way, is tolerated the other way as far as it says
here, and is worth one look in a real account. The double of AWS that the tests run on takes them as assumed, and, where a setting is
named, the other way too. Made of \`src/assumptions/assumptions.ts\` by \`npm run unverified\`.
`;

const sectionOf = ({ id, assumed, matters, observe, setting }: Assumption): string =>
  [
    `## ${id}`,
    assumed,
    `- **Where it matters:** ${matters}`,
    `- **How to see:** ${observe}`,
    setting === undefined
      ? '- **The double:** as assumed.'
      : `- **The double:** \`${setting.name}: ${setting.assumed}\`, or \`${setting.otherwise}\`.`,
  ]
    .join('\n\n')
    .replaceAll('\n\n- **How', '\n- **How')
    .replaceAll('\n\n- **The', '\n- **The');

/** The page about everything that is assumed of live AWS. */
export const unverifiedPage = (): string => `${[INTRODUCTION.trimEnd(), ...assumptions.map(sectionOf)].join('\n\n')}\n`;

/** Whether a file is not that page. */
export const isPageStale = (file = UNVERIFIED_FILE): boolean => !existsSync(file) || readFileSync(file, 'utf8') !== unverifiedPage();

if (require.main === module) writeFileSync(UNVERIFIED_FILE, unverifiedPage());
