import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ADAPTERS = resolve(__dirname, '../../handler/adapters');

/** Clients of the SDK and the prefix of their actions in IAM. */
const SERVICES: Readonly<Record<string, string>> = {
  'client-datazone': 'datazone',
  'client-dynamodb': 'dynamodb',
  'client-s3': 's3',
  'client-sqs': 'sqs',
  'client-sts': 'sts',
};

const IMPORTS = /import\s+\{([^}]*)\}\s+from\s+'@aws-sdk\/([\w-]+)'/g;

/**
 * The IAM actions that the handler's adapters need, derived from the commands and paginators that they import: each is called like
 * its action. A client that is not known here is an error, so that none goes unnoticed.
 */
export const handlerActions = (): readonly string[] => {
  const files = readdirSync(ADAPTERS, { recursive: true, encoding: 'utf8' }).filter(
    // The reader serves the command line: the function does not import it.
    (file) => file.endsWith('.ts') && !file.endsWith('ledger/reader.ts'),
  );
  const sources = files.map((file) => readFileSync(join(ADAPTERS, file), 'utf8'));
  const actions = sources.flatMap((source) =>
    [...source.matchAll(IMPORTS)].flatMap(([, names = '', client = '']) => {
      const commands = [...names.matchAll(/\b(\w+)Command\b|\bpaginate(\w+)/g)].map(([, command, paginated]) => command ?? paginated);
      if (commands.length > 0 && !(client in SERVICES))
        throw new Error(`the actions of ${client} are not known to this test; add its prefix`);
      return commands.map((command) => `${SERVICES[client]}:${command}`);
    }),
  );
  return [...new Set(actions)].sort();
};
