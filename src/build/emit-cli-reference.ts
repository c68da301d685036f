import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { COMMANDS } from '../cli/commands';
import { referenceOf } from '../cli/framework/reference';

/** The reference of the command line, as it is kept in the repository. */
export const CLI_REFERENCE = resolve(__dirname, '../../docs/cli.md');

/** What is to stand there. */
export const cliReference = (): string => referenceOf(COMMANDS);

if (require.main === module) {
  writeFileSync(CLI_REFERENCE, cliReference());
  console.log(CLI_REFERENCE);
}
